import type { HiddenMessage } from '../../../src/base/hidden-message';
import { isUnconfirmed } from '../../../src/operations/operation';
import type { AuditRecord } from '../../../src/audit/audit-record';
import type { TargetId } from '../../../src/connections/resource-id';
import type { PolicyLoad } from '../../../src/policy/policy';
import type { SweepState } from '../../../src/review/sweep/journal';
import { FakeClock, FakeLedger, FakeLimitStore, FakeOperationStore, FakeTargetLease } from '../fakes';
import { FakeConsoleIndex } from '../fakes/fake-console-index';
import { policyLoad } from '../console/console-rig';
import { fakePolicy, type FakePolicy } from '../rigs/rig';
import type { OpenPages } from './console/people';
import { HostQueue } from './host-queue';
import { SimulatedArm } from './simulated-arm';

/** Everything that outlives a process: storage, Azure, the policy, and time. */
export interface CrashWorld {
  readonly clock: FakeClock;
  readonly arm: SimulatedArm;
  readonly operations: FakeOperationStore;
  readonly limits: FakeLimitStore;
  readonly ledger: FakeLedger;
  readonly lease: FakeTargetLease;
  readonly reviews: HostQueue;
  readonly lostReviews: HostQueue;
  readonly alarms: HostQueue;
  readonly lostAlarms: HostQueue;
  readonly journal: { state: SweepState };
  /** Whether the console is on. */
  readonly hasConsole: boolean;
  readonly index: FakeConsoleIndex;
  readonly pages: OpenPages;
  /** The records that Application Insights has received. */
  readonly telemetry: AuditRecord[];
  readonly policy: FakePolicy;
  readonly load: { current: PolicyLoad };
  /** All targets in the providers' lists. */
  readonly targets: TargetId[];
  /** Violations that are found as they happen. */
  readonly breaches: string[];
  readonly pollFloorSeconds: number | undefined;
  /** Messages that stand for the invocation under way if its process dies. */
  readonly standIns: HiddenMessage[];
}

export interface CrashWorldOptions {
  readonly statuses?: readonly string[] | undefined;
  readonly pollFloorSeconds?: number | undefined;
  readonly console?: string | undefined;
}

export function createCrashWorld({ statuses, pollFloorSeconds, console }: CrashWorldOptions): CrashWorld {
  const clock = new FakeClock();
  const policy = fakePolicy(statuses);
  const [lostReviews, lostAlarms] = [new HostQueue(clock), new HostQueue(clock)];
  const world: CrashWorld = {
    clock,
    arm: new SimulatedArm(clock),
    operations: new FakeOperationStore(),
    limits: new FakeLimitStore(),
    ledger: new FakeLedger(),
    lease: new FakeTargetLease(clock),
    reviews: new HostQueue(clock, lostReviews),
    lostReviews,
    alarms: new HostQueue(clock, lostAlarms),
    lostAlarms,
    journal: { state: {} },
    hasConsole: console !== undefined,
    index: new FakeConsoleIndex(),
    pages: new Map(),
    telemetry: [],
    policy,
    load: { current: console === undefined ? { kind: 'loaded', policy } : policyLoad(console) },
    targets: [],
    breaches: [],
    pollFloorSeconds,
    standIns: [],
  };
  watchWrites(world);
  return world;
}

/** Compares every write that reaches ARM with what is durable at that moment. */
function watchWrites({ arm, operations, ledger, breaches }: CrashWorld): void {
  arm.onWrite = ({ connection, effect }, others) => {
    const { id } = connection;
    const row = operations.rows(id.target).find((known) => known.connection.key === id.key);
    const operation = row?.operation;
    const what = `${effect} of ${id.name}`;
    if (operation === undefined || !isUnconfirmed(operation)) {
      breaches.push(`${what}: its row says ${operation?.state}`);
    }
    if (operation?.effect !== effect) breaches.push(`${what}: its row wants ${operation?.effect}`);
    if (!ledger.records.some((record) => record.id === `${operation?.decisionId}|decided`)) {
      breaches.push(`${what}: no decided record is durable`);
    }
    const decided = ledger.ofKind('decided').find(({ decisionId }) => decisionId === operation?.decisionId);
    if (decided?.answers !== undefined && !isAnswered({ ledger }, decided.answers))
      breaches.push(`${what}: no answer is on record that was not taken back`);
    for (const other of others) {
      const isRepeat = other.connection.key === id.key && other.effect === effect;
      if (!isRepeat) breaches.push(`${what}: overlaps ${other.effect} of ${other.connection.name}`);
    }
    return operation?.id;
  };
}

/** Returns whether some answer stands behind a decision: it is on record, and was not taken back. */
function isAnswered({ ledger }: Pick<CrashWorld, 'ledger'>, decisionId: string): boolean {
  const about = ({ answers }: AuditRecord): boolean => answers === decisionId;
  const [given, taken] = [ledger.ofKind('answered'), ledger.ofKind('withdrawn')];
  return given.filter(about).length > taken.filter(about).length;
}
