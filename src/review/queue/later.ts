import { addSeconds } from '../../base/clock';
import type { ReviewRequest } from './review-request';

/**
 * The same request, to be put back for `delaySeconds` later. Its hint counts from when it comes again: a review that
 * began before then has not seen what it waits for.
 */
export function later(
  request: ReviewRequest,
  because: string,
  delaySeconds: number,
  now: Date,
): ReviewRequest {
  const hintedAt = addSeconds(now, delaySeconds).toISOString();
  return { ...request, because, hintedAt, attempt: request.attempt + 1 };
}
