/** Event Grid's waits between attempts; the last one repeats. */
const retrySeconds = [10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200];
const maxAttempts = 30;
const timeToLiveSeconds = 1440 * 60;
/** Statuses after which Event Grid does not try again. */
const finalStatuses: ReadonlySet<number | undefined> = new Set([400, 401, 403, 413]);

export function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status <= 204;
}

/**
 * Returns the scheduled wait, or Event Grid's minimum for the status if that is longer. `undefined` means no
 * response.
 */
export function retryDelaySeconds(attempts: number, status: number | undefined): number {
  const planned = retrySeconds[Math.min(attempts, retrySeconds.length) - 1] ?? 10;
  const least = status === 404 ? 300 : status === 408 ? 120 : status === 503 ? 30 : 10;
  return Math.max(planned, least);
}

/** Returns whether Event Grid drops the event. `ageSeconds` is the event's age at the next attempt. */
export function isFinal(failed: {
  status: number | undefined;
  attempts: number;
  ageSeconds: number;
}): boolean {
  return (
    finalStatuses.has(failed.status) ||
    failed.attempts >= maxAttempts ||
    failed.ageSeconds > timeToLiveSeconds
  );
}
