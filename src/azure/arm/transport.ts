import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  proxyPolicy,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { systemChance, type Chance } from '../../base/chance';
import type { ArmRequest } from './request';
import { userAgent } from './user-agent';

export interface NetworkOptions {
  /** Carries requests to the network; a scripted one in tests. */
  readonly httpClient?: HttpClient | undefined;
  /** The source of request ids. */
  readonly chance?: Chance | undefined;
}

/** The network below the ARM client, loaded with the first request and used by nothing else. */
export interface ArmNetwork {
  /** Sends one request at once, without retries; the reply's body is still to be read. */
  send(request: ArmRequest, token: string | undefined, abortSignal: AbortSignal): Promise<PipelineResponse>;
}

/**
 * The maximum length of a reply's headers, in bytes: two operation URLs of the longest kind, and the rest.
 * Node's default is 16 KiB.
 */
const maxHeaderBytes = 32 * 1024;

/**
 * Creates the network. It honors `HTTPS_PROXY` and `NO_PROXY` as all Azure clients do; the proxy's tunnel
 * does not see the token.
 */
export function createArmNetwork({
  httpClient = createDefaultHttpClient(),
  chance = systemChance,
}: NetworkOptions): ArmNetwork {
  const proxy = proxyPolicy();
  return {
    send: (request, token, abortSignal) =>
      proxy.sendRequest(pipelineRequest(request, { token, abortSignal, requestId: chance.uuid() }), (next) =>
        httpClient.sendRequest(next),
      ),
  };
}

function pipelineRequest(
  request: ArmRequest,
  {
    token,
    abortSignal,
    requestId,
  }: { token: string | undefined; abortSignal: AbortSignal; requestId: string },
): PipelineRequest {
  return createPipelineRequest({
    url: request.url,
    method: request.method,
    headers: createHttpHeaders({
      accept: 'application/json',
      'user-agent': userAgent,
      'x-ms-client-request-id': requestId,
      ...request.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }),
    ...(request.body === undefined ? {} : { body: request.body }),
    abortSignal,
    // Every body is read as a stream, so that its length can be bounded.
    streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
    requestOverrides: { maxHeaderSize: maxHeaderBytes },
  });
}
