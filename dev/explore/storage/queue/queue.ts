import { type Refusal, serviceError } from '../errors';
import type { Ids } from '../ids';

/** A message as a judge sees it, hidden or not. Times are in milliseconds. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly popReceipt: string;
  readonly text: string;
  readonly insertedAtMs: number;
  readonly visibleAtMs: number;
  /** Infinity for a message without expiry. */
  readonly expiresAtMs: number;
  readonly dequeueCount: number;
}

interface Message extends QueuedMessage {
  /** Grows with every message that is sent. */
  readonly sequence: number;
}

export interface SendOptions {
  readonly visibilitySeconds?: number | undefined;
  /** -1: the message never expires. Default: seven days. */
  readonly lifetimeSeconds?: number | undefined;
}

export interface ReceiveOptions {
  readonly count?: number | undefined;
  readonly visibilitySeconds?: number | undefined;
}

const weekSeconds = 604_800;
const defaultReceiveSeconds = 30;
const maxReceived = 32;
const endless = -1;
const maxBytes = 64 * 1024;
const maxBytesOfUnit = 3;

/** A queue of a simulated storage account. */
export class SimulatedQueue {
  /** In the order in which they become visible; of those that do so together, the one sent first. */
  private messages: Message[] = [];
  /** No message expires before; later than true when that message was removed. */
  private nextExpiryMs = Number.POSITIVE_INFINITY;
  private isCreated = false;
  private sent = 0;
  private changes = 0;

  constructor(
    private readonly ids: Ids,
    private readonly now: () => number,
  ) {}

  /** The number of changes so far: as long as it stays, so do all messages, unless one expires. */
  get changeCount(): number {
    return this.changes;
  }

  /** Returns all messages, the hidden ones included, in the order in which they become visible. */
  snapshot(): readonly QueuedMessage[] {
    this.dropExpired();
    return [...this.messages];
  }

  /**
   * Returns when the next message can be received, which may be in the past; `undefined` when there is none.
   */
  nextVisibleMs(): number | undefined {
    this.dropExpired();
    return this.messages[0]?.visibleAtMs;
  }

  /** Creates the queue. Returns whether it was missing. */
  create(): boolean {
    const wasMissing = !this.isCreated;
    this.isCreated = true;
    return wasMissing;
  }

  /** Adds a message. @throws RestError */
  send(text: string, { visibilitySeconds = 0, lifetimeSeconds }: SendOptions = {}): QueuedMessage {
    checkText(text);
    checkSeconds(visibilitySeconds, 0);
    if (lifetimeSeconds !== undefined) checkLifetime(lifetimeSeconds, visibilitySeconds);
    this.checkCreated();
    this.sent += 1;
    const now = this.now();
    const message: Message = {
      messageId: this.ids.uuid(),
      popReceipt: this.ids.uuid(),
      text,
      insertedAtMs: now,
      visibleAtMs: now + visibilitySeconds * 1000,
      expiresAtMs: expiryFrom(now, lifetimeSeconds),
      dequeueCount: 0,
      sequence: this.sent,
    };
    this.nextExpiryMs = Math.min(this.nextExpiryMs, message.expiresAtMs);
    this.put(message);
    return message;
  }

  /** Receives visible messages and hides them. @throws RestError */
  receive({
    count = 1,
    visibilitySeconds = defaultReceiveSeconds,
  }: ReceiveOptions = {}): readonly QueuedMessage[] {
    checkSeconds(visibilitySeconds, 1);
    checkCount(count);
    const visibleAtMs = this.now() + visibilitySeconds * 1000;
    const received = this.visible(count).map((message) => ({
      ...message,
      visibleAtMs,
      popReceipt: this.ids.uuid(),
      dequeueCount: message.dequeueCount + 1,
    }));
    this.messages.splice(0, received.length);
    for (const message of received) this.put(message);
    return received;
  }

  /** Returns visible messages as they are. @throws RestError */
  peek(count = 1): readonly QueuedMessage[] {
    checkCount(count);
    return this.visible(count);
  }

  /**
   * Hides a message anew, under another receipt, and replaces its text unless that is absent. @throws
   * RestError
   */
  update(
    messageId: string,
    popReceipt: string,
    { text, visibilitySeconds }: { readonly text: string | undefined; readonly visibilitySeconds: number },
  ): QueuedMessage {
    if (text !== undefined) checkText(text);
    checkSeconds(visibilitySeconds, 0);
    const index = this.indexOf(messageId, popReceipt);
    const [message] = this.messages.splice(index, 1);
    if (message === undefined) throw serviceError(noMessage);
    const updated: Message = {
      ...message,
      text: text ?? message.text,
      popReceipt: this.ids.uuid(),
      visibleAtMs: this.now() + visibilitySeconds * 1000,
    };
    this.put(updated);
    return updated;
  }

  /** Removes a message. @throws RestError */
  delete(messageId: string, popReceipt: string): void {
    this.messages.splice(this.indexOf(messageId, popReceipt), 1);
    this.changes += 1;
  }

  /** Removes all messages. @throws RestError */
  clear(): void {
    this.checkCreated();
    this.messages = [];
    this.changes += 1;
  }

  /** Counts the messages, the hidden ones included. @throws RestError */
  count(): number {
    this.checkCreated();
    this.dropExpired();
    return this.messages.length;
  }

  private visible(count: number): readonly Message[] {
    this.checkCreated();
    this.dropExpired();
    const now = this.now();
    let end = 0;
    while (end < count && (this.messages[end]?.visibleAtMs ?? Number.POSITIVE_INFINITY) <= now) end += 1;
    return this.messages.slice(0, end);
  }

  /** Puts a message where its turn is. */
  private put(message: Message): void {
    let low = 0;
    let high = this.messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.messages[middle];
      if (other !== undefined && isBefore(other, message)) low = middle + 1;
      else high = middle;
    }
    this.messages.splice(low, 0, message);
    this.changes += 1;
  }

  private indexOf(messageId: string, popReceipt: string): number {
    this.checkCreated();
    this.dropExpired();
    const index = this.messages.findIndex((message) => message.messageId === messageId);
    if (index === -1) throw serviceError(noMessage);
    if (this.messages[index]?.popReceipt !== popReceipt) throw serviceError(otherReceipt);
    return index;
  }

  private dropExpired(): void {
    const now = this.now();
    if (now < this.nextExpiryMs) return;
    this.messages = this.messages.filter(({ expiresAtMs }) => expiresAtMs > now);
    this.nextExpiryMs = Math.min(...this.messages.map(({ expiresAtMs }) => expiresAtMs));
    this.changes += 1;
  }

  private checkCreated(): void {
    if (!this.isCreated) throw serviceError(noQueue);
  }
}

function isBefore(one: Message, other: Message): boolean {
  if (one.visibleAtMs !== other.visibleAtMs) return one.visibleAtMs < other.visibleAtMs;
  return one.sequence < other.sequence;
}

function expiryFrom(now: number, lifetimeSeconds = weekSeconds): number {
  return lifetimeSeconds === endless ? Number.POSITIVE_INFINITY : now + lifetimeSeconds * 1000;
}

function checkLifetime(lifetimeSeconds: number, visibilitySeconds: number): void {
  if (lifetimeSeconds === endless) return;
  if (lifetimeSeconds < 1 || visibilitySeconds >= lifetimeSeconds) throw serviceError(invalidLifetime);
}

function checkText(text: string): void {
  if (text.length * maxBytesOfUnit > maxBytes && Buffer.byteLength(text) > maxBytes) {
    throw serviceError({
      status: 413,
      code: 'RequestBodyTooLarge',
      message: 'The request body is too large and exceeds the maximum permissible limit.',
    });
  }
}

function checkSeconds(seconds: number, least: number): void {
  if (seconds < least || seconds > weekSeconds) throw serviceError(outOfRange);
}

function checkCount(count: number): void {
  if (count < 1 || count > maxReceived) throw serviceError(outOfRange);
}

const noQueue: Refusal = {
  status: 404,
  code: 'QueueNotFound',
  message: 'The specified queue does not exist.',
};
const noMessage: Refusal = {
  status: 404,
  code: 'MessageNotFound',
  message: 'The specified message does not exist.',
};
const otherReceipt: Refusal = {
  status: 400,
  code: 'PopReceiptMismatch',
  message: 'The specified pop receipt did not match the pop receipt for a dequeued message.',
};
const outOfRange: Refusal = {
  status: 400,
  code: 'OutOfRangeQueryParameterValue',
  message: 'One of the query parameters specified in the request URI is outside the permissible range.',
};
const invalidLifetime: Refusal = {
  status: 400,
  code: 'InvalidQueryParameterValue',
  message: 'Value for one of the query parameters specified in the request URI is invalid.',
};
