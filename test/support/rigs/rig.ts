import { createPace } from '../../../src/connections/pace';
import { createAuditLog } from '../../../src/audit/audit-log';
import type { Arm } from '../../../src/azure/arm/arm';
import { parseTargetId } from '../../../src/connections/resource-id';
import type { Operation } from '../../../src/operations/operation';
import { createKnownDurations } from '../../../src/operations/pace/known-durations';
import { createPollOperation } from '../../../src/operations/poll-operation';
import type { Decision, Effect, Mode } from '../../../src/policy/decision';
import type { Facts } from '../../../src/policy/facts/facts';
import { type ExpectedRequests, nothingExpected } from '../../../src/policy/expected/expected-requests';
import { type CostlyReads, noReads } from '../../../src/policy/cel/costly-reads';
import { noLists, type UsableLists } from '../../../src/policy/lists/list-snapshot';
import type { Policy, PolicyLoad, WriteLimits } from '../../../src/policy/policy';
import { createFollowUp } from '../../../src/review/queue/follow-up';
import { createReviewAfter } from '../../../src/review/queue/review-after';
import { createReviewNow } from '../../../src/review/queue/review-now';
import { localIdentity } from '../../../dev/azure';
import type { ReviewPorts } from '../../../src/review/review-job';
import type { ReviewRequest } from '../../../src/review/queue/review-request';
import { createTakeRequest, type TakeRequestPorts } from '../../../src/review/take-request';
import {
  FakeAlarm,
  FakeClock,
  FakeLedger,
  FakeLimitStore,
  FakeOperationStore,
  FakeReviewQueue,
  FakeTargetLease,
  FakeTelemetry,
} from '../fakes';
import { FakeDurationStore } from '../fakes/fake-duration-store';
import { FakeArm } from '../fakes/fake-arm';
import { FakeManagedEndpoints } from '../fakes/fake-managed-endpoints';
import { FakeListStore } from '../fakes/fake-list-store';
import { FakeTenantMemory } from '../fakes/fake-tenant-memory';

export const targetIds = {
  vault: idOf('Microsoft.KeyVault/vaults/kv-shared'),
  managedHsm: idOf('Microsoft.KeyVault/managedHSMs/hsm-shared'),
  apiManagement: idOf('Microsoft.ApiManagement/service/apim-shared'),
  diskAccess: idOf('Microsoft.Compute/diskAccesses/da-shared'),
};

function idOf(path: string): string {
  return `/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shared/providers/${path}`;
}

export interface FakePolicy extends Policy {
  /** The next effects by connection name. Default: hold. */
  readonly effects: Map<string, Effect>;
  mode: Mode;
  digest: string;
  limits: WriteLimits;
  expected: ExpectedRequests;
  /** What its rules read. */
  reads: CostlyReads;
  /** Whether only announced requests are approved. */
  needsAnnouncement: boolean;
  /** The duration of every approval. */
  expireAfterSeconds: number | undefined;
  readonly seen: Facts[];
}

export function fakePolicy(statuses: readonly string[] = ['Pending']): FakePolicy {
  const effects = new Map<string, Effect>();
  const seen: Facts[] = [];
  return {
    effects,
    seen,
    digest: 'd'.repeat(64),
    mode: 'enforce',
    ruleCount: 1,
    statuses,
    reads: noReads,
    microsoftTenants: new Set(),
    limits: {},
    managedLists: [],
    expected: nothingExpected,
    expireAfterSeconds: undefined,
    needsAnnouncement: false,
    leavesOpen() {
      return this.reads;
    },
    decide(facts): Decision | undefined {
      seen.push(facts);
      if (!statuses.includes(facts.connection.status)) return undefined;
      const wanted = effects.get(facts.connection.name) ?? 'hold';
      const isUnheardOf = this.needsAnnouncement && facts.expected === undefined;
      const effect = wanted === 'approve' && isUnheardOf ? 'hold' : wanted;
      const rules = effect === 'hold' ? [] : [`rule-${effect}`];
      const reason = effect === 'hold' ? 'No rule matched' : `Because ${effect}`;
      const { expireAfterSeconds, digest: policyDigest, mode } = this;
      const ends = effect === 'approve' ? { expireAfterSeconds } : {};
      return { effect, rules, reason, outcomes: [], policyDigest, mode, ...ends };
    },
  };
}

/** Options of a rig: all use cases over fakes, with a pump that delivers messages as the host does. */
export interface RigOptions {
  readonly target?: string;
  readonly policy?: FakePolicy;
  readonly pollFloorSeconds?: number;
  readonly standbyAfterSeconds?: number;
  /** Real adapters instead of the fake ARM. */
  readonly adapters?: Pick<Arm, 'connections' | 'operations' | 'resources'> &
    Partial<Pick<ReviewPorts, 'tenants' | 'ownSubscriptions' | 'managedEndpoints'>>;
  /** Called for every second that passes. */
  readonly onSecond?: () => Promise<void>;
}

export function createRig(options: RigOptions = {}) {
  const target = parseTargetId(options.target ?? targetIds.vault);
  const clock = new FakeClock();
  const arm = new FakeArm(target);
  const managedEndpoints = new FakeManagedEndpoints();
  const operations = new FakeOperationStore();
  const limits = new FakeLimitStore();
  const ledger = new FakeLedger();
  const telemetry = new FakeTelemetry();
  const reviews = new FakeReviewQueue(clock);
  const alarm = new FakeAlarm(clock);
  const lease = new FakeTargetLease(clock);
  const policy = options.policy ?? fakePolicy();
  const load: { current: PolicyLoad } = { current: { kind: 'loaded', policy } };
  const managed: { usable: UsableLists } = { usable: noLists };
  const managedLists = {
    current: async () => managed.usable,
    refresh: async () => false,
  };
  const lines: string[] = [];
  const logger = { info: log, warn: log, error: log };
  const audit = createAuditLog({ ledger, telemetry, logger });
  function log(line: string): void {
    lines.push(line);
  }
  const pace = createPace(options.pollFloorSeconds);
  const followUp = createFollowUp({ operations, reviews, clock, pace });
  const connections = options.adapters?.connections ?? arm;
  const durationStore = new FakeDurationStore();
  const durations = createKnownDurations({ store: durationStore, clock, logger, usesRecorded: false });
  const shared = { operations, audit, alarm, reviews, clock, logger, pace, durations, connections };
  const takeOptions: TakeRequestPorts = {
    ...shared,
    answers: () => true,
    standbyAfterSeconds: options.standbyAfterSeconds,
    limits,
    resources: options.adapters?.resources ?? arm,
    lease,
    tenants: options.adapters?.tenants ?? arm,
    ownSubscriptions: options.adapters?.ownSubscriptions ?? arm,
    managedEndpoints: options.adapters?.managedEndpoints ?? managedEndpoints,
    managedLists,
    policy: { current: async () => load.current },
    scheduleRetry: (ended) => followUp.retry(ended),
  };
  const takeRequest = createTakeRequest(takeOptions);
  const reviewAfter = createReviewAfter({ takeRequest, followUp, clock });
  const poll = createPollOperation({
    ...shared,
    operationReader: options.adapters?.operations ?? arm,
    onEnd: reviewAfter,
  });
  const reviewNow = createReviewNow({ takeRequest, reviews, clock, logger });

  function request(change: Partial<ReviewRequest> = {}): ReviewRequest {
    const hintedAt = clock.now().toISOString();
    return { version: 1, kind: 'target', id: target.id, hintedAt, because: 'event', attempt: 0, ...change };
  }

  /** Lets `seconds` pass and delivers each message in the second in which it is due. Skips seconds without messages. */
  async function run(seconds: number): Promise<void> {
    for (let left = seconds; ;) {
      for (const due of reviews.takeDue()) await takeRequest(due);
      for (const call of alarm.takeDue()) await poll(call);
      if (left === 0) return;
      const idle = options.onSecond ? 1 : Math.min(reviews.secondsUntilDue, alarm.secondsUntilDue);
      const step = Math.min(left, Math.max(1, idle));
      clock.advance(step);
      left -= step;
      await options.onSecond?.();
    }
  }

  const operation = (name: string) =>
    operations.rows(target).find((row) => row.connection.name === name)?.operation;

  return {
    target,
    clock,
    arm,
    managedEndpoints,
    operations,
    limits,
    tenantMemory: new FakeTenantMemory(),
    ledger,
    telemetry,
    reviews,
    alarm,
    lease,
    policy,
    load,
    managedLists,
    listStore: new FakeListStore(),
    /** The managed lists that decisions may use. */
    managed,
    lines,
    takeRequest,
    reviewNow,
    ownObjectId: () => localIdentity.objectId,
    poll,
    onEnd: (ended: Operation) => followUp.ended(ended),
    request,
    run,
    operation,
    logger,
    pace,
    durations,
    durationStore,
    audit,
  };
}

export type Rig = ReturnType<typeof createRig>;

/** Returns the ports of a review over the fakes of a rig. */
export function reviewPortsOf(rig: Rig): ReviewPorts & { readonly reviews: Rig['reviews'] } {
  return {
    ...rig,
    connections: rig.arm,
    resources: rig.arm,
    tenants: rig.arm,
    ownSubscriptions: rig.arm,
    scheduleRetry: async () => undefined,
  };
}
