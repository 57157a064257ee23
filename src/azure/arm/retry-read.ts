import { type Clock, sleep } from '../../base/clock';
import { hasCode } from '../../base/errors';

const mostTries = 3;

/**
 * Repeats a read at once after no answer, or a 5xx without a time to wait: a long search would otherwise have
 * to start over. Only for requests that change nothing. @throws ArmError of the last try.
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

/**
 * The longest pause, in seconds: Resource Graph's quota refills in five; a longer wait is left to the next
 * search.
 */
const longestPauseSeconds = 6;
const mostPauses = 3;

/**
 * Repeats a read that the rate limiter refused for a few seconds, after that time: a long search would
 * otherwise have to start over. What ARM itself refuses is not repeated. @throws ArmError of the last try.
 */
export async function awaitQuota<T>(read: () => Promise<T>, clock: Clock): Promise<T> {
  for (let pauses = 0; ; pauses += 1) {
    try {
      return await read();
    } catch (error) {
      const seconds = secondsToQuota(error);
      if (seconds === undefined || pauses === mostPauses) throw error;
      await sleep(clock, seconds);
    }
  }
}

/**
 * Returns the seconds to wait after the rate limiter's refusal, which has no HTTP status because nothing was
 * sent.
 */
function secondsToQuota(error: unknown): number | undefined {
  if (!hasCode(error, 'ARM_THROTTLED')) return undefined;
  const { httpStatus, retryAfterSeconds: seconds } = error;
  const isShort = seconds !== undefined && seconds <= longestPauseSeconds;
  return httpStatus === undefined && isShort ? seconds : undefined;
}
