import { dayOf } from '../../base/clock';
import { type ArmError, describeError, isForeign, isTransient } from '../../base/errors';
import { parseTargetId } from '../../connections/resource-id';
import { markOf } from '../../operations/operation-store';
import { backoffSeconds } from '../../operations/retry';
import { isVoid } from '../is-due';
import { withExpectation } from '../queue/expectation';
import { afterLast, isPromise, reviewAgain } from '../queue/review-again';
import { requeued, type ReviewQueue, type ReviewRequest } from '../queue/review-request';
import { digest, targetRecord } from '../records';
import type { ReviewPorts } from '../review-job';

/** The ports of `handleArmError`. */
export interface ArmErrorPorts extends ReviewPorts {
  readonly reviews: ReviewQueue;
}

/**
 * Computes the seconds to wait after a number of failures in a row; `undefined`: no further
 * attempt, until a sweep or a new event.
 */
export type Backoff = (failures: number) => number | undefined;

const longestBackoffSeconds = 15 * 60;
/**
 * The delays after each refusal of a target that Postern may not read. After the last one, only a
 * sweep or a new event leads to another attempt.
 */
const forbiddenDelaysSeconds = [60, 5 * 60, 15 * 60, 30 * 60];
/** The number of failures before one is recorded; with the back-off, about twenty minutes. */
const recordAfterErrors = 7;

/**
 * Handles an ARM error of a review: schedules another attempt while that can help, and records the
 * error once a day. A target in another tenant is out of scope, and its hints are dropped, unless
 * Postern knew the target before.
 * @throws PosternError LEDGER_UNAVAILABLE, STORE_UNAVAILABLE, STORE_CONFLICT
 */
export async function handleArmError(
  ports: ArmErrorPorts,
  request: ReviewRequest,
  error: ArmError,
): Promise<void> {
  ports.logger.warn(`${request.id}: ${describeError(error)}`);
  if (isForeign(error)) {
    if (await isKnown(ports, request)) await recordArmError(ports, request, error);
    return;
  }
  if (isTransient(error) || error.code === 'ARM_UNAUTHENTICATED') {
    const backoff: Backoff = (failures) => error.retryAfterSeconds ?? usualBackoff(ports)(failures);
    const failuresBefore = await waitFor(ports, request, { why: 'ARM is throttled or unavailable', backoff });
    if (failuresBefore >= recordAfterErrors) await recordArmError(ports, request, error);
    return;
  }
  await recordArmError(ports, request, error);
  const backoff: Backoff = (refusals) => forbiddenDelaysSeconds[refusals];
  await waitFor(ports, request, { why: 'ARM refused', backoff, counts: 'refusals' });
}

/** Creates the usual back-off: longer each time, a quarter of an hour at most. */
export function usualBackoff({ pace }: Pick<ArmErrorPorts, 'pace'>): (failures: number) => number {
  return (failures) => backoffSeconds(failures, pace.backoffSeconds, longestBackoffSeconds);
}

/** How `waitFor` schedules the next attempt. */
export interface Wait {
  /** The reason for the log. */
  readonly why: string;
  readonly backoff: Backoff;
  /** The count of the target that the back-off depends on. Default: `troubles`. */
  readonly counts?: 'troubles' | 'refusals';
}

/**
 * Schedules one review of the target, however many hints and sweeps met the same error.
 * @returns how many times in a row the target had failed before.
 * @throws PosternError STORE_UNAVAILABLE, STORE_CONFLICT
 */
export async function waitFor(
  ports: ArmErrorPorts,
  request: ReviewRequest,
  { why, backoff, counts = 'troubles' }: Wait,
): Promise<number> {
  if (request.kind === 'endpoint') {
    await waitForEndpoint(ports, request, why, backoff);
    return request.attempt;
  }
  const target = parseTargetId(request.id);
  const state = await ports.operations.load(target);
  const mark = markOf(state);
  const { [counts]: before = 0 } = mark;
  // One of several copies of a message: another one has scheduled the next review, or is about to.
  if (isVoid(state, request, ports.clock.now())) return before;
  // A target that Postern has never seen may not exist: a hint alone is not worth endless attempts.
  const isWorthIt = state.connectionStates.length > 0 || before < mostAttempts;
  const seconds = isWorthIt ? backoff(before) : undefined;
  if (seconds !== undefined) {
    const expected = withExpectation(mark, request);
    const markAfter = { ...mark, expected, [counts]: before + 1 };
    await reviewAgain(ports, { target, request, why, seconds, mark: markAfter });
  } else if (isPromise(request, mark)) {
    // Copies of the message are void from now on.
    await ports.operations.save(target, [], afterLast(mark, request));
  }
  return before;
}

/**
 * The most attempts, which take about a day. After that, only a sweep can find what a hint
 * announced.
 */
const mostAttempts = 100;

async function waitForEndpoint(
  ports: ArmErrorPorts,
  request: ReviewRequest,
  why: string,
  backoff: Backoff,
): Promise<void> {
  const seconds = request.attempt < mostAttempts ? backoff(request.attempt) : undefined;
  if (seconds !== undefined) return requeue(ports, request, why, seconds);
  ports.logger.warn(`${request.id}: no further attempt (${why})`);
}

async function isKnown({ operations }: ArmErrorPorts, { kind, id }: ReviewRequest): Promise<boolean> {
  return kind === 'target' && (await operations.load(parseTargetId(id))).connectionStates.length > 0;
}

/** Records the error of a target once a day, so that it is visible without filling the ledger. */
async function recordArmError(ports: ArmErrorPorts, request: ReviewRequest, error: ArmError): Promise<void> {
  if (request.kind === 'endpoint') return;
  const now = ports.clock.now();
  const target = parseTargetId(request.id);
  const record = targetRecord({ target, now, traceId: request.traceId });
  const day = dayOf(now);
  const reason = `The target could not be reviewed. ${describeError(error)}`;
  await ports.audit.record([
    { ...record, id: `${digest(`${target.key}|${error.code}`)}|failed|${day}`, kind: 'failed', reason },
  ]);
}

const longestRequeueSeconds = 60 * 60;

/**
 * Queues the request again, with its new delivery time as the time of the hint.
 * @throws PosternError STORE_UNAVAILABLE
 */
export async function requeue(
  ports: Pick<ArmErrorPorts, 'reviews' | 'clock' | 'logger'>,
  request: ReviewRequest,
  why: string,
  seconds: number,
): Promise<void> {
  const delay = Math.min(Math.ceil(seconds), longestRequeueSeconds);
  ports.logger.info(`${request.id}: reviewed again in ${delay} s (${why})`);
  await ports.reviews.put(requeued(request, why, delay, ports.clock.now()), delay);
}
