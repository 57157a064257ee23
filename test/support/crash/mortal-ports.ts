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
import type { CrashWorld } from './crash-world';
import type { Lifeline } from './lifeline';
import { recordsStep, requestStep, rowsStep } from './steps';

/** Every port that a use case calls. */
export interface MortalPorts {
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
}

/** The ports of one process: each call is counted, may be its last, and does nothing once the process is dead. */
export function mortalPorts(world: CrashWorld, life: Lifeline, unsent: AuditRecord[]): MortalPorts {
  return {
    ...auditPorts(world, life, unsent),
    ...azurePorts(world, life),
    ...finders(world, life),
    operations: operationsPort(world, life),
    limits: {
      load: (kind) => life.call({ step: 'limit read', work: () => world.limits.load(kind) }),
      save: (kind, state) => life.call({ step: 'limit kept', work: () => world.limits.save(kind, state) }),
    },
    alarm: {
      ring: (call, delay) =>
        life.call({ step: 'alarm set', work: async () => world.alarms.put(call, delay) }),
    },
    reviews: {
      put: (request, delay) =>
        life.call({ step: requestStep(request), work: async () => world.reviews.put(request, delay) }),
    },
    lease: leasePort(world, life),
    policy: { current: () => life.call({ step: 'policy read', work: async () => world.load.current }) },
    journal: {
      read: () => life.call({ step: 'journal read', work: async () => world.journal.state }),
      write: (state) =>
        life.call({
          step: 'journal kept',
          work: async () => void (world.journal.state = structuredClone(state)),
        }),
    },
  };
}

function auditPorts(
  { ledger, telemetry }: CrashWorld,
  life: Lifeline,
  unsent: AuditRecord[],
): Pick<MortalPorts, 'ledger' | 'telemetry'> {
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
        return life.call({ step: recordsStep(records), work: () => ledger.append(records), half });
      },
    },
    telemetry: {
      emit: (records) => void unsent.push(...records),
      flush: () =>
        life.call({ step: 'telemetry sent', work: async () => void telemetry.push(...unsent.splice(0)) }),
    },
  };
}

/** So long a request may be under way after its sender died: less than the fence demands to be left of the lease. */
const underWaySeconds = 25;

function azurePorts(
  { arm }: CrashWorld,
  life: Lifeline,
): Pick<MortalPorts, 'connections' | 'operationReader' | 'resources'> {
  return {
    connections: {
      list: (target) => life.call({ step: 'connections listed', work: () => arm.list(target) }),
      get: (id) => life.call({ step: 'connection read', work: () => arm.get(id) }),
      write: (write, fence) =>
        life.call({
          step: 'write sent',
          work: () => arm.write(write, fence),
          half: () => arm.writeLater(write, fence, underWaySeconds),
        }),
    },
    operationReader: { read: (url) => life.call({ step: 'operation URL read', work: () => arm.read(url) }) },
    resources: {
      readTarget: (target) => life.call({ step: 'target read', work: () => arm.readTarget(target) }),
      readEndpoint: (id) => life.call({ step: 'endpoint read', work: () => arm.readEndpoint(id) }),
    },
  };
}

function operationsPort({ operations }: CrashWorld, life: Lifeline): OperationStore {
  return {
    load: (target) => life.call({ step: 'rows read', work: () => operations.load(target) }),
    get: (connection) => life.call({ step: 'row read', work: () => operations.get(connection) }),
    save: (target, rows, mark) =>
      life.call({
        step: rowsStep(rows, mark),
        work: () => operations.save(target, rows, mark),
      }),
    overdue: (instant) => stream(life, 'open operations read', () => operations.overdue(instant)),
    waitingForPerson: (what) => stream(life, 'held operations read', () => operations.waitingForPerson(what)),
    endedApprovals: (instant) =>
      stream(life, 'ended approvals read', () => operations.endedApprovals(instant)),
  };
}

function leasePort({ lease }: CrashWorld, life: Lifeline): TargetLease {
  return {
    acquire: async (target) => {
      const held = await life.call({ step: 'lease taken', work: () => lease.acquire(target) });
      if (held === undefined) return undefined;
      const { fence } = held;
      return { fence, release: () => life.call({ step: 'lease given back', work: () => held.release() }) };
    },
  };
}

function finders({ arm, targets }: CrashWorld, life: Lifeline): Pick<MortalPorts, 'graph' | 'lists'> {
  return {
    graph: {
      find: ({ statuses }) =>
        stream(life, 'Resource Graph asked', () =>
          arm
            .all()
            .filter(({ status }) => statuses.includes(status))
            .toSorted((one, other) => one.id.key.localeCompare(other.id.key))
            .map(({ id, status }) => ({ targetId: id.target, connectionId: id.id, status })),
        ),
    },
    lists: { find: () => stream(life, 'lists read', () => targets.map((targetId) => ({ targetId }))) },
  };
}

async function* stream<T>(
  life: Lifeline,
  step: string,
  source: () => AsyncIterable<T> | readonly T[],
): AsyncIterable<T> {
  yield* await life.call({
    step,
    work: async () => {
      const items: T[] = [];
      for await (const item of source()) items.push(item);
      return items;
    },
  });
}
