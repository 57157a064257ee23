import { addSeconds, type Clock } from '../../../src/base/clock';
import { PosternError } from '../../../src/base/errors';
import type { HiddenMessage } from '../../../src/base/hidden-message';

export interface QueuedMessage<T> {
  readonly message: T;
  readonly delaySeconds: number;
  readonly dueAt: Date;
}

/**
 * A queue in memory. Messages become due by elapsed time, whatever the clock is set to. The fakes of the
 * queue ports extend it.
 */
export class FakeDelayedQueue<T> {
  /** All messages ever added, in order. */
  readonly history: QueuedMessage<T>[] = [];
  private waiting: (QueuedMessage<T> & { readonly dueMs: number })[] = [];
  private failure: Error | undefined;

  constructor(private readonly clock: Clock) {}

  /** Makes the next message fail with `error`. */
  failNext(error: Error): void {
    this.failure = error;
  }

  /** Messages that were not taken yet, due or not, in the order of adding. */
  get pending(): readonly QueuedMessage<T>[] {
    return this.waiting;
  }

  /** Whole seconds until a message is due; 0 if one is due now, `Infinity` for an empty queue. */
  get secondsUntilDue(): number {
    const dueMs = Math.min(...this.waiting.map((each) => each.dueMs));
    return Math.max(0, Math.ceil((dueMs - this.clock.monotonicMs()) / 1000));
  }

  /** Takes the due messages, the longest due first. */
  takeDue(): readonly T[] {
    const nowMs = this.clock.monotonicMs();
    const due = this.waiting.filter(({ dueMs }) => dueMs <= nowMs);
    this.waiting = this.waiting.filter(({ dueMs }) => dueMs > nowMs);
    return due.toSorted((a, b) => a.dueMs - b.dueMs).map(({ message }) => message);
  }

  protected async enqueue(message: T, delaySeconds: number): Promise<HiddenMessage> {
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    if (!(delaySeconds >= 0 && delaySeconds <= 604_800)) {
      throw new PosternError('MESSAGE_INVALID', `a delay of ${delaySeconds} s is not possible`);
    }
    if (JSON.stringify(message).length > 48 * 1024) {
      throw new PosternError('MESSAGE_INVALID', 'the message is longer than 48 KiB');
    }
    const queued = {
      message: structuredClone(message),
      delaySeconds,
      dueAt: addSeconds(this.clock.now(), delaySeconds),
    };
    const entry = { ...queued, dueMs: this.clock.monotonicMs() + delaySeconds * 1000 };
    this.waiting.push(entry);
    this.history.push(queued);
    return {
      hide: async (seconds) => {
        const dueMs = this.clock.monotonicMs() + seconds * 1000;
        const moved = { ...queued, delaySeconds: seconds, dueAt: addSeconds(this.clock.now(), seconds) };
        this.waiting = this.waiting.map((each) =>
          each === entry ? Object.assign(entry, moved, { dueMs }) : each,
        );
      },
      remove: async () => {
        this.waiting = this.waiting.filter((each) => each !== entry);
      },
    };
  }
}
