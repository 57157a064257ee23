import { sanitize } from '../../base/text';
import type { ConnectionView, ErrorCode, ErrorStatus } from '../api';

/** A request to the console. */
export interface ConsoleRequest {
  readonly method: string;
  readonly url: URL;
  /** Returns a header's value, whatever the case of its name. */
  header(name: string): string | undefined;
  /** Reads the whole body. */
  body(): Promise<Uint8Array>;
}

/** A reply of the console. */
export interface ConsoleReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

/** The HTTP status of each error. */
export const errorStatus: ErrorStatus = {
  BAD_REQUEST: 400,
  REASON_MISSING: 400,
  NOT_CONFIRMED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_YOURS: 403,
  NEVER: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  STALE: 409,
  AUDIT_MODE: 409,
  ANSWERED: 409,
  NOT_HELD: 409,
  TOO_LARGE: 413,
  NOT_JSON: 415,
  TOO_MANY: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

/** What an error reply says beside its code and message. */
export interface ErrorDetails {
  readonly retryAfterSeconds?: number | undefined;
  /** For `STALE`: the connection as it is now. */
  readonly view?: ConnectionView | undefined;
  readonly cause?: unknown;
}

/** Ends a request with an error reply. */
export class ConsoleError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ConsoleError';
  }
}

/** Builds a JSON reply. */
export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): ConsoleReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** Builds the reply of an error. Its message may repeat what the request contained, so it is sanitized. */
export function errorReply({ code, message: text, details }: ConsoleError): ConsoleReply {
  const { retryAfterSeconds, view } = details;
  const message = sanitize(text);
  return jsonReply(
    errorStatus[code],
    { code, message, ...(view === undefined ? {} : { view }) },
    {
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
      ...(code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer' } : {}),
    },
  );
}
