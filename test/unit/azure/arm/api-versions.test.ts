import { apiVersionOf, namespaceOf, withApiVersion } from '../../../../src/azure/arm/api-versions';
import { readArmConfig, readConfig } from '../../../../src/config/config';
import { connectionIdOf } from '../../../../src/connections/resource-id';
import { ownStoreTypes } from '../../../../src/connections/target-type';
import {
  createScriptedArm,
  testEndpointId,
  testOrigin,
  testTarget,
  wireConnection,
} from '../../../support/http/scripted-arm';

const all = [
  'Microsoft.KeyVault=2022-07-01',
  'Microsoft.ApiManagement=2021-08-01',
  'Microsoft.Compute=2020-09-30',
  'Microsoft.Network=2021-02-01',
  'Microsoft.Resources=2019-11-01',
  'Microsoft.ResourceGraph=2019-04-01',
].join(',');
const { apiVersions } = readArmConfig({ API_VERSIONS: all });
const versionOf = (url: string) => new URL(url).searchParams.get('api-version');
const wanted = (type: string) => apiVersions?.get(type.slice(0, type.indexOf('/')).toLowerCase());

describe.each(ownStoreTypes)('with API_VERSIONS, a request about %s', (type) => {
  const target = testTarget(type);
  const id = connectionIdOf(target, 'a');

  test('is made with its version, whatever it is', async () => {
    const wire = wireConnection(target, 'a');
    const arm = createScriptedArm(
      ({ method, url }) =>
        method === 'GET' && /Connections\?/.test(url)
          ? { status: 200, body: { value: [wire] } }
          : { status: 200, body: wire },
      { apiVersions },
    );
    const listing = await arm.connections.list(target);
    await arm.connections.get(id);
    const [connection] = listing?.connections ?? [];
    for (const effect of ['approve', 'reject', 'delete'] as const)
      await arm.connections.write({ connection: connection!, effect, description: 'x' }, () => undefined);
    await arm.resources.readTarget(target);
    expect(arm.sent).toHaveLength(6);
    for (const { url } of arm.sent) expect(versionOf(url)).toBe(wanted(type));
  });

  test('has the pinned version without the setting', async () => {
    const arm = createScriptedArm([{ status: 200, body: { value: [] } }]);
    await arm.connections.list(target);
    expect(versionOf(arm.sent[0]!.url)).not.toBe(wanted(type));
  });

  test('that ARM named itself is made as it stands', async () => {
    const next = `${testOrigin}${target.id}/privateEndpointConnections?api-version=2024-01-01&$skiptoken=x`;
    const arm = createScriptedArm(
      [
        { status: 200, body: { value: [], nextLink: next } },
        { status: 200, body: { value: [] } },
        { status: 200, body: {} },
      ],
      { apiVersions },
    );
    await arm.connections.list(target);
    const operation = `${testOrigin}${target.id}/operations/x?api-version=2024-01-01`;
    await arm.operations.read(operation);
    expect(arm.sent.slice(1).map(({ url }) => url)).toEqual([next, operation]);
  });
});

test('endpoints, lists and Resource Graph have theirs, too', async () => {
  const arm = createScriptedArm(
    ({ method, url }) => ({
      status: 200,
      body:
        method === 'POST'
          ? { data: [] }
          : url.includes('privateEndpoints/')
            ? { properties: {} }
            : { value: [] },
    }),
    { apiVersions },
  );
  await arm.resources.readEndpoint(testEndpointId);
  const query = { subscriptions: [], types: ownStoreTypes, statuses: ['Pending'] };
  for (const finder of [arm.lists, arm.graph])
    for await (const found of finder.find(query)) expect(found).toBeDefined();
  const { subscriptionId } = testTarget(ownStoreTypes[0]);
  for await (const found of arm.lists.find({ ...query, subscriptions: [subscriptionId] }))
    expect(found).toBeDefined();
  const sent = arm.sent.map(({ url }) => `${namespaceOf(url)} ${versionOf(url)}`);
  expect([...new Set(sent)]).toEqual([
    'Microsoft.Network 2021-02-01',
    'Microsoft.Resources 2019-11-01',
    'Microsoft.ResourceGraph 2019-04-01',
  ]);
});

test('a version for a type wins over one for its provider', () => {
  const { apiVersions: versions } = readArmConfig({
    API_VERSIONS: 'microsoft.keyvault=2022-07-01; Microsoft.KeyVault/managedHSMs=2021-11-01-preview',
  });
  const at = (path: string) =>
    withApiVersion(`${testOrigin}/subscriptions/s/providers/${path}?a=1&api-version=x&b=2`, versions);
  expect(at('Microsoft.KeyVault/managedHSMs/h/privateEndpointConnections/c')).toContain(
    '&api-version=2021-11-01-preview&b=2',
  );
  expect(at('Microsoft.KeyVault/vaults/v')).toContain('api-version=2022-07-01');
  expect(at('Microsoft.Compute/diskAccesses/d')).toContain('api-version=x');
  expect(apiVersionOf('Microsoft.KeyVault/vaults', '2024-11-01', versions)).toBe('2022-07-01');
  expect(apiVersionOf('Microsoft.Network/privateEndpoints', '2024-05-01', versions)).toBe('2024-05-01');
});

test.each([
  'Microsoft.KeyVault',
  'Microsoft.KeyVault=latest',
  'Microsoft.KeyVault=2023-13-01',
  'Microsoft.KeyVault=2023-7-1',
  'Microsoft.KeyVault==2023-07-01',
  'Microsoft.KeyVaults=2023-07-01',
  'KeyVault=2023-07-01',
  'Microsoft.KeyVault=2023-07-01,microsoft.keyvault=2022-07-01',
  'Microsoft.KeyVault=2023-07-01&x=y',
  '2023-07-01',
])('API_VERSIONS=%s is told', (text) => {
  const read = () => readConfig({ AzureWebJobsStorage__accountName: 'stpostern', API_VERSIONS: text });
  expect(read).toThrow(/API_VERSIONS must be providers and their api-versions, .*: entry \d/);
});
