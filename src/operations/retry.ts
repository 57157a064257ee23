import { addSeconds } from '../base/clock';

/** A decision whose attempts all failed is given up after this many; a person must look. */
export const maxAttempts = 6;

/** The same for one whose last attempt was never answered: those are made again at once. */
export const maxUnconfirmedAttempts = 12;

const firstRetrySeconds = 15 * 60;
const longestRetrySeconds = 24 * 60 * 60;

/** When a failed attempt may be made again: 15 minutes, then four times as long each time, a day at most. */
export function retryAt(attempt: number, endedAt: Date): Date {
  return addSeconds(endedAt, Math.min(longestRetrySeconds, firstRetrySeconds * 4 ** (attempt - 1)));
}

/**
 * When a write that was taken, and whose old status stands, is made again: at once the first time, then a little later each
 * time, 15 minutes at most. Somebody may be undoing it.
 */
export function redoAt(attempt: number, endedAt: Date): Date {
  const seconds = attempt === 1 ? 0 : Math.min(firstRetrySeconds, 60 * 2 ** (attempt - 2));
  return addSeconds(endedAt, seconds);
}

/** Seconds before the `attempt`-th repetition (from 0) of something that met passing trouble. */
export function backoffSeconds(attempt: number, baseSeconds: number, capSeconds: number): number {
  return Math.min(capSeconds, Math.max(1, Math.ceil(baseSeconds * 2 ** Math.min(attempt, 16))));
}
