/** The clock of the local Azure. All durations are in seconds of this clock. */
export interface LocalClock {
  /** Seconds of this clock per real second. */
  readonly speed: number;
  /** Returns the instant shown to clients (headers, events, tokens): real time, or the manual clock's own. */
  now(): Date;
  /** Returns the seconds since the clock was created. Never decreases. */
  seconds(): number;
  /** Runs `job` after `afterSeconds`. Jobs run in the order of their time. A job must not throw. */
  schedule(afterSeconds: number, job: () => void): Cancel;
  /** Resolves after `seconds`, or at once when the clock is closed. */
  sleep(seconds: number): Promise<void>;
  /** Drops every job that has not run yet and resolves every sleep. */
  close(): void;
}

export type Cancel = () => void;

export interface ManualClock extends LocalClock {
  /**
   * Advances the time and runs due jobs in order. Promises started by a job can continue before the next one.
   */
  advance(seconds: number): Promise<void>;
}

/** Creates a clock that follows the machine's time, `speed` times as fast. */
export function createRunningClock(speed = 1): LocalClock {
  const started = performance.now();
  const pending = new Map<NodeJS.Timeout, (() => void) | undefined>();

  function schedule(afterSeconds: number, job: () => void, onClose?: () => void): Cancel {
    const timer = setTimeout(
      () => {
        pending.delete(timer);
        job();
      },
      (afterSeconds * 1000) / speed,
    );
    pending.set(timer, onClose);
    return () => {
      clearTimeout(timer);
      pending.delete(timer);
    };
  }

  return {
    speed,
    now: () => new Date(),
    seconds: () => ((performance.now() - started) / 1000) * speed,
    schedule: (afterSeconds, job) => schedule(afterSeconds, job),
    sleep: (seconds) => new Promise((resolve) => schedule(seconds, resolve, resolve)),
    close: () => {
      for (const [timer, onClose] of [...pending]) {
        clearTimeout(timer);
        onClose?.();
      }
      pending.clear();
    },
  };
}

interface Job {
  readonly at: number;
  readonly run: () => void;
  readonly onClose?: (() => void) | undefined;
}

/** Creates a clock that stands still until `advance`. `startedAt` is the first instant that clients see. */
export function createManualClock(startedAt: Date = new Date()): ManualClock {
  let seconds = 0;
  let jobs: Job[] = [];

  function add(job: Job): Cancel {
    jobs.push(job);
    return () => {
      jobs = jobs.filter((other) => other !== job);
    };
  }

  async function advance(by: number): Promise<void> {
    const end = seconds + by;
    await settle();
    for (let job = nextJob(jobs, end); job !== undefined; job = nextJob(jobs, end)) {
      jobs.splice(jobs.indexOf(job), 1);
      seconds = Math.max(seconds, job.at);
      job.run();
      await settle();
    }
    seconds = end;
  }

  return {
    speed: 1,
    now: () => new Date(startedAt.getTime() + seconds * 1000),
    seconds: () => seconds,
    schedule: (afterSeconds, run) => add({ at: seconds + afterSeconds, run }),
    sleep: (after) =>
      new Promise((resolve) => void add({ at: seconds + after, run: resolve, onClose: resolve })),
    close: () => {
      const dropped = jobs;
      jobs = [];
      for (const job of dropped) job.onClose?.();
    },
    advance,
  };
}

/** Returns `Retry-After` for a wait of this clock, in whole real seconds, at least 1. */
export function retryAfterText(clock: LocalClock, seconds: number): string {
  return String(Math.max(1, Math.ceil(seconds / clock.speed)));
}

function nextJob(jobs: readonly Job[], until: number): Job | undefined {
  return jobs
    .filter((job) => job.at <= until)
    .reduce<Job | undefined>(
      (first, job) => (first === undefined || job.at < first.at ? job : first),
      undefined,
    );
}

/** Lets code that waits for resolved promises continue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
