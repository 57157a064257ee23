/** A request as the brain sees it: no sockets, no SDK types. Both mounts make these. */
export interface LocalRequest {
  readonly method: string;
  /** Absolute; its origin is what operation URLs in the answer will carry. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface LocalResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text as it goes over the wire; `''` when there is none. */
  readonly body: string;
}

/** The connection is cut and the client never learns what happened. */
export interface LocalReset {
  readonly kind: 'reset';
}

export type LocalReply = LocalResponse | LocalReset;

/** A JSON value. Property order is kept, because the real services keep theirs. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A property that is `undefined` is left out. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** A request with little ceremony, for tests and for the control plane. */
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

/** ARM's error envelope: `{"error":{"code","message"}}`. */
export function armError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): LocalResponse {
  return jsonResponse(status, { error: { code, message } }, headers);
}

/** What the local Azure does not do, it says loudly. */
export function notSupported(what: string): LocalResponse {
  return armError(501, 'NotSupportedLocally', `The local Azure does not support this: ${what}`);
}

/** The body as an object; `undefined` when it is empty, no JSON or no object. */
export function bodyObject(request: LocalRequest): JsonObject | undefined {
  return objectOf(parseJson(bodyText(request)));
}

export function bodyText(request: LocalRequest): string {
  return new TextDecoder().decode(request.body);
}

/** `undefined` when `text` is not JSON. */
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

/** The text values of an object, e.g. tags; everything else is dropped. */
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
