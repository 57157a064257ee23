import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { ArmError } from '../../../base/errors';
import { safeText } from '../../../base/text';
import type { Fence } from '../../../connections/connection-store';
import type { ArmClient, ArmReply } from '../client';
import type { ArmMethod } from '../rbac-action';
import type { ArmRequest } from '../request';
import { userAgent } from '../user-agent';

/**
 * The options that every SDK client is created with. It has no token of its own and can send only through the
 * ARM client.
 */
export interface SdkOptions {
  readonly endpoint: string;
  readonly httpClient: HttpClient;
  readonly retryOptions: { readonly maxRetries: 0 };
  readonly redirectOptions: { readonly maxRetries: 0 };
  readonly userAgentOptions: { readonly userAgentPrefix: string };
}

export interface SdkCall {
  readonly fence?: Fence | undefined;
  readonly urgency?: ArmRequest['urgency'];
  /** Adds to the JSON body what the SDK's model has no field for. */
  readonly editBody?: ((body: Record<string, unknown>) => Record<string, unknown>) | undefined;
}

/**
 * Runs one SDK operation up to its first reply and returns that reply unchanged. The SDK builds the request;
 * the ARM client sends it. The SDK itself always gets a plain `200 {"value":[]}`, so that none of its
 * machinery runs: no poller (they sleep, crash on Key Vault's real 204, and cannot be resumed), no retry, no
 * deserializer (they crash on empty bodies and drop fields). A client is created for each call (0.2 ms),
 * which keeps this free of shared state. A second request in one call is refused. @throws ArmError of the ARM
 * client, or ARM_REFUSED when the SDK does not send the request.
 */
export async function callSdk(
  arm: ArmClient,
  call: SdkCall,
  operation: (options: SdkOptions) => PromiseLike<unknown>,
): Promise<ArmReply> {
  const shot = createOneShot(arm);
  const httpClient: HttpClient = {
    async sendRequest(request) {
      await shot.forward({ ...requestFrom(request, call), fence: call.fence, urgency: call.urgency });
      return neutralResponse(request);
    },
  };
  return shot.replyTo(() =>
    operation({
      endpoint: arm.origin,
      httpClient,
      retryOptions: { maxRetries: 0 },
      redirectOptions: { maxRetries: 0 },
      userAgentOptions: { userAgentPrefix: userAgent },
    }),
  );
}

/**
 * The credential of SDK clients. The ARM client drops the header that they make of it and gets the real
 * token.
 */
export const unsignedCredential: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'unsigned', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/** A way for an SDK to send exactly one request through the ARM client. */
export interface OneShot {
  /** Sends the SDK's request through the ARM client, once. */
  forward(request: ArmRequest): Promise<void>;
  /**
   * Runs the SDK's operation and resolves to the reply that `forward` got, whatever the SDK does with its own
   * neutral reply.
   */
  replyTo(operation: () => PromiseLike<unknown>): Promise<ArmReply>;
}

/** Creates a `OneShot` for one SDK operation. */
export function createOneShot(arm: ArmClient): OneShot {
  let sent = false;
  let outcome: { readonly reply: ArmReply } | { readonly failure: unknown } | undefined;
  return {
    async forward(request) {
      if (sent)
        throw new ArmError('ARM_REFUSED', 'The SDK tried to send a second request, which was refused');
      sent = true;
      try {
        outcome = { reply: await arm.send(request) };
      } catch (failure) {
        outcome = { failure };
        throw failure;
      }
    },
    async replyTo(operation) {
      let problem: unknown;
      try {
        await operation();
      } catch (error) {
        problem = error;
      }
      if (outcome === undefined) throw notSent(problem);
      if ('failure' in outcome) throw outcome.failure;
      return outcome.reply;
    },
  };
}

const forwardedHeaders = ['accept', 'content-type', 'user-agent', 'x-ms-client-request-id'];

/** Returns the forwarded headers; the SDK's own authorization is not among them. */
export function headersFrom(get: (name: string) => string | undefined): Record<string, string> {
  return Object.fromEntries(
    forwardedHeaders.flatMap((name) => {
      const value = get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The body that the SDK gets in place of ARM's reply. */
export const neutralBody = '{"value":[]}';

function requestFrom(request: PipelineRequest, call: SdkCall): ArmRequest {
  const body = typeof request.body === 'string' ? request.body : undefined;
  return {
    method: methodFrom(request.method),
    url: request.url,
    headers: headersFrom((name) => request.headers.get(name)),
    body: body === undefined || call.editBody === undefined ? body : edited(body, call.editBody),
  };
}

function edited(body: string, edit: NonNullable<SdkCall['editBody']>): string {
  return JSON.stringify(edit(JSON.parse(body) as Record<string, unknown>));
}

/** Narrows an HTTP method to those that Postern uses. @throws ArmError ARM_REFUSED */
export function methodFrom(method: string): ArmMethod {
  switch (method) {
    case 'GET':
    case 'PUT':
    case 'POST':
    case 'DELETE':
      return method;
    default:
      throw new ArmError('ARM_REFUSED', `Postern does not send ${method} requests`);
  }
}

/** Builds the reply for the SDK. The pipeline package is loaded by then, because a request was made. */
async function neutralResponse(request: PipelineRequest): Promise<PipelineResponse> {
  const { createHttpHeaders } = await import('@azure/core-rest-pipeline');
  const headers = createHttpHeaders({ 'content-type': 'application/json' });
  return { request, status: 200, headers, bodyAsText: neutralBody };
}

function notSent(problem: unknown): ArmError {
  const reason = problem instanceof Error ? problem.message : String(problem);
  return new ArmError('ARM_REFUSED', `The SDK did not send the request: ${safeText(reason, 300)}`);
}
