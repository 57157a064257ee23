import type { QueueClient } from '@azure/storage-queue';
import type { CallOptions, StorageCall, StorageOperation, StorageRequest } from '../call';
import type { QueuedMessage, SimulatedQueue } from './queue';

type SendMessageOptions = CallOptions & {
  readonly messageTimeToLive?: number;
  readonly visibilityTimeout?: number;
};
type ReceiveMessagesOptions = CallOptions & {
  readonly numberOfMessages?: number;
  readonly visibilityTimeout?: number;
};

/** The part of `QueueClient` that the app and the host use, on a simulated queue. */
export class SimulatedQueueClient {
  readonly url: string;

  constructor(
    readonly name: string,
    private readonly queue: SimulatedQueue,
    private readonly call: StorageCall,
  ) {
    this.url = `https://simulated.queue.core.windows.net/${name}`;
  }

  createIfNotExists(options?: CallOptions): Promise<{ succeeded: boolean }> {
    return this.call(this.request('create'), () => ({ succeeded: this.queue.create() }), options);
  }

  sendMessage(messageText: string, options: SendMessageOptions = {}) {
    const { visibilityTimeout: visibilitySeconds, messageTimeToLive: lifetimeSeconds } = options;
    const effect = () => {
      const sent = this.queue.send(messageText, { visibilitySeconds, lifetimeSeconds });
      const { messageId, popReceipt } = sent;
      return { messageId, popReceipt, ...datesOf(sent), nextVisibleOn: dateFrom(sent.visibleAtMs) };
    };
    return this.call(this.request('send'), effect, options);
  }

  receiveMessages(options: ReceiveMessagesOptions = {}) {
    const { numberOfMessages: count, visibilityTimeout: visibilitySeconds } = options;
    const effect = () => ({
      receivedMessageItems: this.queue.receive({ count, visibilitySeconds }).map((message) => ({
        ...peekedItemFrom(message),
        popReceipt: message.popReceipt,
        nextVisibleOn: dateFrom(message.visibleAtMs),
      })),
    });
    return this.call(this.request('receive'), effect, options);
  }

  peekMessages(options: CallOptions & { readonly numberOfMessages?: number } = {}) {
    const effect = () => ({
      peekedMessageItems: this.queue.peek(options.numberOfMessages).map(peekedItemFrom),
    });
    return this.call(this.request('peek'), effect, options);
  }

  /** Without a text the message keeps its own; without a timeout it is visible at once. */
  updateMessage(
    messageId: string,
    popReceipt: string,
    text?: string,
    visibilitySeconds = 0,
    options?: CallOptions,
  ) {
    const effect = () => {
      const updated = this.queue.update(messageId, popReceipt, { text, visibilitySeconds });
      return { popReceipt: updated.popReceipt, nextVisibleOn: dateFrom(updated.visibleAtMs) };
    };
    return this.call(this.request('update', messageId), effect, options);
  }

  deleteMessage(messageId: string, popReceipt: string, options?: CallOptions): Promise<void> {
    return this.call(
      this.request('delete', messageId),
      () => this.queue.delete(messageId, popReceipt),
      options,
    );
  }

  clearMessages(options?: CallOptions): Promise<void> {
    return this.call(this.request('clear'), () => this.queue.clear(), options);
  }

  getProperties(options?: CallOptions): Promise<{ approximateMessagesCount: number }> {
    const effect = () => ({ approximateMessagesCount: this.queue.count() });
    return this.call(this.request('properties'), effect, options);
  }

  private request(operation: StorageOperation, key?: string): StorageRequest {
    return { service: 'queue', resource: this.name, operation, key };
  }
}

function peekedItemFrom(message: QueuedMessage) {
  const { messageId, dequeueCount, text: messageText } = message;
  return { messageId, dequeueCount, messageText, ...datesOf(message) };
}

function datesOf({ insertedAtMs, expiresAtMs }: QueuedMessage) {
  return { insertedOn: dateFrom(insertedAtMs), expiresOn: dateFrom(expiresAtMs) };
}

const neverMs = Date.parse('9999-12-31T23:59:59.000Z');

/** Converts an instant to a date as replies have it: in whole seconds. */
function dateFrom(ms: number): Date {
  return new Date(Math.min(neverMs, Math.floor(ms / 1000) * 1000));
}

/** Returns the client as the SDK's type, of which it has only the part that the app and the host use. */
export function asQueueClient(client: SimulatedQueueClient): QueueClient {
  return client as unknown as QueueClient;
}
