import type { HttpClient } from '@azure/core-rest-pipeline';

/** Fetches a URL: the part of `fetch` that key sets need. */
export type KeyFetch = (url: string, options: { readonly signal: AbortSignal }) => Promise<Response>;

/** A key set of Entra has about 10 KB. */
const maxCharacters = 512 * 1024;

/**
 * Creates the function that fetches the public keys of the sign-in service. It sends no token, follows no
 * redirect, and honors `HTTPS_PROXY` and `NO_PROXY` as all Azure clients do.
 * @param given carries requests to the network; absent: the real one.
 */
export function createKeyFetch(given?: HttpClient): KeyFetch {
  return async (url, { signal }) => {
    const { createDefaultHttpClient, createHttpHeaders, createPipelineRequest, proxyPolicy } =
      await import('@azure/core-rest-pipeline');
    const client = given ?? createDefaultHttpClient();
    const request = createPipelineRequest({
      url,
      method: 'GET',
      headers: createHttpHeaders({ accept: 'application/json' }),
      abortSignal: signal,
      // The settings allow plain http on this machine only.
      allowInsecureConnection: url.startsWith('http://'),
    });
    const { status, bodyAsText } = await proxyPolicy().sendRequest(request, (next) =>
      client.sendRequest(next),
    );
    const text = bodyAsText ?? '';
    if (text.length > maxCharacters) throw new Error('The key set is too long.');
    return new Response(status === 200 ? text : null, { status: status < 200 ? 502 : status });
  };
}
