import type { Alarm, AlarmCall } from '../../operations/alarm';
import type { OutcomeMessage, OutcomeQueue } from '../../outcomes/outcome-queue';
import type { ReviewQueue, ReviewRequest } from '../../review/queue/review-request';
import type { QueueSender } from './queue-sender';

/** The reviews queue. */
export class StorageReviewQueue implements ReviewQueue {
  constructor(private readonly sender: QueueSender) {}

  async put(request: ReviewRequest, delaySeconds: number): Promise<void> {
    await this.sender.send(request, delaySeconds);
  }
}

/** The operations queue. */
export class StorageAlarm implements Alarm {
  constructor(private readonly sender: QueueSender) {}

  async ring(call: AlarmCall, delaySeconds: number): Promise<void> {
    await this.sender.send(call, delaySeconds);
  }
}

/** The outcomes queue. */
export class StorageOutcomeQueue implements OutcomeQueue {
  constructor(private readonly sender: QueueSender) {}

  async put(message: OutcomeMessage, delaySeconds: number): Promise<void> {
    await this.sender.send(message, delaySeconds);
  }
}
