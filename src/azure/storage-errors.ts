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

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
