import type { QueueClient } from '@azure/storage-queue';
import { PosternError } from '../../base/errors';
import type { HiddenMessage } from '../../base/hidden-message';
import type { Alarm, AlarmCall } from '../../operations/alarm';
import type { OutcomeMessage, OutcomeQueue } from '../../outcomes/outcome-queue';
import type { ReviewQueue, ReviewRequest } from '../../review/queue/review-request';
import { failureOf } from './errors';
import type { OnDemand } from './on-demand';

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

  async ring(call: AlarmCall, delaySeconds: number): Promise<HiddenMessage> {
    return this.sender.sendHidden(call, delaySeconds);
  }
}

/** The outcomes queue. */
export class StorageOutcomeQueue implements OutcomeQueue {
  constructor(private readonly sender: QueueSender) {}

  async put(message: OutcomeMessage, delaySeconds: number): Promise<void> {
    await this.sender.send(message, delaySeconds);
  }
}

/**
 * The limits of the queue service: a message can be hidden for seven days at most and hold 64 KiB, of which
 * base64 takes a quarter.
 */
const maxDelaySeconds = 604_800;
const maxBytes = 48 * 1024;

/** The handle of a message that nobody has received; the receipt changes with every update. */
export interface SentMessage {
  readonly messageId: string;
  readonly popReceipt: string;
}

/** Sends JSON messages in the form that `functions/queue-message.ts` expects: base64, without expiry. */
export class QueueSender {
  constructor(private readonly queue: OnDemand<QueueClient>) {}

  /**
   * Sends a message. @throws PosternError MESSAGE_INVALID for a delay or a size that the service would
   * refuse.
   */
  async send(message: unknown, delaySeconds: number): Promise<SentMessage> {
    if (!(delaySeconds >= 0 && delaySeconds <= maxDelaySeconds)) {
      throw new PosternError('MESSAGE_INVALID', `a delay of ${delaySeconds} s is not possible`);
    }
    const bytes = Buffer.from(JSON.stringify(message), 'utf8');
    if (bytes.length > maxBytes) {
      throw new PosternError('MESSAGE_INVALID', `a message of ${bytes.length} bytes is too long`);
    }
    const visibilityTimeout = Math.ceil(delaySeconds);
    const { messageId, popReceipt } = await this.queue.use((client, options) =>
      client.sendMessage(bytes.toString('base64'), { ...options, messageTimeToLive: -1, visibilityTimeout }),
    );
    return { messageId, popReceipt };
  }

  /** Sends a message that stays hidden for that many seconds. @throws as `send` does. */
  async sendHidden(message: unknown, hiddenSeconds: number): Promise<HiddenMessage> {
    let sent: SentMessage | undefined = await this.send(message, hiddenSeconds);
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
      hide: (seconds) => unlessGone((present) => this.hide(present, seconds)),
      remove: () => unlessGone((present) => this.remove(present)),
    };
  }

  /** Hides a message for that many seconds from now. Resolves to the message with its new receipt. */
  private async hide({ messageId, popReceipt }: SentMessage, seconds: number): Promise<SentMessage> {
    const reply = await this.queue.use((client, options) =>
      client.updateMessage(messageId, popReceipt, undefined, Math.ceil(seconds), options),
    );
    return { messageId, popReceipt: reply.popReceipt ?? popReceipt };
  }

  private async remove({ messageId, popReceipt }: SentMessage): Promise<undefined> {
    await this.queue.use((client, options) => client.deleteMessage(messageId, popReceipt, options));
  }
}

/** Tells whether the message became visible and has been received or removed since. */
function isGone(error: unknown): boolean {
  const { httpStatus, code } = failureOf(error);
  return httpStatus === 404 || code === 'PopReceiptMismatch';
}
