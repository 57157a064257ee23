import { dayOf } from '../../base/clock';
import { type ArmError, describeError, isForeign, isTransient } from '../../base/errors';
import { parseTargetId } from '../../connections/resource-id';
import { markOf } from '../../operations/operation-store';
import { backoffSeconds } from '../../operations/retry';
import { reviewAgain } from '../queue/review-again';
import { requeued, type ReviewQueue, type ReviewRequest } from '../queue/review-request';
import { digest, targetRecord } from '../records';
import type { ReviewPorts } from '../review-job';

export interface ArmErrorPorts extends ReviewPorts {
  readonly reviews: ReviewQueue;
}

/** How long to wait after so many troubles in a row; `undefined`: nobody comes back, but the sweep and new events. */
export type Backoff = (troubles: number) => number | undefined;

const longestBackoffSeconds = 15 * 60;
/** How often a target that Postern may not read is tried; then only the sweep, or a new event, comes back to it. */
const forbiddenDelaysSeconds = [60, 5 * 60, 15 * 60, 30 * 60];
/** About twenty minutes of trouble. */
const recordAfterErrors = 7;

/**
 * Sees to what could not be read: it is tried again while that can help, and told of once a day. What is in another tenant is
 * none of ours, and its hints end; unless it was ours once.
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
    const backoff: Backoff = (troubles) => error.retryAfterSeconds ?? usualBackoff(ports)(troubles);
    const troubles = await waitFor(ports, request, { why: 'ARM asks for patience', backoff });
    if (troubles >= recordAfterErrors) await recordArmError(ports, request, error);
    return;
  }
  await recordArmError(ports, request, error);
  const backoff: Backoff = (refusals) => forbiddenDelaysSeconds[refusals];
  await waitFor(ports, request, { why: 'ARM refused', backoff, counts: 'refusals' });
}

/** Waits longer each time, a quarter of an hour at most. */
export function usualBackoff({ pace }: Pick<ArmErrorPorts, 'pace'>): (troubles: number) => number {
  return (troubles) => backoffSeconds(troubles, pace.backoffSeconds, longestBackoffSeconds);
}

export interface Wait {
  /** For the log. */
  readonly why: string;
  readonly backoff: Backoff;
  /** Which of the target's counts it goes by. Default: `troubles`. */
  readonly counts?: 'troubles' | 'refusals';
}

/**
 * However many hints and sweeps meet the same trouble, one look at the target stands for all. Resolves to how often in a row
 * there was trouble before.
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
  // What Postern has never seen may not even be there: somebody's word is not worth asking for it for ever.
  const isWorthIt = state.connectionStates.length > 0 || before < mostAttempts;
  const seconds = isWorthIt ? backoff(before) : undefined;
  if (seconds !== undefined) {
    await reviewAgain(ports, { target, request, why, seconds, mark: { ...mark, [counts]: before + 1 } });
  }
  return before;
}

/** About a day; then the sweep is left to find what a hint told of. */
const mostAttempts = 100;

async function waitForEndpoint(
  ports: ArmErrorPorts,
  request: ReviewRequest,
  why: string,
  backoff: Backoff,
): Promise<void> {
  const seconds = request.attempt < mostAttempts ? backoff(request.attempt) : undefined;
  if (seconds !== undefined) return requeue(ports, request, why, seconds);
  ports.logger.warn(`${request.id}: not asked for any more, because ${why}`);
}

async function isKnown({ operations }: ArmErrorPorts, { kind, id }: ReviewRequest): Promise<boolean> {
  return kind === 'target' && (await operations.load(parseTargetId(id))).connectionStates.length > 0;
}

/** Told once a day, whatever the cause, so that it shows without filling the ledger. */
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

/** Puts the request itself back, as a hint that counts from when it comes again. */
export async function requeue(
  ports: Pick<ArmErrorPorts, 'reviews' | 'clock' | 'logger'>,
  request: ReviewRequest,
  why: string,
  seconds: number,
): Promise<void> {
  const delay = Math.min(Math.ceil(seconds), longestRequeueSeconds);
  ports.logger.info(`${request.id}: again in ${delay} s, because ${why}`);
  await ports.reviews.put(requeued(request, why, delay, ports.clock.now()), delay);
}
