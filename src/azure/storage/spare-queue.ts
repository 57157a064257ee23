import type { HiddenMessage } from '../../base/hidden-message';
import type { SpareQueue } from '../../worker/spare-copy';
import type { QueueSender } from './queues';

/** Spare copies of messages, in the same queue as the messages. */
export class StorageSpareQueue implements SpareQueue {
  constructor(private readonly sender: QueueSender) {}

  async putSpare(message: unknown, hiddenSeconds: number): Promise<HiddenMessage> {
    return this.sender.sendHidden(message, hiddenSeconds);
  }
}
