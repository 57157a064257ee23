import type { Clock } from '../../base/clock';
import type { OperationStore } from '../../operations/operation-store';
import { askForReview, type ReviewQueue } from '../queue/review-request';

export interface EndedApprovalsOptions {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
}

/** Asks for a review of every target with an approval whose time is over. Streams. */
export async function askForEndedApprovals(
  options: EndedApprovalsOptions,
  traceId: string | undefined,
): Promise<void> {
  let last: string | undefined;
  for await (const { target } of options.operations.endedApprovals(options.clock.now())) {
    if (target.key === last) continue;
    last = target.key;
    await askForReview(options, { target, because: 'an approval has ended', traceId });
  }
}
