import { PosternError } from '../../base/errors';
import { fieldsOf } from '../../base/json';

/** What a storage service answered to a call that failed; both absent when no answer came. */
export interface StorageFailure {
  readonly httpStatus: number | undefined;
  /** The service's own code, e.g. `EntityAlreadyExists`, or the network's, e.g. `ECONNREFUSED`. */
  readonly code: string | undefined;
}

/** The three SDKs put the code in three places: `details.odataError`, `details.errorCode`, `code`. */
export function failureOf(error: unknown): StorageFailure {
  const { statusCode, code, details } = fieldsOf(error);
  const { odataError, errorCode } = fieldsOf(details);
  const codes = [fieldsOf(odataError)['code'], errorCode, code];
  return {
    httpStatus: typeof statusCode === 'number' ? statusCode : undefined,
    code: codes.find((candidate) => typeof candidate === 'string'),
  };
}

/** One line about a failed call, without URLs or headers: those can carry keys. */
export function describeFailure(error: unknown): string {
  const { httpStatus, code } = failureOf(error);
  if (httpStatus !== undefined) return `HTTP ${httpStatus} ${code ?? ''}`.trimEnd();
  return code ?? (error instanceof Error ? error.name : 'unknown failure');
}

/**
 * The failure as STORE_UNAVAILABLE when only time, or somebody who sees to the account, can mend it: no answer, no
 * token, no admission, too many requests, trouble of the service's own. Any other failure as it is.
 */
export function storageFailure(error: unknown): unknown {
  if (!isAway(error)) return error;
  return new PosternError('STORE_UNAVAILABLE', `storage is away: ${describeFailure(error)}`, {
    cause: error,
  });
}

const awayStatuses: readonly number[] = [401, 403, 408, 429];
/** `RestError` without a status: no answer came. The others are of the identity that was to sign in. */
const awayNames =
  /^(RestError|AbortError|TimeoutError|CredentialUnavailableError|(Aggregate)?AuthenticationError|AuthenticationRequiredError)$/;

function isAway(error: unknown): boolean {
  const { httpStatus, code } = failureOf(error);
  if (code?.endsWith('BeingDeleted') === true) return true;
  if (httpStatus !== undefined && !isOfIdentity(error))
    return httpStatus >= 500 || awayStatuses.includes(httpStatus);
  return error instanceof Error && awayNames.test(error.name);
}

/** The identity endpoint's own status says nothing about the storage account. */
function isOfIdentity(error: unknown): boolean {
  return error instanceof Error && /Authentication|Credential/.test(error.name);
}
