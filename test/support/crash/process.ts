import { ownStoreTypes } from '../../../src/connections/target-type';
import { createPace } from '../../../src/connections/pace';
import { createAuditLog } from '../../../src/audit/audit-log';
import type { AuditRecord } from '../../../src/audit/audit-record';
import type { TargetId } from '../../../src/connections/resource-id';
import { isOneOfFour } from '../samples/four-types';
import { createTakeEvent } from '../../../src/events/take-event';
import { parseAlarmCall } from '../../../src/operations/alarm';
import { createPollOperation } from '../../../src/operations/poll-operation';
import type { LimitedKind } from '../../../src/policy/policy';
import { createOnAbandoned } from '../../../src/review/failure/on-abandoned';
import { liftLimit } from '../../../src/review/limits/lift-limit';
import { createFollowUp } from '../../../src/review/queue/follow-up';
import { createReviewAfter } from '../../../src/review/queue/review-after';
import { createReviewNow } from '../../../src/review/queue/review-now';
import { requestRetry } from '../../../src/review/queue/request-retry';
import { parseReviewRequest } from '../../../src/review/queue/review-request';
import { createFollowPolicy } from '../../../src/review/sweep/follow-policy';
import { createSweep } from '../../../src/review/sweep/sweep';
import { noLists } from '../../../src/policy/lists/list-snapshot';
import { createTakeRequest } from '../../../src/review/take-request';
import { FakeManagedEndpoints } from '../fakes/fake-managed-endpoints';
import { auditWithIndex } from '../../../src/console/index/indexing-audit-log';
import { createVisits, type Visit } from './console/people';
import type { CrashWorld } from './crash-world';
import type { KillSwitch } from './kill-switch';
import { crashingPorts, type CrashingPorts } from './crashing-ports';

/** The identity under which Postern's own writes appear in events. */
export const ownObjectId = '5e1f0000-0000-4000-8000-000000000001';

/** One invocation of a process. */
export type Invocation =
  | { readonly trigger: 'event'; readonly event: unknown }
  | { readonly trigger: 'review'; readonly message: unknown }
  | {
      readonly trigger: 'poll' | 'abandoned review' | 'abandoned poll';
      readonly message: unknown;
      readonly deliveries: number;
    }
  | { readonly trigger: 'sweep' | 'follow policy' }
  | { readonly trigger: 'lift'; readonly kind: LimitedKind }
  | { readonly trigger: 'retry'; readonly target: TargetId }
  | Visit;

/** One worker: new instances of all use cases, over ports that crash with it. */
export type Process = (invocation: Invocation) => Promise<'done' | 'failed' | 'crashed'>;

/** Changes the ports of a process, for builds that are broken on purpose. */
export type Breakage = (ports: CrashingPorts) => CrashingPorts;

export function createProcess(
  world: CrashWorld,
  killSwitch: KillSwitch,
  breakage: Breakage = (ports) => ports,
): Process {
  const unsent: AuditRecord[] = [];
  const ports = breakage(crashingPorts(world, killSwitch, unsent));
  const useCases = compose(ports, world);
  return async (invocation) => {
    killSwitch.begin(invocation.trigger);
    const work = (async () => {
      try {
        await useCases(invocation);
        world.standIns.splice(0);
        return 'done' as const;
      } catch {
        return 'failed' as const;
      } finally {
        await ports.telemetry.flush();
      }
    })();
    return Promise.race([work, killSwitch.crashed.then(() => 'crashed' as const)]);
  };
}

function compose(
  ports: CrashingPorts,
  { clock, pollFloorSeconds, hasConsole, pages }: CrashWorld,
): (invocation: Invocation) => Promise<unknown> {
  const logger = { info: ignore, warn: ignore, error: ignore };
  const plain = createAuditLog({ ...ports, logger });
  const audit = hasConsole ? auditWithIndex(plain, { ...ports, clock, logger }) : plain;
  const durations = { likely: () => Promise.resolve([]), learn: () => Promise.resolve() };
  const shared = { ...ports, audit, clock, logger, pace: createPace(pollFloorSeconds), durations };
  const followUp = createFollowUp(shared);
  const managedLists = {
    current: () => Promise.resolve(noLists),
    refresh: () => Promise.resolve(false),
  };
  const reading = {
    ...shared,
    tenants: { tenantOf: () => Promise.resolve(undefined) },
    ownSubscriptions: { find: () => Promise.resolve(undefined) },
    managedEndpoints: new FakeManagedEndpoints(),
    managedLists,
  };
  const visit = createVisits(reading, pages);
  const takeRequest = createTakeRequest({
    ...reading,
    answers: isOneOfFour,
    scheduleRetry: (ended) => followUp.retry(ended),
  });
  const reviewAfter = createReviewAfter({ takeRequest, followUp, clock });
  const poll = createPollOperation({ ...shared, onEnd: reviewAfter });
  const sweep = createSweep({
    ...shared,
    subscriptions: [],
    types: ownStoreTypes,
    tenantMemory: { forgetBefore: () => Promise.resolve() },
  });
  const followPolicy = createFollowPolicy({ ...shared, managedLists, sweep });
  const reviewNow = createReviewNow({ ...shared, takeRequest });
  const takeEvent = createTakeEvent({
    ...shared,
    answers: isOneOfFour,
    reviewNow,
    ownObjectId: () => ownObjectId,
  });
  const reviewTarget = async (message: unknown): Promise<void> => takeRequest(parseReviewRequest(message));
  const pollOperation = async (message: unknown, deliveries = 2): Promise<void> =>
    poll(parseAlarmCall(message), deliveries);
  const onAbandoned = createOnAbandoned({
    ...shared,
    reviewTarget,
    pollOperation,
    onEnd: (ended) => followUp.ended(ended),
  });
  return async (invocation) => {
    if ('person' in invocation) return visit(invocation);
    switch (invocation.trigger) {
      case 'event':
        return takeEvent(invocation.event, undefined);
      case 'review':
        return reviewTarget(invocation.message);
      case 'poll':
        return pollOperation(invocation.message, invocation.deliveries);
      case 'abandoned review':
        return onAbandoned.review(invocation.message, invocation.deliveries);
      case 'abandoned poll':
        return onAbandoned.operation(invocation.message, invocation.deliveries);
      case 'sweep':
        return sweep(undefined);
      case 'follow policy':
        return followPolicy(undefined);
      case 'lift':
        return liftLimit(shared, invocation.kind, 'alice');
      case 'retry':
        return requestRetry(shared, invocation.target, 'alice');
    }
  };
}

function ignore(): void {
  // The log of a simulated process is not read.
}
