import type { ManagedLink } from '../../../../../src/connections/managed-endpoint-reader';
import { indexedLinksQuery } from '../../../../../src/azure/arm/readers/managed-endpoints/indexed-links';
import { ownersQuery } from '../../../../../src/azure/arm/readers/managed-endpoints/listed-links';
import { factoriesQuery } from '../../../../../src/azure/arm/readers/managed-endpoints/data-factory';
import { createScriptedArm, type ScriptedReply } from '../../../../support/http/scripted-arm';

const tenant = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const other = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
const group = '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-data/providers';
const target =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/kv-shop';

const rows = (...data: readonly object[]): ScriptedReply => ({
  status: 200,
  body: { totalRecords: data.length, count: data.length, data, resultTruncated: 'false' },
});
const list = (...value: readonly object[]): ScriptedReply => ({ status: 200, body: { value } });
const search = `${group}/Microsoft.Search/searchServices/contoso-search`;
const links = (...entries: readonly object[]): string => JSON.stringify(entries);

const sharedLink = {
  id: `${search}/sharedPrivateLinkResources/kv-shop`,
  name: 'kv-shop',
  type: 'Microsoft.Search/searchServices/sharedPrivateLinkResources',
  properties: {
    privateLinkResourceId: target,
    groupId: 'vault',
    requestMessage: 'Please approve again',
    status: 'Pending',
    provisioningState: 'Succeeded',
    resourceRegion: null,
  },
};

describe('links in the index', () => {
  test('are read from the body of their owner, with one query', async () => {
    const arm = createScriptedArm([
      rows({ id: search, tenantId: tenant.toUpperCase(), links: links(sharedLink) }),
    ]);
    await expect(arm.managedEndpoints.listIndexed(tenant.toUpperCase())).resolves.toEqual([
      {
        id: sharedLink.id,
        endpointKey: sharedLink.id.toLowerCase(),
        owner: {
          id: search,
          type: 'Microsoft.Search/searchServices',
          name: 'contoso-search',
          subscriptionId: '11111111-1111-4111-8111-111111111111',
        },
        targetId: target,
        groupIds: ['vault'],
        tie: { kind: 'message', message: 'Please approve again' },
        status: 'Pending',
        provisioningState: 'Succeeded',
      } satisfies ManagedLink,
    ]);
    expect(arm.sent).toHaveLength(1);
  });

  test('of Grafana are resources of their own', async () => {
    const id = `${group}/Microsoft.Dashboard/grafana/contoso-graf/managedPrivateEndpoints/kv-shop`;
    const properties = {
      provisioningState: 'Succeeded',
      privateLinkResourceId: target,
      groupIds: ['vault'],
      requestMessage: 'Grafana, CHG0042424',
      connectionState: { status: 'Pending', description: '' },
    };
    const arm = createScriptedArm([rows({ id, tenantId: tenant, links: JSON.stringify(properties) })]);
    await expect(arm.managedEndpoints.listIndexed(tenant)).resolves.toMatchObject([
      { id, owner: { name: 'contoso-graf', type: 'Microsoft.Dashboard/grafana' }, status: 'Pending' },
    ]);
  });

  test('of a resource that a customer delegates to us are not ours, whatever the query asked for', async () => {
    const arm = createScriptedArm([rows({ id: search, tenantId: other, links: links(sharedLink) })]);
    await expect(arm.managedEndpoints.listIndexed(tenant)).resolves.toEqual([]);
  });

  test.each<[string, object]>([
    ['asks for nothing', { name: 'kv-shop', properties: {} }],
    ['has no properties', { name: 'kv-shop' }],
    ['has a name that must not reach a URL', { ...sharedLink, name: '../../x' }],
    [
      'has a target that is no text',
      { name: 'x', properties: { ...sharedLink.properties, privateLinkResourceId: 7 } },
    ],
  ])('one that %s is no candidate, and takes nothing from the others', async (_, link) => {
    const arm = createScriptedArm([rows({ id: search, tenantId: tenant, links: links(link, sharedLink) })]);
    await expect(arm.managedEndpoints.listIndexed(tenant)).resolves.toMatchObject([{ id: sharedLink.id }]);
  });

  test.each<[string, ScriptedReply]>([
    ['no JSON', rows({ id: search, tenantId: tenant, links: '[{' })],
    ['no list', rows({ id: search, tenantId: tenant, links: '{}' })],
    ['a row without links', rows({ id: search, tenantId: tenant })],
    ['a truncated answer', { status: 200, body: { data: [], resultTruncated: 'true' } }],
  ])('are whole or not at all: %s', async (_, reply) => {
    const arm = createScriptedArm([reply]);
    await expect(arm.managedEndpoints.listIndexed(tenant)).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test.each(["' or true //", '', 'common'])('of the tenant %j are never asked for', async (text) => {
    const arm = createScriptedArm([]);
    for (const ask of [
      () => arm.managedEndpoints.listIndexed(text),
      () => arm.managedEndpoints.listOthers(text),
      () => arm.managedEndpoints.findNamed(['contoso.kv-shop'], text),
    ])
      await expect(ask()).rejects.toMatchObject({ code: 'ARM_REFUSED' });
    expect(arm.sent).toEqual([]);
  });
});

describe('one link', () => {
  test('is read from ARM in the api-version of its service', async () => {
    const arm = createScriptedArm([
      rows({ id: search, tenantId: tenant, links: links(sharedLink) }),
      { status: 200, body: { ...sharedLink, properties: { ...sharedLink.properties, status: 'Approved' } } },
      { status: 404 },
    ]);
    const [link] = await arm.managedEndpoints.listIndexed(tenant);
    await expect(arm.managedEndpoints.read(link!)).resolves.toMatchObject({
      id: link!.id,
      status: 'Approved',
    });
    await expect(arm.managedEndpoints.read(link!)).resolves.toBeUndefined();
    expect(arm.sent.at(-1)?.url).toMatch(/\/sharedPrivateLinkResources\/kv-shop\?api-version=2020-08-01$/);
  });
});

describe('a factory', () => {
  const factory = `${group}/Microsoft.DataFactory/factories/contoso-adf`;
  const recorded = {
    id: `${factory}/managedvirtualnetworks/default/managedprivateendpoints/kv-shop`,
    name: 'kv-shop',
    type: 'Microsoft.DataFactory/factories/managedvirtualnetworks/managedprivateendpoints',
    properties: {
      provisioningState: 'Provisioning',
      privateLinkResourceId: target,
      groupId: 'vault',
      fqdns: [],
      connectionState: { status: '', description: '', actionsRequired: '' },
    },
  };

  test('shows its endpoints as ARM has them now; an empty state is none yet', async () => {
    const arm = createScriptedArm([
      rows({ id: factory, tenantId: tenant }),
      list({ name: 'default', properties: {} }),
      list(recorded, { ...recorded, name: 'kv-bank' }),
    ]);
    await expect(arm.managedEndpoints.findNamed(['Contoso-ADF.KV-shop'], tenant)).resolves.toMatchObject([
      {
        id: `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/kv-shop`,
        tie: { kind: 'name', endpointName: 'contoso-adf.kv-shop' },
        status: '',
        provisioningState: 'Provisioning',
      },
    ]);
    expect(arm.sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
  });

  test.each<[string, ScriptedReply]>([
    ['of another tenant', rows({ id: factory, tenantId: other })],
    ['of another name', rows({ id: factory.replace('contoso', 'evil'), tenantId: tenant })],
    ['that the index does not show', rows()],
  ])('%s is not asked', async (_, reply) => {
    const arm = createScriptedArm([reply]);
    await expect(arm.managedEndpoints.findNamed(['contoso-adf.kv-shop'], tenant)).resolves.toEqual([]);
    expect(arm.sent).toHaveLength(1);
  });

  test.each([403, 404])('that answers %i has none', async (status) => {
    const arm = createScriptedArm([rows({ id: factory, tenantId: tenant }), { status }]);
    await expect(arm.managedEndpoints.findNamed(['contoso-adf.kv-shop'], tenant)).resolves.toEqual([]);
  });

  test('with more than three networks proves nothing', async () => {
    const networks = ['a', 'b', 'c', 'd'].map((name) => ({ name, properties: {} }));
    const arm = createScriptedArm([
      rows({ id: factory, tenantId: tenant }),
      list(...networks),
      ...networks.map(() => list(recorded)),
    ]);
    await expect(arm.managedEndpoints.findNamed(['contoso-adf.kv-shop'], tenant)).resolves.toEqual([]);
    expect(arm.sent.filter(({ method }) => method === 'GET')).toHaveLength(4);
  });

  test('is asked about with a hundred others in one query', async () => {
    const arm = createScriptedArm([rows(), rows()]);
    const names = Array.from({ length: 101 }, (_, index) => `factory-${index}.kv-shop`);
    await arm.managedEndpoints.findNamed([...names, ...names], tenant);
    expect(arm.sent).toHaveLength(2);
  });
});

describe('owners that are listed', () => {
  const cluster = `${group}/Microsoft.Kusto/Clusters/contosoadx`;
  const profile = `${group}/Microsoft.Cdn/profiles/contoso-afd`;
  const origin = (name: string, region = 'westeurope') => ({
    name,
    properties: {
      provisioningState: 'Succeeded',
      sharedPrivateLinkResource: {
        privateLink: { id: target },
        privateLinkLocation: region,
        groupId: 'vault',
        requestMessage: 'Front Door, CHG0042424',
        status: 'Pending',
      },
    },
  });

  test('of Data Explorer show no state, and their links’ names begin with the cluster’s', async () => {
    const recorded = {
      id: `${cluster}/ManagedPrivateEndpoints/kv-shop`,
      name: 'contosoadx/kv-shop',
      type: 'Microsoft.Kusto/Clusters/ManagedPrivateEndpoints',
      location: 'DummyLocation',
      properties: {
        privateLinkResourceId: target,
        groupId: 'vault',
        requestMessage: 'Please Approve.',
        provisioningState: 'Succeeded',
      },
    };
    const arm = createScriptedArm([rows({ id: cluster, tenantId: tenant }), list(recorded)]);
    await expect(arm.managedEndpoints.listOthers(tenant)).resolves.toMatchObject([
      {
        id: `${cluster}/managedPrivateEndpoints/kv-shop`,
        tie: { kind: 'message', message: 'Please Approve.', namePart: 'kv-shop' },
        status: undefined,
      },
    ]);
  });

  test('of Front Door have one endpoint for all origins of a region', async () => {
    const arm = createScriptedArm([
      rows({ id: profile, tenantId: tenant }),
      list({ name: 'group', properties: {} }),
      list(origin('a'), origin('b'), origin('c', 'northeurope'), { name: 'public', properties: {} }),
    ]);
    const found = (await arm.managedEndpoints.listOthers(tenant)) ?? [];
    const [a, b, c, ...more] = found.map(({ endpointKey }) => endpointKey);
    expect([a === b, a === c, more]).toEqual([true, false, []]);
  });

  test('cost 50 reads at most, with all groups of origins', async () => {
    const groups = Array.from({ length: 50 }, (_, index) => ({ name: `group-${index}`, properties: {} }));
    const arm = createScriptedArm(({ method, url }) => {
      if (method === 'POST') return rows({ id: profile, tenantId: tenant });
      return url.includes('/origins?') ? list() : list(...groups);
    });
    await expect(arm.managedEndpoints.listOthers(tenant)).resolves.toBeUndefined();
    expect(arm.sent.filter(({ method }) => method === 'GET')).toHaveLength(50);
  });

  test('that may not be read are left out; one that cannot be read now fails the list', async () => {
    const both = rows({ id: cluster, tenantId: tenant }, { id: `${cluster}2`, tenantId: tenant });
    const refused = createScriptedArm([both, { status: 403 }, list()]);
    await expect(refused.managedEndpoints.listOthers(tenant)).resolves.toEqual([]);
    const away = createScriptedArm(({ method }) => (method === 'POST' ? both : { status: 503 }));
    await expect(away.managedEndpoints.listOthers(tenant)).rejects.toMatchObject({ code: 'ARM_UNAVAILABLE' });
  });
});

test('the queries have text columns, a total order and one tenant', () => {
  expect(indexedLinksQuery(tenant).split('\n')).toEqual([
    'resources',
    "| where type in~ ('Microsoft.Search/searchServices', 'Microsoft.SignalRService/signalR', 'Microsoft.SignalRService/webPubSub', 'Microsoft.Dashboard/grafana/managedPrivateEndpoints')",
    `| where tenantId =~ '${tenant}'`,
    "| extend links = iff(type in~ ('Microsoft.Dashboard/grafana/managedPrivateEndpoints'), tostring(properties), tostring(properties.sharedPrivateLinkResources))",
    "| where isnotempty(links) and links != '[]'",
    '| project id, tenantId = tostring(tenantId), links',
    '| order by id asc',
  ]);
  expect(ownersQuery(tenant)).toContain("tostring(sku.name) =~ 'Premium_AzureFrontDoor'");
  expect(factoriesQuery(['contoso-adf', 'other'], tenant)).toContain("name in~ ('contoso-adf', 'other')");
});
