import { addSeconds, type Clock } from '../../base/clock';
import { compareText } from '../../base/compare';
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
  const ahead = promisesAhead(mark, now).filter((time) => time !== request.promisedAt);
  const [next, ...later] = ahead;
  if (next !== undefined && new Date(next) <= latest && request.origin !== 'person') {
    ports.logger.info(`${request.id}: reviewed again at ${next} (${why})`);
    if (next !== mark.againAt || asked.isReviewed === true) {
      await ports.operations.save(target, [], withPromises(mark, next, later));
    }
    return;
  }
  ports.logger.info(`${request.id}: reviewed again in ${seconds} s (${why})`);
  const againAt = addSeconds(now, seconds).toISOString();
  await ports.reviews.put(promiseOf(request, { why, seconds, now, againAt }), seconds);
  await ports.operations.save(target, [], withPromises(mark, againAt, ahead));
}

/** Two reviews this close together count as one. */
const slackSeconds = 2;

/**
 * Builds the message for the next review. The target's mark says what it looks for; a person's
 * request keeps its origin.
 */
function promiseOf(
  request: ReviewRequest,
  { why, seconds, now, againAt }: { why: string; seconds: number; now: Date; againAt: string },
): ReviewRequest {
  const { version, id, hintedAt, because, attempt, traceId, origin } = requeued(request, why, seconds, now);
  const wish = origin === 'person' ? { origin } : {};
  return { version, kind: 'target', id, hintedAt, because, attempt, traceId, promisedAt: againAt, ...wish };
}

/** Tells whether a queued message will review the target. */
export function isReviewAhead(mark: TargetMark, now: Date): boolean {
  return promisesAhead(mark, now).length > 0;
}

/**
 * Lists the times of the queued messages that will review the target, earliest first. A time
 * further ahead than any delay comes from a wrong clock and does not count.
 */
function promisesAhead(mark: TargetMark, now: Date): readonly string[] {
  return promisesOf(mark)
    .filter((time) => {
      const aheadMs = Date.parse(time) - now.getTime();
      return aheadMs > 0 && aheadMs <= (longestSeconds + slackSeconds) * 1000;
    })
    .toSorted(compareText);
}

/** Tells whether the request is one of the messages scheduled for the target's next reviews. */
export function isPromise({ promisedAt }: ReviewRequest, mark: TargetMark): boolean {
  return promisedAt !== undefined && promisesOf(mark).includes(promisedAt);
}

/** Returns the mark once the scheduled review that the request is has been made, and none comes after it. */
export function afterLast(mark: TargetMark, { promisedAt }: ReviewRequest): TargetMark {
  const [againAt, ...later] = promisesOf(mark).filter((time) => time !== promisedAt);
  return withPromises(mark, againAt, later);
}

function withPromises(mark: TargetMark, againAt: string | undefined, later: readonly string[]): TargetMark {
  return { ...mark, againAt, laterAt: later.length === 0 ? undefined : later };
}

function promisesOf({ againAt, laterAt = [] }: TargetMark): readonly string[] {
  return againAt === undefined ? laterAt : [againAt, ...laterAt];
}
