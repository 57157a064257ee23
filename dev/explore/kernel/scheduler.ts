import type { Random } from '../../azure/model/random';
import { asError } from './as-error';

/** Who a job belongs to. A job of an owner that is away waits; a job of a dead owner is dropped. */
export interface Owner {
  readonly isDead: boolean;
  /** The virtual time, in milliseconds, until which the owner does nothing. */
  readonly awayUntilMs: number;
}

export type Cancel = () => void;

/** Virtual time and the order of everything that happens in it. */
export interface Scheduler {
  /** Returns the virtual time, in milliseconds since 1970. */
  nowMs(): number;
  /** Runs `job` after `delayMs`. Jobs of the same millisecond run in an order drawn from the seed. */
  at(delayMs: number, job: () => void, owner?: Owner): Cancel;
  /**
   * Runs jobs in the order of their time, up to and including `untilMs`, and stops early once `isOver`
   * returns true. All promises that a job has resolved are followed before the next job begins.
   */
  run(untilMs: number, isOver?: () => boolean): Promise<void>;
  /** The number of jobs that have run. */
  readonly steps: number;
  /** Drops every job. */
  close(): void;
}

interface Job {
  readonly atMs: number;
  readonly order: number;
  readonly sequence: number;
  readonly run: () => void;
  readonly owner: Owner | undefined;
  isCancelled: boolean;
}

/** How many jobs one turn of the event loop runs; promises are followed after each of them. */
const jobsPerTurn = 64;

/** Creates a scheduler whose time begins at `startMs`. */
export function createScheduler(startMs: number, random: Random): Scheduler {
  const heap = new JobHeap();
  let now = startMs;
  let sequence = 0;
  let steps = 0;
  let failure: { readonly error: unknown } | undefined;

  function push(atMs: number, run: () => void, owner: Owner | undefined): Job {
    sequence += 1;
    const job = { atMs, order: random.next(), sequence, run, owner, isCancelled: false };
    heap.push(job);
    return job;
  }

  /** Runs the next job that is due; false if there is none. */
  function step(untilMs: number): boolean {
    for (let job = heap.peek(); job !== undefined && job.atMs <= untilMs; job = heap.peek()) {
      heap.pop();
      if (job.isCancelled || job.owner?.isDead === true) continue;
      now = Math.max(now, job.atMs);
      if (job.owner !== undefined && job.owner.awayUntilMs > now) {
        push(job.owner.awayUntilMs, () => (job.isCancelled ? undefined : job.run()), job.owner);
        continue;
      }
      steps += 1;
      job.run();
      return true;
    }
    return false;
  }

  return {
    nowMs: () => now,
    get steps() {
      return steps;
    },
    at: (delayMs, run, owner) => {
      const job = push(now + Math.max(0, delayMs), run, owner);
      return () => {
        job.isCancelled = true;
      };
    },
    run: (untilMs, isOver) =>
      new Promise((resolve, reject) => {
        let isEnded = false;
        const end = (): void => {
          isEnded = true;
          if (failure !== undefined) reject(asError(failure.error));
          else resolve();
        };
        const turn = (left: number): void => {
          if (isEnded) return;
          try {
            if (isOver?.() === true) return end();
            if (!step(untilMs)) {
              now = Math.max(now, untilMs);
              return end();
            }
          } catch (error) {
            failure = { error };
            return end();
          }
          if (left === 1) for (let each = jobsPerTurn; each > 0; each -= 1) setImmediate(turn, each);
        };
        // Each callback of one turn is followed by all promises that it has resolved.
        for (let each = jobsPerTurn; each > 0; each -= 1) setImmediate(turn, each);
      }),
    close: () => heap.clear(),
  };
}

/** A binary heap: the earliest job first, then the order drawn for it. */
class JobHeap {
  #jobs: Job[] = [];

  peek(): Job | undefined {
    return this.#jobs[0];
  }

  push(job: Job): void {
    const jobs = this.#jobs;
    let index = jobs.push(job) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(job, jobs[parent]!)) break;
      jobs[index] = jobs[parent]!;
      index = parent;
    }
    jobs[index] = job;
  }

  pop(): void {
    const jobs = this.#jobs;
    const last = jobs.pop();
    if (last === undefined || jobs.length === 0) return;
    let index = 0;
    for (let child = 1; child < jobs.length; child = 2 * index + 1) {
      if (child + 1 < jobs.length && isBefore(jobs[child + 1]!, jobs[child]!)) child += 1;
      if (!isBefore(jobs[child]!, last)) break;
      jobs[index] = jobs[child]!;
      index = child;
    }
    jobs[index] = last;
  }

  clear(): void {
    this.#jobs = [];
  }
}

function isBefore(one: Job, other: Job): boolean {
  if (one.atMs !== other.atMs) return one.atMs < other.atMs;
  return one.order !== other.order ? one.order < other.order : one.sequence < other.sequence;
}
