import type { ReviewQueue, ReviewRequest } from '../../../src/review/queue/review-request';
import { FakeDelayedQueue } from './fake-delayed-queue';

export class FakeReviewQueue extends FakeDelayedQueue<ReviewRequest> implements ReviewQueue {
  async put(request: ReviewRequest, delaySeconds: number): Promise<void> {
    await this.enqueue(request, delaySeconds);
  }
}
