import {
  localTenantId,
  microsoftTenantId,
  type LocalResponse,
  type Principal,
} from '../../../../../dev/azure/index';
import { localRequest, textOf } from '../../../../../dev/azure/http/message';
import { apiVersion, createTestAzure, replyOf } from '../../../../support/rigs/local-azure-world';

const tenantId = '5a5a5a5a-0000-4000-8000-000000000001';
const subscription = '99999999-9999-4999-8999-999999999999';
const theirs = `/subscriptions/${subscription}/resourceGroups/net/providers`;
const endpointId = `${theirs}/Microsoft.Network/privateEndpoints/pe-theirs`;
const stranger: Principal = { appId: 'stranger', objectId: 'stranger-object', tenantId };

function twoTenants() {
  return createTestAzure({ foreignTenants: { [tenantId]: [subscription.toUpperCase()] } });
}

function requestBody(targetId: string, list = 'manualPrivateLinkServiceConnections') {
  const properties = { privateLinkServiceId: targetId, groupIds: [], requestMessage: 'hello' };
  return { location: 'westeurope', properties: { [list]: [{ name: 'theirs', properties }] } };
}

describe('a subscription of another tenant', () => {
  test.each([
    ['itself', `/subscriptions/${subscription}`],
    ['an endpoint', endpointId],
    ['its resources', `/subscriptions/${subscription}/resources`],
    ['a type that the local Azure does not have', `${theirs}/Microsoft.Sql/servers/one`],
  ])('refuses our token for %s in ARM’s own words', async (_what, path) => {
    const world = twoTenants();
    const reply = await world.arm('GET', path);
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBe(
      `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", error_description="The access token is from the wrong issuer. It must match the tenant associated with this subscription. Please use correct authority to get the token."`,
    );
    expect(reply.body).toEqual({
      error: {
        code: 'InvalidAuthenticationTokenTenant',
        message: expect.stringMatching(
          new RegExp(
            `^The access token is from the wrong issuer 'https://sts\\.windows\\.net/${localTenantId}/'\\. It must match the tenant 'https://sts\\.windows\\.net/${tenantId}/' associated with this subscription\\.`,
          ),
        ) as unknown,
      },
    });
  });

  test('tells its tenant to who sends no token, as every subscription does', async () => {
    const world = twoTenants();
    const ask = async (id: string) =>
      (await world.azure.router.handle(
        localRequest('GET', `https://management.azure.com/subscriptions/${id}?${apiVersion}`),
      )) as LocalResponse;
    const uri = (tenant: string) =>
      `Bearer authorization_uri="https://login.windows.net/${tenant}", error="invalid_token", error_description="The authentication failed because of missing 'Authorization' header."`;
    const foreign = await ask(subscription);
    expect([foreign.status, foreign.headers['www-authenticate']]).toEqual([401, uri(tenantId)]);
    expect(foreign.body).toBe(
      '{"error":{"code":"AuthenticationFailed","message":"Authentication failed. The \'Authorization\' header is missing."}}',
    );
    const own = await ask('12121212-1212-4212-8212-121212121212');
    expect([own.status, own.headers['www-authenticate']]).toEqual([401, uri(localTenantId)]);
  });

  test('is its own people’s, and they are refused below ours', async () => {
    const world = twoTenants();
    const target = await world.target('vault');
    const send = async (method: string, path: string, body?: ReturnType<typeof requestBody>) =>
      replyOf(await world.azure.control.send(stranger, method, `${path}?${apiVersion}`, body));
    expect((await send('PUT', endpointId, requestBody(target))).status).toBe(201);
    await world.clock.advance(60);
    expect((await send('GET', endpointId)).status).toBe(200);
    const refused = await send('GET', target);
    expect([refused.status, refused.text]).toEqual([
      401,
      expect.stringContaining(
        `'https://sts.windows.net/${localTenantId}/' associated with this subscription`,
      ),
    ]);
    const connections = await world.arm('GET', `${target}/privateEndpointConnections`);
    expect(connections.text).toContain(`"privateEndpoint":{"id":"${endpointId}"}`);
  });

  test('approves no connection of its own: our subscription is not linked to it', async () => {
    const world = twoTenants();
    const target = await world.target('vault');
    const body = requestBody(target, 'privateLinkServiceConnections');
    const reply = replyOf(
      await world.azure.control.send(stranger, 'PUT', `${endpointId}?${apiVersion}`, body),
    );
    expect([reply.status, reply.text]).toEqual([403, expect.stringContaining('LinkedAuthorizationFailed')]);
  });

  test('is in no list and in no answer of Resource Graph', async () => {
    const world = twoTenants();
    const own = await world.target('vault');
    const foreign = `${theirs}/Microsoft.KeyVault/vaults/kv-theirs`;
    const body = { location: 'westeurope', properties: {} };
    await world.azure.control.send(stranger, 'PUT', `${foreign}?${apiVersion}`, body);
    for (const targetId of [own, foreign])
      world.azure.control.seed({ targetId, connectionName: 'one', status: 'Pending' });
    const listed = await world.arm('GET', '/subscriptions');
    expect(JSON.stringify(listed.body)).not.toContain(subscription);
    const query =
      "resources | where type in~ ('microsoft.keyvault/vaults') | mv-expand privateEndpointConnections";
    const found = await world.arm('POST', '/providers/Microsoft.ResourceGraph/resources', { query });
    expect(found.body['data']).toEqual([expect.objectContaining({ targetId: own })]);
    const theirList = replyOf(
      await world.azure.control.send(stranger, 'GET', `/subscriptions?${apiVersion}`),
    );
    expect(theirList.body['value']).toEqual([
      expect.objectContaining({ subscriptionId: subscription, tenantId }),
    ]);
  });

  test('sends us no event of its own, while the target’s events come', async () => {
    const world = twoTenants();
    const target = await world.target('vault');
    await world.azure.control.send(stranger, 'PUT', `${endpointId}?${apiVersion}`, requestBody(target));
    await world.clock.advance(60);
    const subjects = world.azure.eventGrid.published.map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.startsWith(theirs))).toEqual([]);
    expect(subjects.some((subject) => subject.startsWith(`${target}/privateEndpointConnection`))).toBe(true);
  });
});

describe('the control plane', () => {
  test('plants tenants, tells them and brings their subscriptions home', async () => {
    const world = createTestAzure();
    await world.arm('POST', '/_local/tenants', { tenantId, subscriptions: [subscription] });
    expect((await world.arm('GET', endpointId)).status).toBe(401);
    expect((await world.arm('GET', '/_local/tenants')).body).toEqual({
      home: localTenantId,
      foreign: { [tenantId]: [subscription] },
    });
    await world.arm('POST', '/_local/tenants', { tenantId: localTenantId, subscriptions: [subscription] });
    expect((await world.arm('GET', endpointId)).status).toBe(404);
  });

  test.each([
    ['data-factory', /\/resourceGroups\/vnet-[0-9a-f]{8}-westeurope-55-rg\/.*\/contoso-adf\.kv-shop$/],
    ['front-door', /\/resourceGroups\/eafd-Prod-westeurope\/.*\/kv-shop$/],
  ])('makes a managed endpoint of %s, in Microsoft’s tenant', async (service, pattern) => {
    const world = createTestAzure();
    const targetId = await world.target('vault');
    const wanted = { targetId, service, owner: 'contoso-adf', name: 'kv-shop', message: 'Front Door' };
    const made = await world.arm('POST', '/_local/managed-endpoint', wanted);
    const id = textOf(made.body['endpointId']) ?? '';
    expect(id).toMatch(pattern);
    await world.clock.advance(60);
    const list = await world.arm('GET', `${targetId}/privateEndpointConnections`);
    expect(list.text).toContain(id);
    expect(list.text.includes('Front Door')).toBe(service === 'front-door');
    const reply = await world.arm('GET', id);
    expect(reply.headers['www-authenticate']).toContain(`https://login.windows.net/${microsoftTenantId}"`);
  });
});
