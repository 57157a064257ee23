import { localRequest, localSubscriptionId } from '../../../../dev/azure/index';
import type { Json, JsonObject } from '../../../../dev/azure/http/message';
import {
  createTestAzure,
  replyOf,
  targetTypeOf,
  type TestAzure,
} from '../../../support/rigs/local-azure-world';

const owner = '3333333a-3333-4333-8333-333333333333';
const requester = '22222222-2222-4222-8222-222222222222';

describe('what Azure CLI asks before its first command', () => {
  test('the metadata names every endpoint that a cloud cannot be registered without, and asks for no token', async () => {
    const { azure } = createTestAzure();
    const origin = 'https://localhost:8443';
    const url = `${origin}/metadata/endpoints?api-version=2022-09-01`;
    const { status, body } = replyOf(await azure.router.handle(localRequest('GET', url)));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: expect.any(String),
      resourceManager: origin,
      authentication: { loginEndpoint: expect.stringContaining(origin), audiences: [origin] },
      graphAudience: expect.stringContaining(origin),
      suffixes: { keyVaultDns: expect.any(String) },
    });
  });

  test('a login sees the given subscriptions first, then each one in which there is anything, once', async () => {
    const world = createTestAzure();
    expect(await subscriptionsOf(world)).toEqual([localSubscriptionId]);
    const vault = await plantVault(world, owner, 'kv-1');
    await plantVault(world, owner.toUpperCase(), 'kv-2');
    await plantVault(world, localSubscriptionId, 'kv-3');
    await plantEndpoint(world, vault);
    expect(await subscriptionsOf(world)).toEqual([localSubscriptionId, owner, requester]);
  });

  test('a subscription that has become empty is listed no more', async () => {
    const world = createTestAzure();
    const vault = await plantVault(world, owner, 'kv-1');
    await world.arm('DELETE', vault);
    expect(await subscriptionsOf(world)).toEqual([localSubscriptionId]);
  });
});

async function subscriptionsOf(world: TestAzure): Promise<Json[]> {
  const { body } = await world.arm('GET', '/subscriptions');
  return (body['value'] as JsonObject[]).map(({ subscriptionId }) => subscriptionId ?? null);
}

async function plantVault(world: TestAzure, subscriptionId: string, name: string): Promise<string> {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/shared/providers/${targetTypeOf.vault}/${name}`;
  const { status } = await world.arm('PUT', id, { location: 'westeurope', properties: {} });
  expect(status).toBe(201);
  return id;
}

async function plantEndpoint(world: TestAzure, targetId: string): Promise<void> {
  const id = `/subscriptions/${requester}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/pe-1`;
  const request = { name: 'pe-1', properties: { privateLinkServiceId: targetId, groupIds: ['vault'] } };
  const { status } = await world.arm('PUT', id, {
    location: 'westeurope',
    properties: { manualPrivateLinkServiceConnections: [request] },
  });
  expect(status).toBe(201);
}
