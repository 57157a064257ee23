import type { Ledger, Telemetry } from '../../../src/audit/audit-log';
import type { AuditRecord } from '../../../src/audit/audit-record';
import type {
  ConnectionStore,
  OperationReader,
  ResourceReader,
} from '../../../src/connections/connection-store';
import type { Alarm } from '../../../src/operations/alarm';
import type { OperationStore } from '../../../src/operations/operation-store';
import type { PolicySource } from '../../../src/policy/policy';
import type { ConnectionFinder } from '../../../src/review/sweep/connection-finder';
import type { LimitStore } from '../../../src/review/limits/limit-store';
import type { ReviewQueue } from '../../../src/review/queue/review-request';
import type { SweepJournal } from '../../../src/review/sweep/journal';
import type { TargetLease } from '../../../src/review/target-lease';
import type { ConsoleIndex } from '../../../src/console/index/console-index';
import { indexPort } from './console/index-port';
import type { CrashWorld } from './crash-world';
import type { KillSwitch } from './kill-switch';
import { recordsStep, requestStep, rowsStep } from './steps';

/** Every port that a use case calls. */
export interface CrashingPorts {
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly operations: OperationStore;
  readonly limits: LimitStore;
  readonly connections: ConnectionStore;
  readonly operationReader: OperationReader;
  readonly resources: ResourceReader;
  readonly alarm: Alarm;
  readonly reviews: ReviewQueue;
  readonly lease: TargetLease;
  readonly policy: PolicySource;
  readonly journal: SweepJournal;
  readonly graph: ConnectionFinder;
  readonly lists: ConnectionFinder;
  readonly index: ConsoleIndex;
}

/**
 * Returns the ports of one process. Each call is counted, may be the last one, and has no effect after the
 * crash.
 */
export function crashingPorts(
  world: CrashWorld,
  killSwitch: KillSwitch,
  unsent: AuditRecord[],
): CrashingPorts {
  return {
    ...auditPorts(world, killSwitch, unsent),
    ...azurePorts(world, killSwitch),
    ...finders(world, killSwitch),
    operations: operationsPort(world, killSwitch),
    index: indexPort(world, killSwitch),
    limits: {
      load: (kind) => killSwitch.call({ step: 'limit read', work: () => world.limits.load(kind) }),
      save: (kind, state) =>
        killSwitch.call({ step: 'limit saved', work: () => world.limits.save(kind, state) }),
    },
    alarm: {
      ring: async (call, delay) => {
        const set = await killSwitch.call({
          step: 'alarm set',
          work: async () => {
            const message = world.alarms.put(call, delay);
            if (call.early !== undefined) world.standIns.push(message);
            return message;
          },
        });
        return {
          hide: (seconds) => killSwitch.call({ step: 'alarm moved', work: () => set.hide(seconds) }),
          remove: () => killSwitch.call({ step: 'alarm removed', work: () => set.remove() }),
        };
      },
    },
    reviews: {
      put: (request, delay) =>
        killSwitch.call({
          step: requestStep(request),
          work: async () => void world.reviews.put(request, delay),
        }),
    },
    lease: leasePort(world, killSwitch),
    policy: { current: () => killSwitch.call({ step: 'policy read', work: async () => world.load.current }) },
    journal: {
      read: () => killSwitch.call({ step: 'journal read', work: async () => world.journal.state }),
      write: (state) =>
        killSwitch.call({
          step: 'journal saved',
          work: async () => void (world.journal.state = structuredClone(state)),
        }),
    },
  };
}

function auditPorts(
  { ledger, telemetry }: CrashWorld,
  killSwitch: KillSwitch,
  unsent: AuditRecord[],
): Pick<CrashingPorts, 'ledger' | 'telemetry'> {
  return {
    ledger: {
      append: (records) => {
        const some = records.slice(0, Math.ceil(records.length / 2));
        const half =
          records.length < 2
            ? undefined
            : async () => {
                await ledger.append(some);
              };
        return killSwitch.call({ step: recordsStep(records), work: () => ledger.append(records), half });
      },
    },
    telemetry: {
      emit: (records) => void unsent.push(...records),
      flush: () =>
        killSwitch.call({
          step: 'telemetry sent',
          work: async () => void telemetry.push(...unsent.splice(0)),
        }),
    },
  };
}

/**
 * How long a request may take to arrive after its sender crashed: less than the remaining lease that the
 * fence requires.
 */
const underWaySeconds = 25;

function azurePorts(
  { arm }: CrashWorld,
  killSwitch: KillSwitch,
): Pick<CrashingPorts, 'connections' | 'operationReader' | 'resources'> {
  return {
    connections: {
      list: (target) => killSwitch.call({ step: 'connections listed', work: () => arm.list(target) }),
      get: (id) => killSwitch.call({ step: 'connection read', work: () => arm.get(id) }),
      write: (write, fence) =>
        killSwitch.call({
          step: 'write sent',
          work: () => arm.write(write, fence),
          half: () => arm.writeLater(write, fence, underWaySeconds),
        }),
    },
    operationReader: {
      read: (url) => killSwitch.call({ step: 'operation URL read', work: () => arm.read(url) }),
    },
    resources: {
      readTarget: (target) => killSwitch.call({ step: 'target read', work: () => arm.readTarget(target) }),
      readEndpoint: (id) => killSwitch.call({ step: 'endpoint read', work: () => arm.readEndpoint(id) }),
      readNetwork: (id) => killSwitch.call({ step: 'endpoint read', work: () => arm.readNetwork(id) }),
    },
  };
}

function operationsPort({ operations, standIns }: CrashWorld, killSwitch: KillSwitch): OperationStore {
  return {
    load: (target) => killSwitch.call({ step: 'rows read', work: () => operations.load(target) }),
    get: (connection) => killSwitch.call({ step: 'row read', work: () => operations.get(connection) }),
    save: (target, rows, mark) =>
      killSwitch.call({
        step: rowsStep(rows, mark),
        work: async () => {
          const saved = await operations.save(target, rows, mark);
          // The row waits for the alarm, which stands for nothing else any more.
          if (rowsStep(rows, mark) === 'row waiting') standIns.splice(0);
          return saved;
        },
      }),
    overdue: (instant) => stream(killSwitch, 'open operations read', () => operations.overdue(instant)),
    waitingForPerson: (what) =>
      stream(killSwitch, 'held operations read', () => operations.waitingForPerson(what)),
    endedApprovals: (instant) =>
      stream(killSwitch, 'ended approvals read', () => operations.endedApprovals(instant)),
  };
}

function leasePort({ lease }: CrashWorld, killSwitch: KillSwitch): TargetLease {
  return {
    acquire: async (target) => {
      const held = await killSwitch.call({ step: 'lease taken', work: () => lease.acquire(target) });
      if (held === undefined) return undefined;
      const { fence } = held;
      return {
        fence,
        release: () => killSwitch.call({ step: 'lease released', work: () => held.release() }),
      };
    },
  };
}

function finders(
  { arm, targets }: CrashWorld,
  killSwitch: KillSwitch,
): Pick<CrashingPorts, 'graph' | 'lists'> {
  return {
    graph: {
      find: ({ statuses }) =>
        stream(killSwitch, 'Resource Graph queried', () =>
          arm
            .all()
            .filter(({ status }) => statuses.includes(status))
            .toSorted((one, other) => one.id.key.localeCompare(other.id.key))
            .map(({ id, status }) => ({ targetId: id.target, connectionId: id.id, status })),
        ),
    },
    lists: { find: () => stream(killSwitch, 'lists read', () => targets.map((targetId) => ({ targetId }))) },
  };
}

async function* stream<T>(
  killSwitch: KillSwitch,
  step: string,
  source: () => AsyncIterable<T> | readonly T[],
): AsyncIterable<T> {
  yield* await killSwitch.call({
    step,
    work: async () => {
      const items: T[] = [];
      for await (const item of source()) items.push(item);
      return items;
    },
  });
}
