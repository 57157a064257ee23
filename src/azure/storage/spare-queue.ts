import type { SpareCopy, SpareQueue } from '../../worker/spare-copy';
import { failureOf } from './errors';
import type { QueueSender, SentMessage } from './queues';

/** Spare copies of messages, in the same queue as the messages. */
export class StorageSpareQueue implements SpareQueue {
  constructor(private readonly sender: QueueSender) {}

  async putSpare(message: unknown, hiddenSeconds: number): Promise<SpareCopy> {
    let sent: SentMessage | undefined = await this.sender.send(message, hiddenSeconds);
    const unlessGone = async (work: (present: SentMessage) => Promise<SentMessage | undefined>) => {
      if (sent === undefined) return;
      try {
        sent = await work(sent);
      } catch (error) {
        if (!isGone(error)) throw error;
        sent = undefined;
      }
    };
    return {
      hide: (seconds) => unlessGone((present) => this.sender.hide(present, seconds)),
      remove: () => unlessGone((present) => this.sender.remove(present)),
    };
  }
}

/** Tells whether the copy became visible and has been received or removed since. */
function isGone(error: unknown): boolean {
  const { httpStatus, code } = failureOf(error);
  return httpStatus === 404 || code === 'PopReceiptMismatch';
}
