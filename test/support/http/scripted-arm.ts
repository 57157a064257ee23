import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { createArm, type Arm, type CreateArmOptions } from '../../../src/azure/arm/arm';
import { parseTargetId, type TargetId } from '../../../src/connections/resource-id';
import type { OwnStoreType } from '../../../src/connections/target-type';
import { FakeClock } from '../fakes/fake-clock';

/** A reply to one request. Text is sent as it is, any other body as JSON. */
export interface ScriptedReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
}

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  readonly body: unknown;
}

export type Script = (sent: SentRequest, index: number) => ScriptedReply | Promise<ScriptedReply>;

export interface ScriptedClient {
  readonly httpClient: HttpClient;
  /** All sent requests, in order. */
  readonly sent: readonly SentRequest[];
}

/**
 * Creates a client that answers in order, or as the function says. A request without an answer fails the
 * call.
 */
export function createScriptedClient(script: Script | readonly ScriptedReply[]): ScriptedClient {
  const sent: SentRequest[] = [];
  const answer: Script =
    typeof script === 'function'
      ? script
      : ({ method, url }, index) => {
          const reply = script[index];
          if (reply === undefined) throw new Error(`not in the script: ${method} ${url}`);
          return reply;
        };
  return {
    sent,
    httpClient: {
      async sendRequest(request) {
        sent.push(sentRequest(request));
        const reply = await answer(sentRequest(request), sent.length - 1);
        return {
          request,
          status: reply.status,
          headers: createHttpHeaders(reply.headers),
          bodyAsText: textOf(reply.body),
        };
      },
    },
  };
}

function sentRequest(request: PipelineRequest): SentRequest {
  return {
    method: request.method,
    url: request.url,
    authorization: request.headers.get('authorization'),
    userAgent: request.headers.get('user-agent'),
    body: typeof request.body === 'string' ? JSON.parse(request.body) : undefined,
  };
}

function textOf(body: unknown): string {
  if (body === undefined || body === null) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

export const testOrigin = 'https://arm.test:8443';
export const testToken = 'the-real-token';

export interface ScriptedArm extends Arm, ScriptedClient {
  readonly clock: FakeClock;
  /** Scopes of requested tokens. */
  readonly scopes: readonly (string | readonly string[])[];
}

/**
 * Creates the real adapters over a script. Nothing leaves the process, and only the fake clock's time passes.
 */
export function createScriptedArm(
  script: Script | readonly ScriptedReply[],
  overrides: Partial<CreateArmOptions> = {},
): ScriptedArm {
  const client = createScriptedClient(script);
  const clock = new FakeClock();
  const scopes: (string | readonly string[])[] = [];
  const arm = createArm({
    endpoint: testOrigin,
    credential: {
      getToken: (scope) => {
        scopes.push(scope);
        return Promise.resolve({ token: testToken, expiresOnTimestamp: clock.now().getTime() + 3_600_000 });
      },
    },
    httpClient: client.httpClient,
    clock,
    ...overrides,
  });
  return { ...arm, ...client, clock, scopes };
}

const sub = '11111111-1111-1111-1111-111111111111';

const targetNames: Readonly<Record<OwnStoreType, string>> = {
  'Microsoft.KeyVault/vaults': 'vault-1',
  'Microsoft.KeyVault/managedHSMs': 'hsm-1',
  'Microsoft.ApiManagement/service': 'apim-1',
  'Microsoft.Compute/diskAccesses': 'disk-1',
};

export function testTarget(type: OwnStoreType): TargetId {
  return parseTargetId(`/subscriptions/${sub}/resourceGroups/rg-1/providers/${type}/${targetNames[type]}`);
}

export const testEndpointId = `/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/Net/providers/Microsoft.Network/privateEndpoints/PE-1`;

/** Returns a connection as ARM lists it; `properties` override the usual ones. */
export function wireConnection(
  target: TargetId,
  name: string,
  properties: Record<string, unknown> = {},
): object {
  return {
    id: `${target.id}/privateEndpointConnections/${name}`,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: testEndpointId },
      privateLinkServiceConnectionState: {
        status: 'Pending',
        description: 'please',
        actionsRequired: 'None',
      },
      ...properties,
    },
  };
}
