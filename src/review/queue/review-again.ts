import { addSeconds, type Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { TargetId } from '../../connections/resource-id';
import type { OperationStore, TargetMark } from '../../operations/operation-store';
import { requeued, type ReviewQueue, type ReviewRequest } from './review-request';

/** The ports of `reviewAgain`. */
export interface ReviewAgainPorts {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A request for another review of a target. */
export interface ReviewAgain {
  readonly target: TargetId;
  /** The request that could not be answered completely. */
  readonly request: ReviewRequest;
  /** For the log. */
  readonly why: string;
  readonly seconds: number;
  /** The target's current mark. */
  readonly mark: TargetMark;
  /** Whether the mark comes from a completed review and still has to be saved. */
  readonly isReviewed?: boolean;
}

/** The longest time until the next review of a target, in seconds, whatever ARM asks for. */
const longestSeconds = 60 * 60;

/**
 * Schedules another review of a target with a single message, however many hints and sweeps met the
 * same error. The message is sent before the mark that names it is saved: if the process dies in
 * between, the request is redelivered and schedules once more.
 * @throws PosternError STORE_UNAVAILABLE, STORE_CONFLICT
 */
export async function reviewAgain(ports: ReviewAgainPorts, asked: ReviewAgain): Promise<void> {
  const { target, request, why, mark } = asked;
  const now = ports.clock.now();
  const seconds = Math.ceil(Math.min(longestSeconds, asked.seconds));
  const latest = addSeconds(now, seconds + slackSeconds);
  const isPromised =
    isReviewAhead(mark, now) && !isPromise(request, mark) && new Date(mark.againAt) <= latest;
  if (isPromised && request.origin !== 'person') {
    ports.logger.info(`${request.id}: reviewed again at ${mark.againAt} (${why})`);
    if (asked.isReviewed === true) await ports.operations.save(target, [], mark);
    return;
  }
  ports.logger.info(`${request.id}: reviewed again in ${seconds} s (${why})`);
  const againAt = addSeconds(now, seconds).toISOString();
  await ports.reviews.put(promiseOf(request, { why, seconds, now, againAt }), seconds);
  await ports.operations.save(target, [], { ...mark, againAt });
}

/** Two reviews this close together count as one. */
const slackSeconds = 2;

/**
 * Builds the message for the next review. The message with the hint itself continues to look for
 * what the hint announced; a person's request keeps its origin.
 */
function promiseOf(
  request: ReviewRequest,
  { why, seconds, now, againAt }: { why: string; seconds: number; now: Date; againAt: string },
): ReviewRequest {
  const { version, id, hintedAt, because, attempt, traceId, origin } = requeued(request, why, seconds, now);
  const wish = origin === 'person' ? { origin } : {};
  return { version, kind: 'target', id, hintedAt, because, attempt, traceId, promisedAt: againAt, ...wish };
}

/**
 * Tells whether a queued message will review the target. A time further ahead than any delay comes
 * from a wrong clock and does not count.
 */
export function isReviewAhead(
  mark: TargetMark,
  now: Date,
): mark is TargetMark & { readonly againAt: string } {
  if (mark.againAt === undefined) return false;
  const aheadMs = Date.parse(mark.againAt) - now.getTime();
  return aheadMs > 0 && aheadMs <= (longestSeconds + slackSeconds) * 1000;
}

/** Tells whether the request is the message scheduled for the target's next review. */
export function isPromise({ promisedAt }: ReviewRequest, { againAt }: TargetMark): boolean {
  return promisedAt !== undefined && promisedAt === againAt;
}
