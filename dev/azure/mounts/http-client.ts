import {
  createHttpHeaders,
  RestError,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Router } from '../router';
import type { LocalReply, LocalRequest } from '../http/message';

/** Creates the in-process mount, an `httpClient` for Azure's SDK clients. Opens no socket. */
export function createLocalHttpClient(router: Router): HttpClient {
  return {
    sendRequest: async (request) => {
      const reply = await untilAborted(request, router.handle(localRequestFrom(request)));
      if (reply.kind === 'reset') {
        throw resetError(request);
      }
      return responseFrom(request, reply);
    },
  };
}

/** Returns the error of a connection that was reset. */
export function resetError(request: PipelineRequest): RestError {
  return new RestError('read ECONNRESET', { code: 'ECONNRESET', request });
}

/** Converts a request of the SDKs' pipeline. */
export function localRequestFrom({ method, url, headers, body }: PipelineRequest): LocalRequest {
  return { method, url, headers: headers.toJSON(), body: bytesOf(body) };
}

function bytesOf(body: PipelineRequest['body']): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new Error('The in-process mount accepts text and bytes, not streams and forms.');
}

/** Converts a response for the SDKs' pipeline. */
export function responseFrom(
  request: PipelineRequest,
  { status, headers, body }: Extract<LocalReply, { kind: 'response' }>,
): PipelineResponse {
  return { request, status, headers: createHttpHeaders({ ...headers }), bodyAsText: body };
}

/** Rejects, as the real client does, when the caller aborts or the request times out. */
function untilAborted<T>({ abortSignal, timeout }: PipelineRequest, work: Promise<T>): Promise<T> {
  if (abortSignal === undefined && timeout === 0) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(abortError());
    if (abortSignal?.aborted === true) abort();
    abortSignal?.addEventListener('abort', abort);
    const timer = timeout > 0 ? setTimeout(abort, timeout) : undefined;
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      abortSignal?.removeEventListener('abort', abort);
    });
  });
}

function abortError(): Error {
  return Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' });
}
