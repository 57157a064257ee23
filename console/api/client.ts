import type { ErrorCode, ErrorReply } from '../../src/console/api';

/** Why a call has failed. `NETWORK`: no answer came. */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode | 'NETWORK',
    message: string,
    /** Seconds after which another try makes sense. */
    readonly retryAfter?: number,
    /** The rest of the reply. */
    readonly reply?: ErrorReply,
  ) {
    super(message);
  }
}

/** A reply with its ETag; `undefined` instead of a value: not changed. */
export interface Reply<T> {
  readonly value: T | undefined;
  readonly etag: string | undefined;
}

/** The calls of the app's API. All reject with an ApiError. */
export interface Api {
  /** Reads `path`, such as `open?state=held`. With an ETag, reads only what has changed. */
  get<T>(path: string, etag?: string): Promise<Reply<T>>;
  /** Sends `body` as JSON. */
  post<T>(path: string, body: object): Promise<T>;
}

/**
 * Creates the client. `token` is asked for each call. `onRefused` is called when the app does not accept
 * the token.
 */
export function createApi(token: () => string | undefined, onRefused: (error: ApiError) => void): Api {
  const call = async (
    path: string,
    init: RequestInit,
    headers: Record<string, string>,
  ): Promise<Response> => {
    const authorization = token();
    const response = await fetch(`api/${path}`, {
      ...init,
      credentials: 'omit',
      headers: {
        ...headers,
        ...(authorization === undefined ? {} : { authorization: `Bearer ${authorization}` }),
      },
    }).catch(() => {
      throw new ApiError('NETWORK', 'Postern cannot be reached.');
    });
    if (response.ok || response.status === 304) return response;
    const error = await errorOf(response);
    if (error.code === 'UNAUTHENTICATED') onRefused(error);
    throw error;
  };
  return {
    get: async <T>(path: string, etag?: string) => {
      const response = await call(path, {}, etag === undefined ? {} : { 'if-none-match': etag });
      const value = response.status === 304 ? undefined : await jsonOf<T>(response);
      return { value, etag: response.headers.get('etag') ?? undefined };
    },
    post: async <T>(path: string, body: object) => {
      const init = { method: 'POST', body: JSON.stringify(body) };
      return jsonOf<T>(await call(path, init, { 'content-type': 'application/json' }));
    },
  };
}

async function jsonOf<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError('INTERNAL', 'The reply is not complete.');
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const reply = isErrorReply(body) ? body : undefined;
  const code = reply?.code ?? (response.status === 401 ? 'UNAUTHENTICATED' : 'INTERNAL');
  const retryAfter = Number(response.headers.get('retry-after') ?? '');
  return new ApiError(
    code,
    reply?.message ?? `Postern answered with HTTP status ${response.status}.`,
    retryAfter > 0 ? retryAfter : undefined,
    reply,
  );
}

function isErrorReply(body: unknown): body is ErrorReply {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body;
}

/** Returns a sentence for people about a failed call. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) return `The page has failed: ${String(error)}`;
  const wait = error.retryAfter === undefined ? '' : ` Try again in ${error.retryAfter} s.`;
  return `${error.message}${wait}`;
}
