import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../../base/errors';

const mostTries = 3;

/**
 * Reads once more, at once, what got no answer or a 5xx without a time to wait; for long searches, which would have to begin
 * anew. Only for what changes nothing. @throws ArmError of the last try.
 */
export async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (tries === mostTries || !mayPassAtOnce(error)) throw error;
    }
  }
}

function mayPassAtOnce(error: unknown): boolean {
  return hasCode(error, 'ARM_UNAVAILABLE', 'ARM_UNREACHABLE') && error.retryAfterSeconds === undefined;
}

/** Resolves after so many seconds. */
export type Pause = (seconds: number) => Promise<void>;

export const realPause: Pause = (seconds) => sleep(seconds * 1000);

/** Resource Graph's quota is whole again after five; what takes longer is for the next search. */
const longestPauseSeconds = 6;
const mostPauses = 3;

/**
 * Asks again when the budget has room, if it told to come back within seconds: for a long search, which would have to begin
 * anew. What ARM itself refused is not asked again. @throws ArmError of the last try.
 */
export async function awaitQuota<T>(read: () => Promise<T>, pause: Pause): Promise<T> {
  for (let pauses = 0; ; pauses += 1) {
    try {
      return await read();
    } catch (error) {
      const seconds = secondsToQuota(error);
      if (seconds === undefined || pauses === mostPauses) throw error;
      await pause(seconds);
    }
  }
}

/** Only for what was never sent: then there is no status. */
function secondsToQuota(error: unknown): number | undefined {
  if (!hasCode(error, 'ARM_THROTTLED')) return undefined;
  const { httpStatus, retryAfterSeconds: seconds } = error;
  const isShort = seconds !== undefined && seconds <= longestPauseSeconds;
  return httpStatus === undefined && isShort ? seconds : undefined;
}
