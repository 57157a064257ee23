import {
  isWithin,
  localIdentity,
  localRequest,
  localSubscriptionId,
  namesAction,
  somebodyElse,
} from '../../../../../dev/azure';
import type { JsonObject } from '../../../../../dev/azure/http/message';
import {
  createTestAzure,
  groupPath,
  replyOf,
  type TestAzure,
} from '../../../../support/rigs/local-azure-world';

const group = groupPath.replace('/providers', '');
const subscription = `/subscriptions/${localSubscriptionId}`;
const own = { principal: localIdentity.objectId };
const query =
  "resources | where type in~ ('microsoft.keyvault/vaults') | mv-expand c = properties.privateEndpointConnections" +
  " | extend status = tostring(c.properties.privateLinkServiceConnectionState.status) | where status in~ ('Pending')";

/** What a person with all rights may do: the world is made that way. */
async function make(world: TestAzure, id: string): Promise<string> {
  const body = { location: 'westeurope', properties: {} };
  const reply = await world.azure.control.send(somebodyElse, 'PUT', `${id}?api-version=2024-05-01`, body);
  expect(replyOf(reply).status).toBe(201);
  return id;
}

const vault = (name: string): string => `${groupPath}/Microsoft.KeyVault/vaults/${name}`;
const idsIn = (body: JsonObject, list: string, member: string): unknown[] =>
  (body[list] as JsonObject[]).map((item) => item[member]);

describe('actions and scopes are matched as Azure matches them', () => {
  test.each([
    ['*', 'Microsoft.KeyVault/vaults/read', true],
    ['*/read', 'Microsoft.KeyVault/vaults/privateEndpointConnections/read', true],
    ['microsoft.keyvault/VAULTS/*', 'Microsoft.KeyVault/vaults/privateEndpointConnections/write', true],
    ['Microsoft.KeyVault/vaults/read', 'Microsoft.KeyVault/vaults/read/more', false],
    ['Microsoft.KeyVault/vaults/privateEndpointConnections/*', 'Microsoft.KeyVault/vaults/read', false],
    ['Microsoft-KeyVault/vaults/read', 'Microsoft.KeyVault/vaults/read', false],
    ['Microsoft.KeyVault/vaults/read', 'MicrosoftXKeyVault/vaults/read', false],
  ])('%s and %s: %p', (pattern, action, expected) => {
    expect(namesAction(pattern, action)).toBe(expected);
  });

  test.each([
    ['/subscriptions/a/resourceGroups/rg1', '/subscriptions/a', true],
    ['/subscriptions/A/RESOURCEGROUPS/rg1', '/subscriptions/a/resourceGroups/rg1/', true],
    ['/subscriptions/a/resourceGroups/rg10', '/subscriptions/a/resourceGroups/rg1', false],
    ['/subscriptions/a', '/', true],
    ['/subscriptions/a', '/subscriptions/a/resourceGroups/rg1', false],
  ])('%s is within %s: %p', (id, scope, expected) => {
    expect(isWithin(id, scope)).toBe(expected);
  });
});

describe('a principal with roles', () => {
  test('is allowed what a role covers there and below, and is refused the rest in ARM’s words', async () => {
    const id = vault('kv-1');
    const world = createTestAzure({ roles: [{ ...own, scope: id, actions: ['Microsoft.KeyVault/*/read'] }] });
    await make(world, id);
    await make(world, vault('kv-10'));
    expect((await world.arm('GET', id)).status).toBe(200);
    expect((await world.arm('GET', `${id}/privateEndpointConnections`)).status).toBe(200);
    expect((await world.arm('GET', vault('kv-10'))).status).toBe(403);
    expect((await world.arm('GET', group)).status).toBe(403);
    expect((await world.arm('GET', subscription)).status).toBe(403);
    const refused = await world.arm('PUT', `${id}/privateEndpointConnections/one`, {});
    expect(refused.status).toBe(403);
    expect(refused.text).toContain(
      `perform action 'Microsoft.KeyVault/vaults/privateEndpointConnections/write' over scope '${id}/privateEndpointConnections/one'`,
    );
  });

  test('loses what its role’s notActions name, unless another role gives it', async () => {
    const id = vault('kv-1');
    const actions = ['*'];
    const world = createTestAzure({
      roles: [{ ...own, scope: subscription, actions, notActions: ['*/delete'] }],
    });
    await make(world, id);
    expect((await world.arm('DELETE', id)).status).toBe(403);
    world.azure.roles.push({ ...own, scope: id, actions: ['Microsoft.KeyVault/vaults/delete'] });
    expect((await world.arm('DELETE', id)).status).toBe(200);
  });

  test('is refused what a rule denies, whatever its roles', async () => {
    const id = vault('kv-1');
    const world = createTestAzure({ roles: [{ ...own, scope: '/', actions: ['*'] }] });
    await make(world, id);
    world.azure.deny.push({ action: '*/read', scope: id });
    expect((await world.arm('GET', id)).status).toBe(403);
  });

  test('sees the subscriptions on which it has a role, or in which it has one', async () => {
    const other = '22222222-2222-4222-8222-222222222222';
    const world = createTestAzure({
      subscriptions: [localSubscriptionId, other],
      roles: [{ ...own, scope: vault('kv-1'), actions: ['*/read'] }],
    });
    const { body } = await world.arm('GET', '/subscriptions');
    expect(idsIn(body, 'value', 'subscriptionId')).toEqual([localSubscriptionId]);
    world.azure.roles.push({ ...own, scope: '/', actions: [] });
    const all = await world.arm('GET', '/subscriptions');
    expect(idsIn(all.body, 'value', 'subscriptionId')).toEqual([localSubscriptionId, other]);
  });

  test('is listed the resources that it may read, and nothing without the right to list', async () => {
    const world = createTestAzure();
    const [one] = [await make(world, vault('kv-1')), await make(world, vault('kv-2'))];
    const list = `${subscription}/resources?$filter=resourceType eq 'Microsoft.KeyVault/vaults'`;
    world.azure.roles.push({ ...own, scope: one, actions: ['*/read'] });
    expect((await world.arm('GET', list)).status).toBe(403);
    world.azure.roles.push({
      ...own,
      scope: subscription,
      actions: ['Microsoft.Resources/subscriptions/resources/read'],
    });
    expect(idsIn((await world.arm('GET', list)).body, 'value', 'id')).toEqual([one]);
  });

  test('is told by Resource Graph of what it may read, where it may ask at all', async () => {
    const world = createTestAzure();
    const ids = [await make(world, vault('kv-1')), await make(world, vault('kv-2'))];
    for (const targetId of ids)
      world.azure.control.seed({ targetId, connectionName: 'pe', status: 'Pending' });
    const ask = (...subscriptions: string[]) =>
      world.arm('POST', '/providers/Microsoft.ResourceGraph/resources', { query, subscriptions });
    world.azure.roles.push({ ...own, scope: ids[0]!, actions: ['Microsoft.KeyVault/vaults/read'] });
    const refused = await ask();
    expect([refused.status, refused.body]).toMatchObject([403, { error: { code: 'AccessDenied' } }]);
    world.azure.roles.push({
      ...own,
      scope: subscription,
      actions: ['Microsoft.ResourceGraph/resources/read'],
    });
    expect(idsIn((await ask(localSubscriptionId)).body, 'data', 'targetId')).toEqual([ids[0]]);
    expect(idsIn((await ask()).body, 'data', 'targetId')).toEqual([ids[0]]);
    expect((await ask('22222222-2222-4222-8222-222222222222')).status).toBe(403);
  });

  test('may not read an operation that is below the subscription with a role on the target’s group', async () => {
    const world = createTestAzure({
      roles: [{ ...own, scope: group, actions: ['*'] }],
    });
    await make(world, `${groupPath}/Microsoft.Compute/diskAccesses/da`);
    const url = `${subscription}/providers/Microsoft.Compute/locations/westeurope/DiskOperations/one`;
    expect((await world.arm('GET', url)).text).toContain("'Microsoft.Compute/locations/diskOperations/read'");
    world.azure.roles.push({ ...own, scope: subscription, actions: ['Microsoft.Compute/locations/*/read'] });
    expect((await world.arm('GET', url)).status).toBe(404);
  });

  test('leaves everybody else with all rights', async () => {
    const world = createTestAzure({ roles: [{ ...own, scope: subscription, actions: [] }] });
    const id = await make(world, vault('kv-1'));
    expect((await world.arm('GET', id)).status).toBe(403);
    const reply = await world.azure.control.send(somebodyElse, 'GET', `${id}?api-version=2024-05-01`);
    expect(replyOf(reply).status).toBe(200);
  });
});

test('roles are given and taken away while it runs, for people without a program', async () => {
  const world = createTestAzure();
  const local = (method: string, body?: unknown) =>
    world.azure.router.handle(localRequest(method, 'https://arm/_local/roles', { body }));
  const statusOf = async () => (await world.arm('GET', group)).status;
  await local('POST', { ...own, scope: subscription, actions: [] });
  expect(await statusOf()).toBe(403);
  await local('DELETE');
  expect(await statusOf()).toBe(200);
});

describe('the permissions that the caller has', () => {
  const path = (scope: string): string =>
    `${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
  const everything = { actions: ['*'], notActions: [], dataActions: [], notDataActions: [] };

  test.each([
    ['a subscription', subscription],
    ['a resource group', group],
    ['a resource', vault('kv-1')],
    ['a resource below another', `${vault('kv-1')}/privateEndpointConnections/one`],
    ['a resource of any kind', `${groupPath}/Microsoft.Web/sites/app`],
  ])('are everything on %s without a role', async (_what, scope) => {
    const { status, body } = await createTestAzure().arm('GET', path(scope));
    expect([status, body]).toEqual([200, { value: [everything] }]);
  });

  test('are one entry for each role that holds there', async () => {
    const reads = { ...own, scope: subscription, actions: ['*/read'] };
    const writes = { ...own, scope: group, actions: ['Microsoft.KeyVault/*'], notActions: ['*/delete'] };
    const far = { ...own, scope: `${subscription}/resourceGroups/far`, actions: ['*'] };
    const world = createTestAzure({ roles: [reads, writes, far] });
    const { body } = await world.arm('GET', path(vault('kv-1')));
    expect(body['value']).toEqual([
      { ...everything, actions: ['*/read'] },
      { ...everything, actions: ['Microsoft.KeyVault/*'], notActions: ['*/delete'] },
    ]);
  });

  test('are not shown to whoever may not read permissions', async () => {
    const world = createTestAzure({ roles: [{ ...own, scope: subscription, actions: ['*/write'] }] });
    const reply = await world.arm('GET', path(vault('kv-1')));
    expect(reply.status).toBe(403);
    expect(reply.text).toContain("'Microsoft.Authorization/permissions/read'");
  });

  test.each([
    '/providers/Microsoft.Authorization',
    `${subscription}/resourceGroups`,
    `${groupPath}/Microsoft.Web`,
  ])('are asked of ids only: %s is a 501', async (scope) => {
    expect((await createTestAzure().arm('GET', path(scope))).status).toBe(501);
  });
});
