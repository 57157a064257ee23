import { addSeconds, type Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { TargetId } from '../../connections/resource-id';
import type { OperationStore, TargetMark } from '../../operations/operation-store';
import { requeued, type ReviewQueue, type ReviewRequest } from './review-request';

export interface ReviewAgainPorts {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ReviewAgain {
  readonly target: TargetId;
  /** The request that could not be answered for good. */
  readonly request: ReviewRequest;
  /** For the log. */
  readonly why: string;
  readonly seconds: number;
  /** What is known of the target now. */
  readonly mark: TargetMark;
  /** Whether the mark is of a review that was made, and still to be kept. */
  readonly isReviewed?: boolean;
}

/** No target waits longer for its next look, whatever ARM asks for. */
const longestSeconds = 60 * 60;

/**
 * Sees to it that a target is looked at again: one message stands for it, however many hints and sweeps have met the same
 * trouble. The message comes before the mark that names it: killed in between, the request comes back and asks once more.
 */
export async function reviewAgain(ports: ReviewAgainPorts, asked: ReviewAgain): Promise<void> {
  const { target, request, why, mark } = asked;
  const now = ports.clock.now();
  const seconds = Math.ceil(Math.min(longestSeconds, asked.seconds));
  const latest = addSeconds(now, seconds + slackSeconds);
  const isPromised =
    isReviewAhead(mark, now) && !isPromise(request, mark) && new Date(mark.againAt) <= latest;
  if (isPromised && request.origin !== 'person') {
    ports.logger.info(`${request.id}: again at ${mark.againAt}, because ${why}`);
    if (asked.isReviewed === true) await ports.operations.save(target, [], mark);
    return;
  }
  ports.logger.info(`${request.id}: again in ${seconds} s, because ${why}`);
  const againAt = addSeconds(now, seconds).toISOString();
  await ports.reviews.put(promiseOf(request, { why, seconds, now, againAt }), seconds);
  await ports.operations.save(target, [], { ...mark, againAt });
}

/** Two looks so near to each other are one. */
const slackSeconds = 2;

/** What the hint said it was about is seen to by whoever carries the hint; a person's wish stays one. */
function promiseOf(
  request: ReviewRequest,
  { why, seconds, now, againAt }: { why: string; seconds: number; now: Date; againAt: string },
): ReviewRequest {
  const { version, id, hintedAt, because, attempt, traceId, origin } = requeued(request, why, seconds, now);
  const wish = origin === 'person' ? { origin } : {};
  return { version, kind: 'target', id, hintedAt, because, attempt, traceId, promisedAt: againAt, ...wish };
}

/** Tells whether a message will come that looks at the target. A time that no look can have is of a clock that was wrong. */
export function isReviewAhead(
  mark: TargetMark,
  now: Date,
): mark is TargetMark & { readonly againAt: string } {
  if (mark.againAt === undefined) return false;
  const aheadMs = Date.parse(mark.againAt) - now.getTime();
  return aheadMs > 0 && aheadMs <= (longestSeconds + slackSeconds) * 1000;
}

/** Tells whether the request is the message that stands for the target's next look. */
export function isPromise({ promisedAt }: ReviewRequest, { againAt }: TargetMark): boolean {
  return promisedAt !== undefined && promisedAt === againAt;
}
