import type { HttpClient } from '@azure/core-rest-pipeline';
import { createGetText } from './get-text';

/** Fetches a URL: the part of `fetch` that key sets need. */
export type KeyFetch = (url: string, options: { readonly signal: AbortSignal }) => Promise<Response>;

/**
 * Creates the function that fetches the public keys of the sign-in service. It sends no token, follows no
 * redirect, and honors `HTTPS_PROXY` and `NO_PROXY` as all Azure clients do.
 * @param given carries requests to the network; absent: the real one.
 */
export function createKeyFetch(given?: HttpClient): KeyFetch {
  const get = createGetText(given);
  return async (url, { signal }) => {
    const { status, text } = await get(url, { signal });
    return new Response(status === 200 ? text : null, { status: status < 200 ? 502 : status });
  };
}
