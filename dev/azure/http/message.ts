/** A request as the router sees it, without sockets and SDK types. Both mounts create these. */
export interface LocalRequest {
  readonly method: string;
  /** An absolute URL; operation URLs in the reply have its origin. */
  readonly url: string;
  /** Headers by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface LocalResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The text that is sent; `''` if there is no body. */
  readonly body: string;
}

/** A cut connection: the client never learns what happened. */
export interface LocalReset {
  readonly kind: 'reset';
}

export type LocalReply = LocalResponse | LocalReset;

/** A JSON value. The order of properties is kept, as in the real services. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. Properties that are `undefined` are left out. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Creates a request, for tests and for the control plane. */
export function localRequest(
  method: string,
  url: string,
  options: { headers?: Record<string, string>; body?: unknown } = {},
): LocalRequest {
  const text = options.body === undefined ? '' : JSON.stringify(options.body);
  const headers = lowerCaseNames(options.headers ?? {});
  return {
    method,
    url,
    headers: text === '' ? headers : { 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(text),
  };
}

export function jsonResponse(
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): LocalResponse {
  return {
    kind: 'response',
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function emptyResponse(status: number, headers: Readonly<Record<string, string>> = {}): LocalResponse {
  return { kind: 'response', status, headers, body: '' };
}

/** Returns ARM's error envelope: `{"error":{"code","message"}}`. */
export function armError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): LocalResponse {
  return jsonResponse(status, { error: { code, message } }, headers);
}

/** Returns the 501 for everything that the local Azure does not support. */
export function notSupported(what: string): LocalResponse {
  return armError(501, 'NotSupportedLocally', `The local Azure does not support this: ${what}`);
}

/** Returns the body as an object; `undefined` if it is empty, not JSON or not an object. */
export function bodyObject(request: LocalRequest): JsonObject | undefined {
  return objectOf(parseJson(bodyText(request)));
}

export function bodyText(request: LocalRequest): string {
  return new TextDecoder().decode(request.body);
}

/** Parses JSON; `undefined` if `text` is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

export function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value : undefined;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return value !== undefined && isList(value) ? value : [];
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Returns the text values of an object, e.g. tags. Other values are dropped. */
export function textRecordOf(value: Json | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(objectOf(value) ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
