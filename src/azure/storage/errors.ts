import { PosternError } from '../../base/errors';
import { fieldsOf } from '../../base/json';

/** The reply to a failed call; both fields are absent when no reply came. */
export interface StorageFailure {
  readonly httpStatus: number | undefined;
  /** The service's own code, e.g. `EntityAlreadyExists`, or the network's, e.g. `ECONNREFUSED`. */
  readonly code: string | undefined;
}

/**
 * Reads the failure from an error of any of the three SDKs, which put the code in different fields:
 * `details.odataError`, `details.errorCode`, `code`.
 */
export function failureOf(error: unknown): StorageFailure {
  const { statusCode, code, details } = fieldsOf(error);
  const { odataError, errorCode } = fieldsOf(details);
  const codes = [fieldsOf(odataError)['code'], errorCode, code];
  return {
    httpStatus: typeof statusCode === 'number' ? statusCode : undefined,
    code: codes.find((candidate) => typeof candidate === 'string'),
  };
}

/** Describes a failed call in one line, without URLs or headers, which can carry keys. */
export function describeFailure(error: unknown): string {
  const { httpStatus, code } = failureOf(error);
  if (httpStatus !== undefined) return `HTTP ${httpStatus} ${code ?? ''}`.trimEnd();
  return code ?? (error instanceof Error ? error.name : 'unknown failure');
}

/**
 * Converts a failure into STORE_UNAVAILABLE when only time, or the administrator of the account, can fix it:
 * no answer, no token, no access, too many requests, a failing service. Other failures are returned
 * unchanged.
 */
export function storageFailure(error: unknown): unknown {
  if (!isUnavailable(error)) return error;
  return new PosternError('STORE_UNAVAILABLE', `storage is unavailable: ${describeFailure(error)}`, {
    cause: error,
  });
}

const unavailableStatuses: readonly number[] = [401, 403, 408, 429];
/**
 * The names of errors without a reply from storage: `RestError` without a status, and those of the identity.
 */
const unavailableNames =
  /^(RestError|AbortError|TimeoutError|CredentialUnavailableError|(Aggregate)?AuthenticationError|AuthenticationRequiredError)$/;

function isUnavailable(error: unknown): boolean {
  const { httpStatus, code } = failureOf(error);
  if (code?.endsWith('BeingDeleted') === true) return true;
  if (httpStatus !== undefined && !isOfIdentity(error))
    return httpStatus >= 500 || unavailableStatuses.includes(httpStatus);
  return error instanceof Error && unavailableNames.test(error.name);
}

/**
 * Tells whether the error comes from signing in: the identity endpoint's status says nothing about the
 * storage account.
 */
function isOfIdentity(error: unknown): boolean {
  return error instanceof Error && /Authentication|Credential/.test(error.name);
}
