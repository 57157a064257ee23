import { addSeconds, type Clock } from '../../../src/base/clock';
import type { HiddenMessage } from '../../../src/base/hidden-message';

interface Hosted {
  readonly text: string;
  visibleAt: Date;
  taken: number;
}

/**
 * The host's values: how long a read hides a message, when a failed message is delivered again, and how
 * often.
 */
const lockSeconds = 600;
const visibilitySeconds = 30;
const maxDequeueCount = 5;

/**
 * A storage queue as the Functions host reads it: messages are hidden while they are processed, visible again
 * if the worker is gone, and finally poison.
 */
export class HostQueue {
  private messages: Hosted[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly poison?: HostQueue,
  ) {}

  put(message: unknown, delaySeconds: number): HiddenMessage {
    if (!(delaySeconds >= 0 && delaySeconds <= 604_800)) throw new Error(`no delay: ${delaySeconds}`);
    const visibleAt = addSeconds(this.clock.now(), delaySeconds);
    const hosted: Hosted = { text: JSON.stringify(message), visibleAt, taken: 0 };
    this.messages.push(hosted);
    // A message that has been taken has another receipt.
    const isOurs = (): boolean => hosted.taken === 0;
    return {
      hide: async (seconds) => {
        if (isOurs()) hosted.visibleAt = addSeconds(this.clock.now(), seconds);
      },
      remove: async () => {
        if (isOurs()) this.remove(hosted);
      },
    };
  }

  get isEmpty(): boolean {
    return this.messages.length === 0;
  }

  /** The time at which the next message becomes visible. */
  get nextAt(): Date | undefined {
    return this.messages.map(({ visibleAt }) => visibleAt).toSorted((a, b) => Number(a) - Number(b))[0];
  }

  /** Takes the message that has been due longest and hides it. `deal` reports the outcome. */
  take():
    { readonly message: unknown; readonly deliveries: number; deal(outcome: Outcome): void } | undefined {
    const now = this.clock.now();
    const [next] = this.messages
      .filter(({ visibleAt }) => visibleAt <= now)
      .toSorted((a, b) => Number(a.visibleAt) - Number(b.visibleAt));
    if (next === undefined) return undefined;
    next.taken += 1;
    if (next.taken > maxDequeueCount) {
      this.giveUp(next);
      return this.take();
    }
    next.visibleAt = addSeconds(now, lockSeconds);
    return {
      message: JSON.parse(next.text),
      deliveries: next.taken,
      deal: (outcome) => this.deal(next, outcome),
    };
  }

  private deal(hosted: Hosted, outcome: Outcome): void {
    if (outcome === 'done' || outcome === 'lost') this.remove(hosted);
    if (outcome !== 'failed') return;
    if (hosted.taken >= maxDequeueCount) this.giveUp(hosted);
    else hosted.visibleAt = addSeconds(this.clock.now(), visibilitySeconds);
  }

  private giveUp(hosted: Hosted): void {
    this.remove(hosted);
    this.poison?.put(JSON.parse(hosted.text), 0);
  }

  private remove(hosted: Hosted): void {
    this.messages = this.messages.filter((other) => other !== hosted);
  }
}

/**
 * `crashed`: the message becomes visible when its lock expires. `lost`: it never does, which no real queue
 * allows.
 */
export type Outcome = 'done' | 'failed' | 'crashed' | 'lost';
