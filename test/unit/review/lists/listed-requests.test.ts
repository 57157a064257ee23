import { ArmError, PosternError } from '../../../../src/base/errors';
import { snapshotOf, type UsableLists } from '../../../../src/policy/lists/list-snapshot';
import { createRig, type FakePolicy, type Rig, targetIds } from '../../../support/rigs/rig';
import { createSweepRig } from '../../../support/rigs/sweep-rig';
import { policyOf } from '../../../support/samples/policy';

const own = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const customers = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
const consumer = '11111111-1111-1111-1111-111111111111';
const stranger = '33333333-3333-4333-8333-333333333333';
const start = '2026-01-05T12:00:00.000Z';
const hour = 60 * 60;

const policyText = JSON.stringify({
  version: 1,
  mode: 'enforce',
  lists: { zones: { subscriptionsUnder: 'corp' } },
  rules: [
    { name: 'zones', effect: 'approve', when: 'endpoint.subscriptionId in lists.zones' },
    {
      name: 'hub',
      effect: 'approve',
      when: `endpoint.subscriptionId == "${stranger}" && endpoint.name == "pe-hub"`,
    },
  ],
});

function listsOf(
  entries: readonly string[],
  change: { readAt?: string; tenantId?: string } = {},
): UsableLists {
  const snapshot = snapshotOf({ tenantId: own, readAt: start, ...change, entries });
  return new Map([['zones', { ...snapshot, maxAgeSeconds: 24 * hour }]]);
}

function createListRig(lists: UsableLists = listsOf([consumer])): Rig {
  const rig = createRig({ policy: policyOf(policyText) as FakePolicy, target: targetIds.vault });
  rig.arm.appliesWrites = true;
  rig.arm.tenants.set(rig.target.subscriptionId.toLowerCase(), own);
  rig.managed.usable = lists;
  return rig;
}

const decisions = (rig: Rig) => rig.ledger.ofKind('decided').map(({ effect, rules }) => [effect, rules]);

test('a request from the list is approved, and the record names the snapshot and its age', async () => {
  const rig = createListRig();
  rig.clock.advance(7 * 60);
  rig.arm.seed({ name: 'one' });
  await rig.takeRequest(rig.request());
  expect(rig.arm.writes).toHaveLength(1);
  // An approval depends on the target's tenant, which must be younger for it.
  expect(rig.arm.calls.filter((call) => call.startsWith('tenant'))).toContain('tenant again');
  const [, list] = [...rig.managed.usable][0] ?? [];
  expect(rig.ledger.ofKind('decided')).toMatchObject([
    { effect: 'approve', lists: [{ snapshot: `zones@${list?.digest.slice(0, 8)}`, ageSeconds: 420 }] },
  ]);
});

test('a decision that needs no list names none', async () => {
  const rig = createListRig();
  rig.arm.seed({ name: 'hub', subscription: stranger });
  await rig.takeRequest(rig.request());
  const [record] = rig.ledger.ofKind('decided');
  expect([record?.rules, record?.lists]).toEqual([['hub'], undefined]);
});

test('a list that is absent holds every request that it could decide, and no other', async () => {
  const rig = createListRig(new Map());
  rig.arm.seed({ name: 'one' });
  await rig.takeRequest(rig.request());
  expect(decisions(rig)).toEqual([['hold', ['zones']]]);
  expect(rig.arm.writes).toEqual([]);
});

test('a list of another tenant than the target’s is absent', async () => {
  const rig = createListRig(listsOf([consumer], { tenantId: customers }));
  rig.arm.seed({ name: 'one' });
  await rig.takeRequest(rig.request());
  expect(decisions(rig)).toEqual([['hold', ['zones']]]);
});

test('while ARM does not tell the target’s tenant, the list is absent; if it may tell later, the review waits', async () => {
  const rig = createListRig();
  const id = rig.target.subscriptionId.toLowerCase();
  rig.arm.seed({ name: 'one' });
  rig.arm.tenants.set(id, new ArmError('ARM_UNAVAILABLE', '503'));
  await rig.takeRequest(rig.request());
  expect(decisions(rig)).toEqual([]);
  expect(rig.reviews.pending).toHaveLength(1);
  rig.arm.tenants.delete(id);
  await rig.run(60);
  expect(decisions(rig)).toEqual([['hold', ['zones']]]);
});

test('while the lists cannot be loaded, the whole review waits', async () => {
  const rig = createListRig();
  rig.arm.seed({ name: 'one' });
  const { current } = rig.managedLists;
  rig.managedLists.current = () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'away'));
  await rig.takeRequest(rig.request());
  expect(rig.ledger.records).toEqual([]);
  rig.managedLists.current = current;
  await rig.run(60);
  expect(decisions(rig)).toEqual([['approve', ['zones']]]);
});

test('the same answer from a list with other entries is the same decision', async () => {
  const rig = createListRig();
  rig.arm.seed({ name: 'one', subscription: stranger });
  await rig.takeRequest(rig.request());
  rig.managed.usable = listsOf([]);
  rig.clock.advance(60);
  await rig.takeRequest(rig.request());
  expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  rig.managed.usable = listsOf([stranger]);
  rig.clock.advance(60);
  await rig.takeRequest(rig.request());
  expect(decisions(rig)).toEqual([
    ['hold', []],
    ['approve', ['zones']],
  ]);
});

/** Runs something right after a review has made its decisions durable, before it writes. */
function afterDecision(rig: Rig, work: () => void): void {
  const { append } = rig.ledger;
  rig.ledger.append = async (records) => {
    const added = await append.call(rig.ledger, records);
    if (records.some(({ kind }) => kind === 'decided')) work();
    return added;
  };
}

describe('no write is sent', () => {
  test('by a list that has lost the requester since the decision', async () => {
    const rig = createListRig();
    rig.arm.seed({ name: 'one' });
    afterDecision(rig, () => (rig.managed.usable = listsOf([])));
    await rig.takeRequest(rig.request());
    await rig.run(60);
    expect(rig.arm.writes).toEqual([]);
    expect(decisions(rig)).toEqual([
      ['approve', ['zones']],
      ['hold', []],
    ]);
  });

  test('by a list that has become absent since the decision', async () => {
    const rig = createListRig();
    rig.arm.seed({ name: 'one' });
    afterDecision(rig, () => (rig.managed.usable = new Map()));
    await rig.takeRequest(rig.request());
    await rig.run(60);
    expect(rig.arm.writes).toEqual([]);
  });

  test('by an instance that was paused right before the bytes leave, until the list was too old', async () => {
    const rig = createListRig();
    rig.arm.seed({ name: 'one' });
    const { write } = rig.arm;
    rig.arm.write = async (sent, fence) => {
      rig.arm.write = write;
      // The wall clock shows the pause before the monotonic one does.
      const { now } = rig.clock;
      rig.clock.now = () => new Date(Date.parse(start) + 24 * hour * 1000);
      try {
        return await write.call(rig.arm, sent, fence);
      } finally {
        rig.clock.now = now;
        rig.managed.usable = new Map();
      }
    };
    await rig.takeRequest(rig.request());
    await rig.run(60);
    expect(rig.arm.writes).toEqual([]);
  });

  test('an approval, once the target’s subscription belongs to another tenant', async () => {
    const rig = createListRig();
    rig.arm.seed({ name: 'one' });
    const id = rig.target.subscriptionId.toLowerCase();
    afterDecision(rig, () => rig.arm.tenants.set(id, customers));
    await rig.takeRequest(rig.request());
    await rig.run(60);
    expect(rig.arm.writes).toEqual([]);
  });
});

test('a list that changes nothing for the request lets its write go on, decided anew', async () => {
  const rig = createListRig();
  rig.arm.seed({ name: 'one' });
  afterDecision(rig, () => (rig.managed.usable = listsOf([consumer, stranger])));
  await rig.takeRequest(rig.request());
  await rig.run(60);
  expect(rig.arm.writes).toHaveLength(1);
  expect(rig.ledger.ofKind('decided')).toHaveLength(1);
});

describe('followPolicy', () => {
  const rigWith = (refresh: () => Promise<boolean>) => {
    const rig = createListRig();
    rig.managedLists.refresh = refresh;
    const sweepRig = createSweepRig(rig);
    const { digest, mode } = rig.policy;
    sweepRig.journal.state = { ...sweepRig.journal.state, policy: { digest, mode } };
    return sweepRig;
  };

  test('sweeps when a list has other entries, so that what waits is decided by them', async () => {
    const rig = rigWith(async () => true);
    await rig.followPolicy(undefined);
    expect(rig.graph.asked).toHaveLength(1);
  });

  test('sweeps for nothing else', async () => {
    const rig = rigWith(async () => false);
    await rig.followPolicy(undefined);
    expect(rig.graph.asked).toEqual([]);
  });

  test('reads lists before it sweeps for a new policy, and sweeps although they cannot be stored', async () => {
    const rig = rigWith(() => {
      expect(rig.graph.asked).toEqual([]);
      return Promise.reject(new PosternError('STORE_CONFLICT', 'changed'));
    });
    rig.journal.state = { ...rig.journal.state, policy: { digest: 'another', mode: 'enforce' } };
    await rig.followPolicy(undefined);
    expect(rig.graph.asked).toHaveLength(1);
  });
});
