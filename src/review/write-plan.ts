import { addSeconds, isFromTheFuture, secondsUntil } from '../base/clock';
import { isSettled } from '../connections/connection';
import type { Fence, TargetDetails } from '../connections/connection-store';
import { profileOf } from '../connections/target-type';
import { PosternError } from '../base/errors';
import { putBack, sendWrite, type SendResult } from '../operations/send-write';
import type { Planned } from '../operations/write/planned';
import type { ConnectionState } from '../operations/operation';
import { hasLasted } from '../operations/proof/timeouts';
import { backoffSeconds } from '../operations/retry';
import type { UsableLists } from '../policy/lists/list-snapshot';
import { createLimitGuard } from './limits/limit-guard';
import { limitedKindOf } from './limits/write-limit';
import { areListsInForce, assertListsYoung } from './lists/list-reader';
import type { ReviewPlan } from './plan-review';
import type { FactsRead } from './facts/read-facts';
import { freshMs, readingFor } from './facts/reading-age';
import type { Again, ReviewJob, ReviewPorts } from './review-job';

/** A durable plan, with what it was decided from. */
export interface Writing {
  readonly plan: ReviewPlan;
  readonly rows: ReadonlyMap<string, ConnectionState>;
  readonly facts: FactsRead;
  /** The monotonic clock's reading before the connections and facts were read. */
  readonly readAtMs: number;
}

/**
 * The longest time from reading the facts to a write. After that, a new review reads everything
 * again.
 */
const longestReviewMs = 10 * 60_000;

/**
 * Sends the writes of a durable plan: one at a time, none beyond a limit, none based on an old
 * reading, or on a policy or a list that is no longer in force.
 * @returns why and when another review must continue with the remaining writes; `undefined` if none
 *   must.
 */
export async function writePlan(
  ports: ReviewPorts,
  job: ReviewJob,
  writing: Writing,
): Promise<Again | undefined> {
  const { plan, facts } = writing;
  if (plan.running) return undefined;
  const stored = plan.writes.map((planned) => current(planned, writing.rows));
  const begun = stored.find(({ operation }) => operation.state === 'running');
  if (begun !== undefined) return writeBegun(ports, job, { ...writing, begun });
  if (isLocked(ports, job, stored, facts.details)) return retryLater(ports, job, 'locked');
  const guard = await createLimitGuard(ports, job, stored);
  let laterSeconds = Infinity;
  for (const [index, planned] of stored.entries()) {
    const { clock } = ports;
    if (clock.monotonicMs() - writing.readAtMs > longestReviewMs)
      return retryLater(ports, job, 'next in line');
    const early = secondsUntil(clock.now(), new Date(planned.operation.dueAt ?? 0));
    if (early > 0 && !isFromTheFuture(planned.operation.plannedAt, clock.now())) {
      laterSeconds = Math.min(laterSeconds, early);
      continue;
    }
    const askedAtMs = clock.monotonicMs();
    const readAtMs = await stillDecidedBy(ports, job, { planned, facts, readAtMs: writing.readAtMs });
    if (readAtMs === undefined) return retryLater(ports, job, 'next in line');
    const admitted = await guard.admit(planned);
    if (admitted === undefined) continue;
    const fence = fenceFrom(ports, job, { readAtMs: Math.min(readAtMs, askedAtMs), lists: facts.lists });
    // The others wait for its end.
    const isAwaited = index < stored.length - 1 || undefined;
    const next = { ...admitted, operation: { ...admitted.operation, isAwaited } };
    const result = await sendWrite(ports, next, fence);
    // The end of this operation queues a review that continues with the rest.
    if (result.kind === 'running') return undefined;
    if (result.kind === 'lost') return retryLater(ports, job, 'back-off');
    if (result.kind === 'later') return postpone(ports, job, result);
  }
  return laterSeconds === Infinity ? undefined : { because: 'back-off', seconds: laterSeconds };
}

/**
 * Makes sure that the policy, its lists and what the write was decided from are still as they were.
 * @returns when they were read, on the monotonic clock; `undefined` if anything has changed.
 * @throws ArmError
 */
async function stillDecidedBy(
  ports: ReviewPorts,
  job: ReviewJob,
  reading: Parameters<typeof readingFor>[2],
): Promise<number | undefined> {
  if (!(await job.isPolicyInForce())) return undefined;
  if (!(await areListsInForce(ports, job, reading.facts.lists))) return undefined;
  return readingFor(ports, job, reading);
}

/**
 * Returns the write of a plan that has only one, if nothing is to be found out before it begins: no limit counts it, the
 * target is not locked, and what it was decided from is fresh. Its row then says from the beginning that it has begun.
 */
export async function onlyWrite(
  ports: ReviewPorts,
  job: ReviewJob,
  { plan, facts, readAtMs }: Omit<Writing, 'rows'>,
): Promise<Planned | undefined> {
  const [planned, ...others] = plan.writes;
  if (planned === undefined || others.length > 0 || plan.running) return undefined;
  const { operation } = planned;
  const kind = limitedKindOf(operation);
  const isCounted = kind !== undefined && job.policy.limits[kind] !== undefined;
  if (isCounted || operation.limit !== undefined || operation.ending !== undefined) return undefined;
  const { clock } = ports;
  if (secondsUntil(clock.now(), new Date(operation.dueAt ?? 0)) > 0) return undefined;
  if (isLocked(ports, job, [planned], facts.details)) return undefined;
  if (clock.monotonicMs() - readAtMs > freshMs / 2) return undefined;
  return (await job.isPolicyInForce()) ? planned : undefined;
}

/** Sends the only write of a plan, whose row says already that it has begun; or puts it back. */
async function writeBegun(
  ports: ReviewPorts,
  job: ReviewJob,
  { begun, facts, readAtMs: firstReadAtMs }: Writing & { readonly begun: Planned },
): Promise<Again | undefined> {
  const askedAtMs = ports.clock.monotonicMs();
  let readAtMs: number | undefined;
  try {
    readAtMs = await stillDecidedBy(ports, job, { planned: begun, facts, readAtMs: firstReadAtMs });
  } catch (error) {
    await putBack(ports, begun);
    throw error;
  }
  if (readAtMs === undefined) {
    await putBack(ports, begun);
    return retryLater(ports, job, 'next in line');
  }
  const fence = fenceFrom(ports, job, { readAtMs: Math.min(readAtMs, askedAtMs), lists: facts.lists });
  const result = await sendWrite(ports, begun, fence);
  if (result.kind === 'lost') return retryLater(ports, job, 'back-off');
  return result.kind === 'later' ? postpone(ports, job, result) : undefined;
}

/** Returns a next review after the usual back-off. */
function retryLater(ports: ReviewPorts, job: ReviewJob, because: Again['because']): Again {
  return { because, seconds: backoffOf(ports, job, longestAgainSeconds) };
}

function backoffOf({ pace }: ReviewPorts, { request, target }: ReviewJob, longestSeconds: number): number {
  return backoffSeconds(request.attempt, pace.minPollSeconds(target.type), longestSeconds);
}

const longestAgainSeconds = 15 * 60;

/**
 * Creates the check that runs right before the request is sent: since the connection, the policy and
 * its lists were read, storage and tokens may have taken long, or the whole process may have been
 * paused.
 */
function fenceFrom(
  { clock }: ReviewPorts,
  { fence }: ReviewJob,
  { readAtMs, lists }: { readonly readAtMs: number; readonly lists: UsableLists },
): Fence {
  return () => {
    fence();
    assertListsYoung(lists, clock.now());
    const ageMs = clock.monotonicMs() - readAtMs;
    if (ageMs <= freshMs) return;
    throw new PosternError(
      'READING_STALE',
      `the connection, or the policy, was read ${Math.ceil(ageMs / 1000)} s ago`,
    );
  };
}

/** Returns the planned write with its row as stored, after its records were written. */
function current(planned: Planned, rows: ReadonlyMap<string, ConnectionState>): Planned {
  const connectionState = rows.get(planned.connection.id.key) ?? planned.connectionState;
  return { ...planned, connectionState, operation: connectionState.operation ?? planned.operation };
}

/**
 * Stores a later due time, before which no review sends the write again, however many hints arrive.
 */
async function postpone(
  ports: ReviewPorts,
  job: ReviewJob,
  { connectionState, retryAfterSeconds, problem }: Extract<SendResult, { kind: 'later' }>,
): Promise<Again> {
  const backoff = backoffOf(ports, job, longestPostponeSeconds);
  const seconds = Math.min(retryAfterSeconds ?? backoff, longestRetryAfterSeconds);
  ports.logger.info(`The write must wait ${seconds} s. ${problem}`);
  const dueAt = addSeconds(ports.clock.now(), seconds).toISOString();
  await ports.operations.save(job.target, [
    { ...connectionState, operation: { ...connectionState.operation, dueAt } },
  ]);
  return { because: 'back-off', seconds };
}

const longestPostponeSeconds = 5 * 60;
const longestRetryAfterSeconds = 60 * 60;

/**
 * Tells whether the target refuses all writes because it is being changed, as API Management does:
 * a write would only waste a call. A target that reports a change for longer than any recorded one
 * is written to all the same.
 */
function isLocked(
  { clock }: ReviewPorts,
  { target }: ReviewJob,
  writes: readonly Planned[],
  details: TargetDetails | undefined,
): boolean {
  const { locksTarget, deadlineSeconds } = profileOf(target.type);
  if (!locksTarget || details === undefined || isSettled(details) || writes.length === 0) return false;
  const oldest = writes.map(({ operation }) => operation.plannedAt).sort()[0];
  return !hasLasted(oldest, deadlineSeconds, clock.now());
}
