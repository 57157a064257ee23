import type { HttpClient } from '@azure/core-rest-pipeline';

/** The status and the body of a reply. */
export interface TextReply {
  readonly status: number;
  readonly text: string;
}

/** How a URL is read. */
export interface GetOptions {
  readonly signal: AbortSignal;
  /** Access token of the caller; absent: none is sent. */
  readonly token?: string | undefined;
}

/** Key sets and registrations have about 10 KB. */
const maxCharacters = 512 * 1024;

/**
 * Creates the function that reads JSON of the sign-in service. It follows no redirect, and honors `HTTPS_PROXY`
 * and `NO_PROXY` as all Azure clients do.
 * @param given carries requests to the network; absent: the real one.
 */
export function createGetText(given?: HttpClient): (url: string, options: GetOptions) => Promise<TextReply> {
  return async (url, { signal, token }) => {
    const { createDefaultHttpClient, createHttpHeaders, createPipelineRequest, proxyPolicy } =
      await import('@azure/core-rest-pipeline');
    const client = given ?? createDefaultHttpClient();
    const request = createPipelineRequest({
      url,
      method: 'GET',
      headers: createHttpHeaders({
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      }),
      abortSignal: signal,
      // The settings allow plain http on this machine only. A token never goes there.
      allowInsecureConnection: token === undefined && url.startsWith('http://'),
    });
    const { status, bodyAsText } = await proxyPolicy().sendRequest(request, (next) =>
      client.sendRequest(next),
    );
    const text = bodyAsText ?? '';
    if (text.length > maxCharacters) throw new Error('The reply is too long.');
    return { status, text };
  };
}
