import type { HiddenMessage } from '../../../src/base/hidden-message';
import type { ReviewQueue, ReviewRequest } from '../../../src/review/queue/review-request';
import { FakeDelayedQueue } from './fake-delayed-queue';

export class FakeReviewQueue extends FakeDelayedQueue<ReviewRequest> implements ReviewQueue {
  async put(request: ReviewRequest, delaySeconds: number): Promise<void> {
    await this.enqueue(request, delaySeconds);
  }

  /** Queues a request that is answered meanwhile. */
  putSpare(request: unknown, hiddenSeconds: number): Promise<HiddenMessage> {
    return this.enqueue(request as ReviewRequest, hiddenSeconds);
  }
}
