/**
 * The time as a port: the only source of the time and of delays, so that the whole app can run in
 * simulated time.
 */
export interface Clock {
  /** The present instant. */
  now(): Date;
  /** Milliseconds that only ever grow, also while the machine sleeps; for measuring how long something has been held. */
  monotonicMs(): number;
  /** Runs `job` once, `ms` milliseconds from now, unless cancelled before. */
  after(ms: number, job: () => void, options?: DelayOptions): Cancel;
}

export interface DelayOptions {
  /** Whether the delay alone does not keep the process alive. Default: false. */
  readonly isBackground?: boolean;
}

export type Cancel = () => void;

/** Resolves `seconds` from now. */
export function sleep(clock: Clock, seconds: number): Promise<void> {
  return new Promise((resolve) => void clock.after(seconds * 1000, resolve));
}

export const systemClock: Clock = {
  now: () => new Date(),
  after: (ms, job, { isBackground = false } = {}) => {
    const timer = setTimeout(job, ms);
    if (isBackground) timer.unref();
    return () => clearTimeout(timer);
  },
  monotonicMs: createMonotonic({ steadyMs: () => performance.now(), wallMs: () => Date.now() }),
};

/**
 * Two clocks to join, in milliseconds. The steady one stops while a virtual machine is suspended; the wall
 * clock can be set by hand.
 */
export interface TwoClocks {
  readonly steadyMs: () => number;
  readonly wallMs: () => number;
}

/**
 * The largest difference that is not a jump: readings are rounded, and clocks are corrected in small steps.
 */
const toleranceMs = 1_000;

/**
 * Joins two clocks into one that never goes back: it shows the steady clock's reading plus every jump that
 * the wall clock makes ahead of it. After a suspension an expired lease therefore counts as expired; setting
 * the wall clock back changes nothing.
 */
export function createMonotonic({ steadyMs, wallMs }: TwoClocks): () => number {
  let slept = 0;
  let apart = wallMs() - steadyMs();
  return () => {
    const steady = steadyMs();
    const gained = wallMs() - steady - apart;
    if (Math.abs(gained) > toleranceMs) {
      apart += gained;
      slept += Math.max(0, gained);
    }
    return steady + slept;
  };
}

/** Returns the instant `seconds` after `instant`. */
export function addSeconds(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}

/** Returns the UTC day of an instant, as `2026-01-31`. A text must be ISO 8601 in UTC; `''` stays `''`. */
export function dayOf(instant: Date | string): string {
  const text = typeof instant === 'string' ? instant : instant.toISOString();
  return text.slice(0, 10);
}

/** Returns the whole seconds from `from` to `to`, rounded up, never negative. */
export function secondsUntil(from: Date, to: Date): number {
  return Math.max(0, Math.ceil((to.getTime() - from.getTime()) / 1000));
}

/** The most by which the clocks of two machines differ, in milliseconds. */
export const clockSkewMs = 1_000;

/**
 * Tells whether a recorded time is later than now: some clock was wrong when it was recorded, or was set back
 * since.
 */
export function isFromTheFuture(happenedAt: string | undefined, now: Date): boolean {
  return happenedAt !== undefined && Date.parse(happenedAt) > now.getTime() + clockSkewMs;
}

/** Tells whether a reading is younger than `maxAgeSeconds`; not if its time is one of a wrong clock, in the future. */
export function isYoung(readAt: string, maxAgeSeconds: number, now: Date): boolean {
  return !isFromTheFuture(readAt, now) && addSeconds(new Date(readAt), maxAgeSeconds) > now;
}
