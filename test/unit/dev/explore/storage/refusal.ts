import { RestError } from '@azure/core-rest-pipeline';
import { failureOf, type StorageFailure } from '../../../../../src/azure/storage/errors';

/**
 * Returns how the app sees the refusal of a call. @throws Error unless the call is refused with a
 * `RestError`.
 */
export function refusalOf(call: () => unknown): StorageFailure {
  try {
    call();
  } catch (error) {
    if (error instanceof RestError) return failureOf(error);
    throw error;
  }
  throw new Error('the call was not refused');
}
