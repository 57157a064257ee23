import { secondsUntil } from '../../base/clock';
import type { Observation } from './duration-histogram';
import { nextPollAt } from './next-poll';

/**
 * What is known about the duration of an operation, as part of its ticket. All figures but `sentAt`
 * are seconds after the write was sent.
 */
export interface Timing {
  /** When the write was sent. ISO 8601. */
  readonly sentAt: string;
  /** Equally likely durations in ascending order; empty if nothing is known. */
  readonly durations: readonly number[];
  /** The sum of all waits so far, which needs no clock. */
  readonly waitedSeconds: number;
  /** The last poll that found the operation running; 0 before the first. */
  readonly runningAt: number;
  /** The poll at which the operation URL reported the end; absent before that. */
  readonly endedAt?: number | undefined;
}

/** Chooses the first wait: at least `gapSeconds`. In whole seconds. Pure. */
export function firstWaitSeconds(durations: readonly number[], gapSeconds: number): number {
  return nextPollAt({ durations, elapsed: 0, gap: gapSeconds });
}

/**
 * Chooses the wait until the next poll of an operation that still runs: at least `gapSeconds`, and
 * not past the deadline. In whole seconds, unless the gap is none. Pure.
 */
export function nextWaitSeconds(
  timing: Timing,
  now: Date,
  { gapSeconds, deadlineAt }: { readonly gapSeconds: number; readonly deadlineAt: string },
): number {
  const elapsed = elapsedSeconds(timing, now);
  const wait = nextPollAt({ durations: timing.durations, elapsed, gap: gapSeconds }) - Math.floor(elapsed);
  const left = Math.ceil(secondsUntil(now, new Date(deadlineAt)));
  return Math.max(gapSeconds, Math.min(wait, left));
}

/** Marks that a poll has found the operation running. */
export function stillRunning(timing: Timing, now: Date): Timing {
  return { ...timing, runningAt: elapsedSeconds(timing, now) };
}

/** Marks that the operation URL has reported the end. */
export function hasEnded(timing: Timing, now: Date): Timing {
  return { ...timing, endedAt: timing.endedAt ?? elapsedSeconds(timing, now) };
}

/** Returns what the polls have shown of the duration once the result is proven at `now`. */
export function observationOf(timing: Timing, now: Date): Observation {
  const to = timing.endedAt ?? elapsedSeconds(timing, now);
  return { from: Math.min(timing.runningAt, to), to };
}

/**
 * Computes the seconds since the write was sent. Another process, whose clock may be wrong, sent
 * it: what the waits add up to is certain to have passed, and not much more than twice that can have.
 */
function elapsedSeconds({ sentAt, waitedSeconds }: Timing, now: Date): number {
  const measured = secondsUntil(new Date(sentAt), now);
  return Math.min(Math.max(measured, waitedSeconds), 2 * waitedSeconds + delaySeconds);
}

/** The delay of a message that does not count as a wrong clock. */
const delaySeconds = 60;
