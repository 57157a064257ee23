import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import { BackOff } from './back-off';
import { messageOf } from '../errors';
import { isQueueName, type HostedFunction, type Trigger } from '../functions';
import type { QueueOptions } from '../host-json';
import type { Invoke } from '../invoker';
import type { HostLog } from '../log-line';
import { queueMetadata } from './queue-metadata';
import { decodeMessage, isLockLost, isNotFound, textOf, type Queues } from './queues';

export interface QueueTimes {
  /** How long a read hides a message. The real host: 10 minutes. */
  readonly lockSeconds?: number;
  /** How often the lock is renewed while a function runs. The real host: every 5 minutes. */
  readonly renewalMs?: number;
}

export interface QueueListenerOptions extends QueueTimes {
  readonly target: HostedFunction;
  readonly trigger: Extract<Trigger, { readonly kind: 'queue' }>;
  readonly queues: Queues;
  readonly options: QueueOptions;
  readonly invoke: Invoke;
  readonly log: HostLog;
}

const defaultLockSeconds = 600;
const defaultRenewalMs = 300_000;
const minimumPollingMs = 100;

/**
 * Reads one queue for one function, with the Storage extension's batches, locks, retries and poison queue.
 */
export class QueueListener {
  readonly #given: QueueListenerOptions;
  readonly #client: QueueClient;
  readonly #backOff: BackOff;
  readonly #inWork = new Set<Promise<void>>();
  #stopped = false;
  #isAbandoned = false;
  #wake: () => void = () => undefined;
  #unwatch: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(given: QueueListenerOptions) {
    this.#given = given;
    this.#client = given.queues.client(given.trigger);
    this.#backOff = new BackOff({
      minimumMs: Math.min(minimumPollingMs, given.options.maxPollingIntervalMs),
      maximumMs: given.options.maxPollingIntervalMs,
      random: Math.random,
    });
  }

  start(): void {
    this.#unwatch = this.#given.queues.watch(this.#given.trigger, () => {
      this.#backOff.reset();
      this.#wake();
    });
    this.#loop = this.#run();
  }

  /** Stops reading and resolves when every read message is finished. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unwatch();
    this.#wake();
    await this.#loop;
    await Promise.all(this.#inWork);
  }

  /** Behaves as if the host's process ended: messages being processed are not touched any more. */
  abandon(): void {
    this.#isAbandoned = true;
    void this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      if (this.#inWork.size > this.#given.options.newBatchThreshold) {
        await Promise.race(this.#inWork);
        continue;
      }
      const messages = await this.#receive();
      if (this.#isAbandoned) return;
      for (const message of messages) this.#take(message);
      if (messages.length > 0) this.#backOff.reset();
      else await this.#pause(this.#backOff.next());
    }
  }

  async #receive(): Promise<DequeuedMessageItem[]> {
    try {
      const reply = await this.#client.receiveMessages({
        numberOfMessages: this.#given.options.batchSize,
        visibilityTimeout: this.#given.lockSeconds ?? defaultLockSeconds,
      });
      return reply.receivedMessageItems;
    } catch (error) {
      // A queue that does not exist yet counts as empty.
      if (!isNotFound(error)) this.#log('error', `Cannot read the queue: ${messageOf(error)}`);
      return [];
    }
  }

  /** Waits until the time is over or this host has added a message to the queue. */
  async #pause(milliseconds: number): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #take(message: DequeuedMessageItem): void {
    const work: Promise<void> = this.#process(message)
      .catch((error: unknown) => {
        const fate = isLockLost(error) ? 'is no longer ours' : 'stays locked';
        this.#log('warning', `Message ${message.messageId} ${fate}: ${messageOf(error)}`);
      })
      .finally(() => this.#inWork.delete(work));
    this.#inWork.add(work);
  }

  async #process(message: DequeuedMessageItem): Promise<void> {
    const { options, target, invoke } = this.#given;
    const content = decodeMessage(message.messageText, options.messageEncoding);
    if (content === undefined || message.dequeueCount > options.maxDequeueCount) {
      return this.#giveUp(message, message.popReceipt);
    }
    const lock = this.#renew(message);
    let isDone = false;
    try {
      const text = this.#textOf(content);
      await invoke(target, { data: { string: text }, triggerMetadata: queueMetadata(message, text) });
      isDone = true;
    } catch {
      // The invoker has logged the reason.
    }
    const popReceipt = await lock.release();
    if (this.#isAbandoned) return;
    if (isDone) await this.#client.deleteMessage(message.messageId, popReceipt);
    else await this.#retry(message, popReceipt);
  }

  /** Decodes a message. Invalid UTF-8 fails the invocation before the function is called. */
  #textOf(content: Uint8Array): string {
    try {
      return textOf(content);
    } catch (error) {
      this.#log('error', `Failed: the message cannot be read: ${messageOf(error)}`);
      throw error;
    }
  }

  /**
   * Returns a failed message to the queue. Without a poison queue, it stays locked for the whole lock,
   * however often it was delivered.
   */
  async #retry(message: DequeuedMessageItem, popReceipt: string): Promise<void> {
    const { maxDequeueCount, visibilityTimeoutMs } = this.#given.options;
    if (message.dequeueCount >= maxDequeueCount || this.#poisonName() === undefined) {
      return this.#giveUp(message, popReceipt);
    }
    const seconds = Math.floor(visibilityTimeoutMs / 1000);
    await this.#client.updateMessage(message.messageId, popReceipt, undefined, seconds);
  }

  /**
   * Copies the message unchanged to the poison queue. Without a poison queue it stays locked and is delivered
   * again later.
   */
  async #giveUp(message: DequeuedMessageItem, popReceipt: string): Promise<void> {
    const poison = this.#poisonName();
    if (poison === undefined) {
      this.#log(
        'error',
        `Message ${message.messageId} failed, and its queue has no poison queue; it stays locked.`,
      );
      return;
    }
    const { connection } = this.#given.trigger;
    await this.#given.queues.enqueue({ queueName: poison, connection }, message.messageText);
    await this.#client.deleteMessage(message.messageId, popReceipt);
    this.#log('error', `Message ${message.messageId} moved to "${poison}".`);
  }

  #poisonName(): string | undefined {
    const { queueName } = this.#given.trigger;
    const poison = `${queueName}-poison`;
    return queueName.endsWith('-poison') || !isQueueName(poison) ? undefined : poison;
  }

  /** Keeps the message locked until `release`, which resolves to the valid pop receipt. */
  #renew(message: DequeuedMessageItem): { readonly release: () => Promise<string> } {
    let popReceipt = message.popReceipt;
    let renewal = Promise.resolve();
    const renew = async (): Promise<void> => {
      if (this.#isAbandoned) {
        clearInterval(timer);
        return;
      }
      try {
        const lock = this.#given.lockSeconds ?? defaultLockSeconds;
        const reply = await this.#client.updateMessage(message.messageId, popReceipt, undefined, lock);
        popReceipt = reply.popReceipt ?? popReceipt;
      } catch (error) {
        this.#log('warning', `Cannot renew the lock of ${message.messageId}: ${messageOf(error)}`);
      }
    };
    const timer = setInterval(() => {
      renewal = renewal.then(renew);
    }, this.#given.renewalMs ?? defaultRenewalMs);
    timer.unref();
    const release = async (): Promise<string> => {
      clearInterval(timer);
      await renewal;
      return popReceipt;
    };
    return { release };
  }

  #log(level: 'warning' | 'error', message: string): void {
    this.#given.log({ level, category: 'host', function: this.#given.target.name, message });
  }
}
