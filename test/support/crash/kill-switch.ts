/** A kill at the `at`-th call of a port, counted from 1. */
export interface Kill {
  readonly at: number;
  /** `within`: during the call. A write then takes effect after the crash, and a batch is stored by half. */
  readonly when: 'before' | 'after' | 'within';
}

/** One call of a port. `first`: the first call of its invocation. */
export interface Call {
  readonly step: string;
  readonly point: string;
  readonly pointBefore: string;
  readonly first: boolean;
  readonly canBeHalf: boolean;
}

export interface CallOptions<T> {
  /** A name for people, as in docs/reliability-crashes.md. */
  readonly step: string;
  readonly work: () => Promise<T>;
  /** The part that takes effect if the process crashes during the call. */
  readonly half?: (() => Promise<void>) | undefined;
}

/**
 * Counts the port calls of one process, ends the process at one of them, and lets no call through after that.
 */
export class KillSwitch {
  /** Every call that was started, oldest first. */
  readonly calls: Call[] = [];
  /** The last step before the crash, as `trigger: step`. */
  crashedAt: string | undefined;
  readonly crashed: Promise<void>;
  private readonly announceCrash: () => void;
  private trigger = '';
  private lastStep = 'begun';

  constructor(private readonly kill?: Kill) {
    let announce = (): void => undefined;
    this.crashed = new Promise((resolve) => (announce = resolve));
    this.announceCrash = announce;
  }

  get hasCrashed(): boolean {
    return this.crashedAt !== undefined;
  }

  begin(trigger: string): void {
    this.trigger = trigger;
    this.lastStep = 'begun';
  }

  async call<T>({ step, work, half }: CallOptions<T>): Promise<T> {
    if (this.hasCrashed) return never();
    const point = `${this.trigger}: ${step}`;
    const pointBefore = `${this.trigger}: ${this.lastStep}`;
    const first = this.lastStep === 'begun';
    this.calls.push({ step, point, pointBefore, first, canBeHalf: half !== undefined });
    const when = this.calls.length === this.kill?.at ? this.kill.when : undefined;
    if (when === 'before') return this.crash(pointBefore);
    if (when === 'within') {
      await half?.();
      return this.crash(`${point}, by half`);
    }
    try {
      return await work();
    } finally {
      this.lastStep = step;
      if (when === 'after') await this.crash(point);
      if (this.hasCrashed) await never();
    }
  }

  private crash(point: string): Promise<never> {
    this.crashedAt = point;
    this.announceCrash();
    return never();
  }
}

/** Returns the result of any call after the crash: a promise that never settles. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
