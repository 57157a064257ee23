import type { Clock } from '../../base/clock';
import { describeError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { ReviewQueue, ReviewRequest } from './review-request';
import type { TakeRequest } from '../take-request';

/** The ports of `createReviewNow`. */
export interface ReviewNowPorts {
  readonly takeRequest: TakeRequest;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Answers a request that an event has just caused. If the process dies meanwhile, Event Grid gets no reply and delivers
 * the event again.
 * @throws PosternError STORE_UNAVAILABLE if the request could neither be answered nor queued.
 */
export type ReviewNow = (request: ReviewRequest) => Promise<void>;

/**
 * How long a hint waits in the queue if others about the same target came right before it, in seconds: several events
 * announce one request within a second or two, and one review then answers the rest.
 */
export const settleSeconds = 2;
/** The most reviews at once that do not come from the queue. */
const mostAtOnce = 24;
/** The most targets that are remembered; beyond it, the oldest are forgotten. */
const mostRemembered = 1_000;

interface Running {
  readonly expects: string | undefined;
  hasListed: boolean;
  ended: Promise<void>;
}

/**
 * Creates the way from an event to its review without the queue. The first hint about a target is answered at once, by
 * the invocation of its event. A hint that comes before that review lists the connections is answered by it; one that
 * comes later waits in the queue until the burst is over.
 */
export function createReviewNow({ takeRequest, reviews, clock, logger }: ReviewNowPorts): ReviewNow {
  const running = new Map<string, Running>();
  const hintedAtMs = new Map<string, number>();

  /** Tells whether no other hint about the target came within the settling time, and remembers this one. */
  function isFirst(key: string): boolean {
    const nowMs = clock.monotonicMs();
    const before = hintedAtMs.get(key) ?? -Infinity;
    hintedAtMs.delete(key);
    hintedAtMs.set(key, nowMs);
    if (hintedAtMs.size > mostRemembered) {
      const [oldest] = hintedAtMs.keys();
      if (oldest !== undefined) hintedAtMs.delete(oldest);
    }
    return nowMs - before >= settleSeconds * 1000;
  }

  async function answer(request: ReviewRequest, beforeListing: () => void): Promise<void> {
    try {
      await takeRequest(request, { isFresh: true, beforeListing });
    } catch (error) {
      // The queue tries it again, and gives it up with a record if that never helps.
      logger.error(`${request.id}: reviewed again from the queue. ${describeError(error)}`);
      await reviews.put(request, settleSeconds);
    }
  }

  function review(key: string, request: ReviewRequest): Promise<void> {
    const entry: Running = { expects: request.expects, hasListed: false, ended: Promise.resolve() };
    running.set(key, entry);
    const beforeListing = (): void => {
      entry.hasListed = true;
    };
    entry.ended = answer(request, beforeListing).finally(() => running.delete(key));
    return entry.ended;
  }

  return async (request) => {
    const key = request.id.toLowerCase();
    const other = running.get(key);
    const first = isFirst(key);
    if (other !== undefined && !other.hasListed && other.expects === request.expects) {
      await other.ended.catch(() => undefined);
      if (other.hasListed) return;
    } else if (first && other === undefined && running.size < mostAtOnce) {
      return review(key, request);
    }
    await reviews.put(request, settleSeconds);
  };
}
