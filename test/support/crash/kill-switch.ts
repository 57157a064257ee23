/** Where a process is killed: at its `at`-th call of a port, counted from 1. */
export interface Kill {
  readonly at: number;
  /** `within`: the call was on its way. A write is carried out after the process is gone, a batch is kept by half. */
  readonly when: 'before' | 'after' | 'within';
}

/** One call of a port. `first`: no call of the same invocation came before it. */
export interface Call {
  readonly step: string;
  readonly point: string;
  readonly pointBefore: string;
  readonly first: boolean;
  readonly canBeHalf: boolean;
}

export interface CallOptions<T> {
  /** For people, in the words of docs/reliability-crashes.md. */
  readonly step: string;
  readonly work: () => Promise<T>;
  /** What of it takes effect when the process ends while it is under way. */
  readonly half?: (() => Promise<void>) | undefined;
}

/** The life of one process: counts its calls of ports, ends it at one of them, and lets nothing through after that. */
export class KillSwitch {
  /** Every call that was begun, oldest first. */
  readonly calls: Call[] = [];
  /** The step between steps at which it died, as `trigger: step`. */
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

/** What a dead process gets to see. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
