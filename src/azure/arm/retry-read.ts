import { ArmError } from '../../base/errors';

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
  if (!(error instanceof ArmError) || error.retryAfterSeconds !== undefined) return false;
  return error.code === 'ARM_UNAVAILABLE' || error.code === 'ARM_UNREACHABLE';
}
