/** The time that the local Azure lives in. Every duration in it is in seconds of this clock. */
export interface LocalClock {
  /** How many seconds of this clock pass in one real second. */
  readonly speed: number;
  /** The instant that clients are shown (headers, events, tokens): real time, or the manual clock's own. */
  now(): Date;
  /** Seconds since the clock was made; only ever grows. */
  seconds(): number;
  /** Runs `job` in `afterSeconds`. Jobs run in the order of their time. A job must not throw. */
  schedule(afterSeconds: number, job: () => void): Cancel;
  /** Resolves after `seconds`; at once when the clock is closed. */
  sleep(seconds: number): Promise<void>;
  /** Drops every job that has not run yet and wakes every sleeper. */
  close(): void;
}

export type Cancel = () => void;

export interface ManualClock extends LocalClock {
  /** Lets time pass and runs what falls due, in order; promises that the jobs started get a turn in between. */
  advance(seconds: number): Promise<void>;
}

/** Runs with the machine's time, `speed` times as fast. */
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

/** Stands still until it is told to advance. `startedAt` is the instant that clients are shown first. */
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

/** What `Retry-After` says for a wait of this clock: whole real seconds, at least 1. */
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

/** Lets everything that waits on resolved promises go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
