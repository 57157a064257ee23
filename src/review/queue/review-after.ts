import type { Clock } from '../../base/clock';
import { profileOf } from '../../connections/target-type';
import type { Operation } from '../../operations/operation';
import type { Reading } from '../../operations/poll/read-connection';
import type { TakeRequest } from '../take-request';
import type { FollowUp } from './follow-up';

/** The ports of `createReviewAfter`. */
export interface ReviewAfterPorts {
  readonly takeRequest: TakeRequest;
  readonly followUp: FollowUp;
  readonly clock: Clock;
}

/** Lets what waited for the end of an operation go on. */
export type ReviewAfter = (ended: Operation, reading?: Reading) => Promise<void>;

/**
 * Creates what follows the end of an operation. If the listing that proved the end is given, the target is reviewed with
 * it at once: it answers the hints that waited, and is the reading that the next write needs. Otherwise, or if the target
 * stays locked for a while, a review is queued. The caller keeps a message that calls again if the process dies.
 * @throws PosternError STORE_UNAVAILABLE
 */
export function createReviewAfter({ takeRequest, followUp, clock }: ReviewAfterPorts): ReviewAfter {
  return async (ended, reading) => {
    if (reading === undefined || profileOf(reading.target.type).locksTarget) return followUp.ended(ended);
    const hintedAt = clock.now().toISOString();
    const { traceId } = ended.decided;
    const because = 'next in line';
    await takeRequest(
      { version: 1, kind: 'target', id: reading.target.id, hintedAt, because, attempt: 0, traceId },
      { reading },
    );
    await followUp.retry(ended);
  };
}
