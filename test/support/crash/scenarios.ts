import { noReads } from '../../../src/policy/cel/costly-reads';
import { readExpected } from '../../../src/policy/expected/read-expected';
import { addSeconds } from '../../../src/base/clock';
import { operationEvent, storageAccount } from '../samples/event-samples';
import { consoleScenarios } from './console/scenarios';
import type { CrashWorld } from './crash-world';
import type { Scenario } from './host';
import {
  announced,
  announcementOf,
  api,
  asks,
  disk,
  endpointAnnounced,
  endpointIdOf,
  journalOf,
  newPolicy,
  queued,
  single,
  touched,
  vault,
} from './scenario-parts';

const usual: readonly Scenario[] = [
  single('a vault’s connection is approved, which ends at once', vault, 'approve'),
  single('a disk access’s connection is approved, and a poll has to wait', disk, 'approve', ({ arm }) => {
    arm.workSeconds = 35;
  }),
  {
    name: 'two connections of an API Management service are approved, which locks it in between',
    arrange: (world) => {
      asks(world, api, 'one', 'approve');
      asks(world, api, 'two', 'approve');
      world.arm.workSeconds = 70;
      return [announced(api)];
    },
  },
  single('a vault’s connection is rejected', vault, 'reject'),
  {
    name: 'a leftover is deleted',
    arrange: (world) => {
      world.arm.seed({ target: disk, name: 'one', status: 'Disconnected' });
      world.policy.effects.set('one', 'delete');
      world.targets.push(disk);
      return [touched(disk)];
    },
    statuses: ['Pending', 'Disconnected'],
  },
  single('a connection is held', vault, 'hold'),
  {
    name: 'an announced connection is approved, and only with its announcement',
    arrange: (world) => {
      asks(world, disk, 'one', 'approve');
      const { policy } = world;
      policy.expected = readExpected([announcementOf(disk, 'one')]);
      policy.reads = { ...noReads, expected: true };
      policy.needsAnnouncement = true;
      return [announced(disk), touched(disk, 100)];
    },
  },
  {
    name: 'an approval and a rejection on one target take turns',
    arrange: (world) => {
      asks(world, disk, 'one', 'reject');
      asks(world, disk, 'two', 'approve');
      return [announced(disk)];
    },
  },
  {
    name: 'an approval and a rejection on one target take turns, reviewed from the queue',
    arrange: (world) => {
      asks(world, disk, 'one', 'reject');
      asks(world, disk, 'two', 'approve');
      queued(world, disk);
      return [];
    },
  },
  {
    name: 'a hint waits for the end of an operation, whose reading finds what it announced',
    arrange: (world) => {
      asks(world, disk, 'one', 'approve');
      world.arm.workSeconds = 35;
      return [
        announced(disk),
        { atSeconds: 15, change: (later) => asks(later, disk, 'two', 'approve') },
        announced(disk, 16),
        announced(disk, 17),
      ];
    },
  },
];

const failing: readonly Scenario[] = [
  single('Azure refuses the write, and accepts the next attempt', vault, 'approve', ({ arm }) => {
    arm.faults.push('forbidden');
  }),
  single('Azure accepts the write and reports failure later', disk, 'approve', ({ arm }) => {
    arm.faults.push('fails later');
  }),
  {
    name: 'the write is throttled',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      world.arm.faults.push('throttled');
      queued(world, vault);
      return [];
    },
  },
  single(
    'the reply to the write gets lost',
    disk,
    'approve',
    ({ arm }) => void arm.faults.push('lost reply'),
  ),
  {
    ...single(
      'the write gets lost on its way',
      vault,
      'approve',
      ({ arm }) => void arm.faults.push('lost request'),
    ),
    pollFloorSeconds: 60,
  },
  {
    name: 'Azure is at work on the connection from the moment it was decided, for ten minutes',
    arrange: (world) => {
      asks(world, disk, 'one', 'approve');
      const begin = ({ arm, clock }: CrashWorld): void =>
        void (arm.updatesUntil = addSeconds(clock.now(), 600));
      return [announced(disk), { atSeconds: 5, change: begin }];
    },
  },
  single('the connection goes away right before the write', vault, 'approve', ({ arm }) => {
    arm.faults.push('gone');
  }),
  {
    ...single('the write takes longer than its deadline', vault, 'approve', ({ arm }) => {
      arm.workSeconds = 20 * 60;
    }),
    pollFloorSeconds: 240,
  },
  {
    name: 'a write takes longer than the lease, and another event comes meanwhile',
    arrange: (world) => {
      asks(world, disk, 'one', 'approve');
      world.arm.workSeconds = 240;
      return [announced(disk), touched(disk, 100)];
    },
    pollFloorSeconds: 60,
  },
  {
    ...single('polling fails again and again, and is abandoned', disk, 'approve', ({ arm }) => {
      arm.readFailure = new Error('an unexpected error');
    }),
    // A crash may skip the poll that fails.
    endsFreely: true,
  },
  {
    name: 'reviewing fails again and again, and is abandoned',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      world.arm.listFailure = new Error('an unexpected error');
      return [announced(vault), { atSeconds: 800, change: ({ arm }) => void (arm.listFailure = undefined) }];
    },
    needsSweep: true,
  },
];

const eventful: readonly Scenario[] = [
  {
    name: 'two connections on two targets have no event',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      asks(world, disk, 'two', 'reject');
      // Not the first sweep: events have missed whatever it finds.
      world.journal.state = journalOf(world);
      return [];
    },
    needsSweep: true,
  },
  {
    name: 'an event names only the requester’s endpoint',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      world.arm.endpoints.set(endpointIdOf('one').toLowerCase(), {
        location: undefined,
        tags: {},
        subnetId: undefined,
        targetIds: [vault.id, disk.id],
      });
      return [endpointAnnounced('one')];
    },
  },
  {
    name: 'an event names a target that Postern does not handle',
    arrange: () => {
      const subject = `${storageAccount}/privateEndpointConnections/one`;
      const operation = 'Microsoft.Storage/storageAccounts/privateEndpointConnections/write';
      return [
        { atSeconds: 0, invoke: { trigger: 'event', event: operationEvent('Write', operation, subject) } },
      ];
    },
  },
  {
    name: 'the connection comes minutes after its event',
    arrange: (world) => {
      world.targets.push(vault);
      return [announced(vault), { atSeconds: 100, change: (later) => asks(later, vault, 'one', 'approve') }];
    },
  },
  {
    name: 'the connection is still being created when it is reviewed',
    arrange: (world) => {
      const updatingUntil = new Date(world.clock.now().getTime() + 8_000);
      world.arm.seed({ target: vault, name: 'one', updatingUntil });
      world.policy.effects.set('one', 'approve');
      world.targets.push(vault);
      return [announced(vault)];
    },
  },
];

const odd: readonly Scenario[] = [
  {
    name: 'ARM finds nothing for a moment, after a timed approval',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      world.policy.expireAfterSeconds = 1200;
      const change = ({ arm, clock }: CrashWorld): void => {
        arm.hidesUntil = addSeconds(clock.now(), 20);
      };
      return [announced(vault), { atSeconds: 300, change }, touched(vault, 305)];
    },
    lastsSeconds: 3600,
    needsSweep: true,
  },
  {
    name: 'a connection that is held goes away for good',
    arrange: (world) => {
      asks(world, vault, 'one', 'hold');
      const change = ({ arm }: CrashWorld): void => arm.remove('one');
      return [announced(vault), { atSeconds: 60, change }, touched(vault, 65)];
    },
    endsFreely: true,
    isOutrun: true,
  },
  {
    name: 'one connection takes long to be created, and another one is approved',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      const updatingUntil = addSeconds(world.clock.now(), 1000);
      world.arm.seed({ target: vault, name: 'two', updatingUntil });
      world.policy.effects.set('two', 'approve');
      return [announced(vault), touched(vault, 100)];
    },
  },
];

/**
 * Scenarios that end before anything recovers from an early crash. Decisions must still be recorded, and
 * operations ended.
 */
const outrun: readonly Scenario[] = [
  {
    name: 'another principal rejects a connection a minute later',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      const change = ({ arm }: CrashWorld): void => {
        arm.remove('one');
        arm.seed({ target: vault, name: 'one', status: 'Rejected' });
      };
      return [announced(vault), { atSeconds: 60, change }];
    },
    endsFreely: true,
    isOutrun: true,
  },
  {
    name: 'a connection goes away a minute later, while another is held',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      asks(world, vault, 'two', 'hold');
      return [announced(vault), { atSeconds: 60, change: ({ arm }) => arm.remove('one') }];
    },
    endsFreely: true,
    isOutrun: true,
  },
];

const guarded: readonly Scenario[] = [
  {
    name: 'the policy changes while a write waits for its turn',
    arrange: (world) => {
      asks(world, disk, 'one', 'approve');
      asks(world, disk, 'two', 'approve');
      const change = (later: CrashWorld): void => {
        later.policy.effects.set('two', 'reject');
        newPolicy(later, 'e');
      };
      return [announced(disk), { atSeconds: 5, change }];
    },
    followsPolicy: true,
    endsFreely: true,
  },
  {
    name: 'the policy does not load for a while',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      const { current } = world.load;
      world.load.current = { kind: 'refused', digest: 'f'.repeat(64), problems: [] };
      return [announced(vault), { atSeconds: 60, change: ({ load }) => void (load.current = current) }];
    },
    followsPolicy: true,
  },
  {
    name: 'a limit per hour holds the second write, until a person lifts it',
    arrange: (world) => {
      world.policy.limits = { rejects: { perHour: 1 } };
      asks(world, vault, 'one', 'reject');
      asks(world, vault, 'two', 'reject');
      queued(world, vault);
      return [{ atSeconds: 1500, invoke: { trigger: 'lift', kind: 'rejects' } }];
    },
  },
  {
    name: 'a limit per review holds every write, and no one lifts it',
    arrange: (world) => {
      world.policy.limits = { rejects: { perReview: 1 } };
      asks(world, vault, 'one', 'reject');
      asks(world, vault, 'two', 'reject');
      queued(world, vault);
      return [];
    },
  },
  {
    name: 'an approval is limited in time',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      world.policy.expireAfterSeconds = 1200;
      return [announced(vault)];
    },
    lastsSeconds: 3600,
    needsSweep: true,
  },
  {
    name: 'a person retries what waits for its next attempt',
    arrange: (world) => {
      asks(world, vault, 'one', 'approve');
      world.arm.faults.push('forbidden', 'forbidden');
      return [announced(vault), { atSeconds: 2000, invoke: { trigger: 'retry', target: vault } }];
    },
  },
];

export const scenarios: readonly Scenario[] = [
  ...usual,
  ...failing,
  ...eventful,
  ...odd,
  ...outrun,
  ...guarded,
  ...consoleScenarios,
];

/** A case beyond the promises of docs/reliability-crashes.md. */
export const changeOfMind: Scenario = {
  name: 'the policy changes during a write that takes long',
  arrange: (world) => {
    asks(world, disk, 'one', 'approve');
    world.arm.workSeconds = 240;
    const change = (later: CrashWorld): void => {
      later.policy.effects.set('one', 'reject');
      newPolicy(later, 'e');
    };
    return [announced(disk), { atSeconds: 70, change }, touched(disk, 100), touched(disk, 700)];
  },
  followsPolicy: true,
  endsFreely: true,
  pollFloorSeconds: 60,
};
