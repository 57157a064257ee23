import type { ReviewQueue, ReviewRequest } from '../../../src/review/queue/review-request';
import { FakeDelayedQueue } from './fake-delayed-queue';

export class FakeReviewQueue extends FakeDelayedQueue<ReviewRequest> implements ReviewQueue {
  put(request: ReviewRequest, delaySeconds: number): Promise<void> {
    return this.enqueue(request, delaySeconds);
  }
}
