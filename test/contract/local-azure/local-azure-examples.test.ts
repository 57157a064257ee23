import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../dev/azure/http/message';
import { createTestAzure, type TargetKind, type TestAzure } from '../../support/rigs/local-azure-world';

/** The official examples' bodies and ours have the same keys, except where real traffic is known to differ. */
interface Case {
  readonly file: string;
  readonly kind: TargetKind;
  readonly request: (ids: Ids) => [method: string, path: string, body?: JsonObject];
  /** What the local Azure answers, as reality does; the example may say another one. */
  readonly status: number;
  readonly exampleStatus?: string;
  /** Paths of keys that only the example has, and why. */
  readonly onlyExample?: readonly string[];
  /** Paths of keys that only the wire has. */
  readonly onlyWire?: readonly string[];
}

interface Ids {
  readonly target: string;
  readonly connection: string;
}

const get = ({ connection }: Ids): [string, string] => ['GET', connection];
const list = ({ target }: Ids): [string, string] => ['GET', `${target}/privateEndpointConnections`];
const resources = ({ target }: Ids): [string, string] => ['GET', `${target}/privateLinkResources`];
const approve = ({ connection }: Ids): [string, string, JsonObject] => [
  'PUT',
  connection,
  {
    id: connection,
    properties: { privateLinkServiceConnectionState: { status: 'Approved', description: 'yes' } },
  },
];
const remove = ({ connection }: Ids): [string, string] => ['DELETE', connection];

// Reality: a fresh connection has no etag; KeyVault's single ones have a location; lists are bare.
const bareItem = ['value[].name', 'value[].type', 'value[].etag', 'nextLink'];
// Reality: API Management tells the group, which the swagger does not know.
const group = (prefix: string): string[] => [`${prefix}properties.groupIds[]`];

const cases: readonly Case[] = [
  {
    file: 'keyvault/getPrivateEndpointConnection',
    kind: 'vault',
    request: get,
    status: 200,
    onlyExample: ['etag'],
    onlyWire: ['location'],
  },
  {
    file: 'keyvault/listPrivateEndpointConnection',
    kind: 'vault',
    request: list,
    status: 200,
    onlyExample: bareItem,
  },
  {
    file: 'keyvault/putPrivateEndpointConnection',
    kind: 'vault',
    request: approve,
    status: 200,
    onlyWire: ['location'],
  },
  { file: 'keyvault/deletePrivateEndpointConnection', kind: 'vault', request: remove, status: 202 },
  { file: 'keyvault/listPrivateLinkResources', kind: 'vault', request: resources, status: 200 },
  {
    file: 'keyvault/ManagedHsm_getPrivateEndpointConnection',
    kind: 'hsm',
    request: get,
    status: 200,
    onlyExample: ['etag'],
    onlyWire: ['location'],
  },
  {
    file: 'keyvault/ManagedHsm_ListPrivateEndpointConnectionsByResource',
    kind: 'hsm',
    request: list,
    status: 200,
    onlyExample: bareItem,
  },
  {
    file: 'keyvault/ManagedHsm_putPrivateEndpointConnection',
    kind: 'hsm',
    request: approve,
    status: 200,
    onlyWire: ['location', 'etag'],
  },
  { file: 'keyvault/ManagedHsm_deletePrivateEndpointConnection', kind: 'hsm', request: remove, status: 202 },
  { file: 'keyvault/ManagedHsm_listPrivateLinkResources', kind: 'hsm', request: resources, status: 200 },
  {
    file: 'apimanagement/ApiManagementGetPrivateEndpointConnection',
    kind: 'apim',
    request: get,
    status: 200,
    onlyWire: group(''),
  },
  {
    file: 'apimanagement/ApiManagementListPrivateEndpointConnections',
    kind: 'apim',
    request: list,
    status: 200,
    onlyWire: group('value[].'),
  },
  // Reality: the 202 has a body of its own, which the swagger does not know.
  {
    file: 'apimanagement/ApiManagementApproveOrRejectPrivateEndpointConnection',
    kind: 'apim',
    request: approve,
    status: 202,
  },
  {
    file: 'apimanagement/ApiManagementDeletePrivateEndpointConnection',
    kind: 'apim',
    request: remove,
    status: 202,
  },
  {
    file: 'apimanagement/ApiManagementListPrivateLinkGroupResources',
    kind: 'apim',
    request: resources,
    status: 200,
  },
  {
    file: 'apimanagement/ApiManagementGetPrivateLinkGroupResource',
    kind: 'apim',
    request: ({ target }) => ['GET', `${target}/privateLinkResources/Gateway`],
    status: 200,
  },
  { file: 'compute/DiskAccessPrivateEndpointConnection_Get', kind: 'disk', request: get, status: 200 },
  {
    file: 'compute/DiskAccessPrivateEndpointConnection_ListByDiskAccess',
    kind: 'disk',
    request: list,
    status: 200,
  },
  { file: 'compute/DiskAccessPrivateEndpointConnection_Delete', kind: 'disk', request: remove, status: 202 },
  { file: 'compute/DiskAccessPrivateLinkResources_Get', kind: 'disk', request: resources, status: 200 },
  {
    file: 'compute/DiskAccess_Get_WithPrivateEndpoints',
    kind: 'disk',
    request: ({ target }) => ['GET', target],
    status: 200,
  },
];

describe('the official examples', () => {
  test.each(cases)('$file has the keys of the local answer', async (each) => {
    const world = createTestAzure();
    const ids = await settle(world, each.kind);
    const reply = await world.arm(...each.request(ids));
    expect(reply.status).toBe(each.status);
    const example = exampleOf(each.file, String(each.status));
    if (example.body === undefined) {
      expect(example.isKnown).toBe(true);
      return;
    }
    const [ours, theirs] = [keysOf(reply.body), keysOf(example.body)];
    expect(theirs.filter((key) => !ours.includes(key))).toEqual(each.onlyExample ?? []);
    expect(ours.filter((key) => !theirs.includes(key))).toEqual(each.onlyWire ?? []);
  });

  test('a disk access answers an approval with an empty 202, where the example has a body', async () => {
    const world = createTestAzure();
    const ids = await settle(world, 'disk');
    const reply = await world.arm(...approve(ids));
    expect(exampleOf('compute/DiskAccessPrivateEndpointConnection_Approve', '202').body).toBeDefined();
    expect([reply.status, reply.text]).toEqual([202, '']);
  });
});

async function settle(world: TestAzure, kind: TargetKind): Promise<Ids> {
  const target = await world.target(kind);
  return { target, connection: await world.connection(target, { message: 'please' }) };
}

function exampleOf(file: string, status: string): { isKnown: boolean; body: JsonObject | undefined } {
  const text = readFileSync(join('test/data/examples', `${file}.json`), 'utf8');
  const { responses } = JSON.parse(text) as { responses: Record<string, { body?: JsonObject }> };
  return { isKnown: responses[status] !== undefined, body: responses[status]?.body };
}

/** Every key with its path; items of a list count as one, keys of tags and skus do not count. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => keysOf(item, `${path}[]`)))];
  if (typeof value !== 'object' || value === null || /(^|\.)(tags|sku)$/.test(path)) return [path];
  return Object.entries(value).flatMap(([name, item]) =>
    keysOf(item, path === '' ? name : `${path}.${name}`),
  );
}
