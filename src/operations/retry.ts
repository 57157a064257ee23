import { addSeconds } from '../base/clock';

/**
 * The number of failed attempts after which a decision is given up and a person must investigate.
 */
export const maxAttempts = 6;

/** The same limit for unconfirmed attempts, which are repeated at once. */
export const maxUnconfirmedAttempts = 12;

const firstRetrySeconds = 15 * 60;
const longestRetrySeconds = 24 * 60 * 60;

/**
 * Computes when a failed attempt may be repeated: after 15 minutes, then four times as long each
 * time, one day at most.
 */
export function retryAt(attempt: number, endedAt: Date): Date {
  return addSeconds(endedAt, Math.min(longestRetrySeconds, firstRetrySeconds * 4 ** (attempt - 1)));
}

/**
 * Computes when a write that was accepted without changing the status is repeated: at once the
 * first time, then a little later each time, 15 minutes at most. Somebody may be undoing it.
 */
export function redoAt(attempt: number, endedAt: Date): Date {
  const seconds = attempt === 1 ? 0 : Math.min(firstRetrySeconds, 60 * 2 ** (attempt - 2));
  return addSeconds(endedAt, seconds);
}

/**
 * Computes the seconds before the `attempt`-th repetition (from 0) of something that failed for a
 * passing reason.
 */
export function backoffSeconds(attempt: number, baseSeconds: number, capSeconds: number): number {
  return Math.min(capSeconds, Math.max(1, Math.ceil(baseSeconds * 2 ** Math.min(attempt, 16))));
}
