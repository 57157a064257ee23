import { addSeconds, type Clock } from '../../../src/base/clock';

interface Hosted {
  readonly text: string;
  visibleAt: Date;
  taken: number;
}

/** The host's own figures: how long a read hides a message, and how often and when a failed one comes again. */
const lockSeconds = 600;
const visibilitySeconds = 30;
const maxDequeueCount = 5;

/** A storage queue as the Functions host reads it: hidden while in work, back when its worker is gone, then poison. */
export class HostQueue {
  private messages: Hosted[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly poison?: HostQueue,
  ) {}

  put(message: unknown, delaySeconds: number): void {
    if (!(delaySeconds >= 0 && delaySeconds <= 604_800)) throw new Error(`no delay: ${delaySeconds}`);
    const visibleAt = addSeconds(this.clock.now(), delaySeconds);
    this.messages.push({ text: JSON.stringify(message), visibleAt, taken: 0 });
  }

  get isEmpty(): boolean {
    return this.messages.length === 0;
  }

  /** When the next message can be read. */
  get nextAt(): Date | undefined {
    return this.messages.map(({ visibleAt }) => visibleAt).toSorted((a, b) => Number(a) - Number(b))[0];
  }

  /** The message that is due longest, hidden from now on; `deal` says what became of it. */
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

/** `crashed`: the message comes back when its lock runs out. `lost`: it never does, which no queue would do. */
export type Outcome = 'done' | 'failed' | 'crashed' | 'lost';
