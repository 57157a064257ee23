import {
  createLocalAzure,
  createManualClock,
  localIdentity,
  localSubscriptionId,
  type LocalAzureOptions,
  type LocalReply,
  type LocalResponse,
  type ManualClock,
  type InProcessAzure,
} from '../../../dev/azure/index';
import type { JsonObject } from '../../../dev/azure/http/message';

/** A local Azure with a manual clock, and shortcuts for tests. */
export interface TestAzure {
  readonly azure: InProcessAzure;
  readonly clock: ManualClock;
  /** Sends a request as the app's identity. Fails the test if the connection is cut. */
  arm(method: string, path: string, body?: JsonObject): Promise<TestReply>;
  /** Sends a request as the app's identity, and also returns resets. */
  raw(method: string, path: string, body?: JsonObject): Promise<LocalReply>;
  /** Creates a target and returns its id. */
  target(kind: TargetKind, name?: string): Promise<string>;
  /** Creates an endpoint for the target, lets it register and settle, and returns the connection's id. */
  connection(targetId: string, options?: ConnectionOptions): Promise<string>;
}

export interface TestReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** `{}` if there is no body. */
  readonly body: JsonObject;
}

export interface ConnectionOptions {
  readonly endpoint?: string;
  readonly message?: string;
  readonly manual?: boolean;
}

export type TargetKind = 'vault' | 'hsm' | 'apim' | 'disk';

export const targetTypeOf: Readonly<Record<TargetKind, string>> = {
  vault: 'Microsoft.KeyVault/vaults',
  hsm: 'Microsoft.KeyVault/managedHSMs',
  apim: 'Microsoft.ApiManagement/service',
  disk: 'Microsoft.Compute/diskAccesses',
};

export const groupPath = `/subscriptions/${localSubscriptionId}/resourceGroups/rg1/providers`;
export const apiVersion = 'api-version=2024-05-01';
export const startedAt = new Date('2026-03-01T12:00:00.000Z');

export function createTestAzure(options: LocalAzureOptions = {}): TestAzure {
  const clock = createManualClock(startedAt);
  const azure = createLocalAzure({ clock, ...options });

  const raw: TestAzure['raw'] = (method, path, body) =>
    azure.control.send(localIdentity, method, withApiVersion(path), body);
  const arm: TestAzure['arm'] = async (method, path, body) => replyOf(await raw(method, path, body));

  return {
    azure,
    clock,
    raw,
    arm,
    target: async (kind, name = `${kind}-1`) => {
      const id = `${groupPath}/${targetTypeOf[kind]}/${name}`;
      const sku = kind === 'disk' ? {} : { sku: { name: 'standard' } };
      const body = { location: 'westeurope', tags: { env: 'prod' }, ...sku, properties: {} };
      const { status } = await arm('PUT', id, body);
      if (status !== 201) throw new Error(`The target was not made: ${status}`);
      return id;
    },
    connection: async (targetId, { endpoint = 'pe1', message = '', manual = true } = {}) => {
      const known = new Set((await listed(arm, targetId)).map(({ id }) => id));
      const list = manual ? 'manualPrivateLinkServiceConnections' : 'privateLinkServiceConnections';
      const request = {
        name: `${endpoint}-connection`,
        properties: { privateLinkServiceId: targetId, groupIds: [], requestMessage: message },
      };
      await arm('PUT', `${groupPath}/Microsoft.Network/privateEndpoints/${endpoint}`, {
        location: 'westeurope',
        properties: { [list]: [request] },
      });
      await clock.advance(60);
      const made = (await listed(arm, targetId)).find(({ id }) => !known.has(id));
      if (made === undefined) throw new Error('The connection did not appear.');
      return made.id;
    },
  };
}

export function replyOf(reply: LocalReply): TestReply {
  if (reply.kind === 'reset') throw new Error('The connection was cut.');
  return { status: reply.status, headers: reply.headers, text: reply.body, body: parsed(reply) };
}

function parsed({ body }: LocalResponse): JsonObject {
  return body === '' ? {} : (JSON.parse(body) as JsonObject);
}

async function listed(arm: TestAzure['arm'], targetId: string): Promise<{ id: string }[]> {
  const { body } = await arm('GET', `${targetId}/privateEndpointConnections`);
  return body['value'] as unknown as { id: string }[];
}

/** Adds an api-version to ids and operation URLs, unless they have one. */
function withApiVersion(path: string): string {
  const bare = path.replace(/^https:\/\/[^/]+/, '');
  if (bare.includes('api-version=')) return bare;
  return `${bare}${bare.includes('?') ? '&' : '?'}${apiVersion}`;
}
