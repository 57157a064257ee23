import { RestError } from '@azure/core-rest-pipeline';

/** One refusal of the service: its HTTP status, its code and its message. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * Builds the error of a table call outside a transaction. Its code stands in `details.odataError` only, as in
 * the SDK.
 */
export function tableError({ status, code, message }: Refusal): RestError {
  const error = new RestError(message, { statusCode: status });
  error.details = { errorCode: code, odataError: { code, message: { lang: 'en-US', value: message } } };
  return error;
}

/**
 * Builds the error of a transaction whose action at `index` was refused. It has a code and no details, as in
 * the SDK.
 */
export function transactionError(index: number, { status, code, message }: Refusal): RestError {
  return new RestError(`${index}:${message}`, { statusCode: status, code });
}

/** Builds the error of a queue or blob call. */
export function serviceError({ status, code, message }: Refusal): RestError {
  const error = new RestError(message, { statusCode: status, code });
  error.details = { errorCode: code, code, message };
  return error;
}

/**
 * Builds the error of a blob download, whose reply has no body: the code stands in `details.errorCode` only.
 */
export function downloadError({ status, code }: Refusal): RestError {
  const error = new RestError('', { statusCode: status });
  error.details = { errorCode: code };
  return error;
}
