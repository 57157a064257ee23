/** The time as a port, so that decisions and deadlines can be tested. */
export interface Clock {
  /** The present instant. */
  now(): Date;
  /** Milliseconds that only ever grow, also while the machine sleeps; for measuring how long something has been held. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: createMonotonic({ steadyMs: () => performance.now(), wallMs: () => Date.now() }),
};

/** The one stands still while a virtual machine is suspended, the other can be set by hand. In milliseconds. */
export interface TwoClocks {
  readonly steadyMs: () => number;
  readonly wallMs: () => number;
}

/** What the two may differ by without meaning it: readings are rounded, and clocks are corrected little by little. */
const toleranceMs = 1_000;

/**
 * Joins two clocks to one that never goes back: the steady one's reading, and whatever the wall clock has gained over it
 * at once. So nobody who slept through the end of a lease takes it for held; a wall clock that is set back changes nothing.
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

export function addSeconds(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}

/** Returns the UTC day of an instant, as `2026-01-31`. A text must be ISO 8601 in UTC; `''` stays `''`. */
export function dayOf(instant: Date | string): string {
  const text = typeof instant === 'string' ? instant : instant.toISOString();
  return text.slice(0, 10);
}

/** Whole seconds from `from` to `to`, rounded up, never negative. */
export function secondsUntil(from: Date, to: Date): number {
  return Math.max(0, Math.ceil((to.getTime() - from.getTime()) / 1000));
}

/** Clocks of different machines differ by less than this. */
export const clockSkewMs = 1_000;

/** True for something that is told to have happened later than now: a clock was set back since, or was wrong then. */
export function isFromTheFuture(happenedAt: string | undefined, now: Date): boolean {
  return happenedAt !== undefined && Date.parse(happenedAt) > now.getTime() + clockSkewMs;
}
