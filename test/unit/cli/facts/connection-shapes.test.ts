import { runTool } from '../../../support/rigs/cli';

const id =
  '/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/kv-shop/privateEndpointConnections/kv-shop.1';
const endpoint =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-web/providers/Microsoft.Network/privateEndpoints/pe-web';
const state = { actionsRequired: 'None', description: 'for the web shop', status: 'Pending' };
const properties = {
  provisioningState: 'Succeeded',
  privateEndpoint: { id: endpoint, resourceGroup: 'rg-web' },
  privateLinkServiceConnectionState: state,
};

const arm = { id, name: 'kv-shop.1', properties };
const flat = {
  etag: '',
  id,
  location: null,
  name: 'kv-shop.1',
  ...properties,
  resourceGroup: 'rg-shared',
  tags: null,
};
const pascal = {
  Name: 'kv-shop.1',
  Id: id,
  ProvisioningState: 'Succeeded',
  PrivateEndpoint: { Id: endpoint },
  PrivateLinkServiceConnectionState: {
    Status: 'Pending',
    Description: 'for the web shop',
    ActionsRequired: 'None',
  },
  GroupId: [],
};
const flattened = {
  Id: id,
  PrivateEndpointId: endpoint,
  PrivateLinkServiceConnectionStateStatus: 'Pending',
  PrivateLinkServiceConnectionStateDescription: 'for the web shop',
  ProvisioningState: 'Succeeded',
  GroupId: ['vault'],
};
const facts = {
  connection: { id, status: 'Pending', message: 'for the web shop' },
  endpoint: { id: endpoint },
};
const shapes: readonly (readonly [string, unknown])[] = [
  ['as ARM sends it', arm],
  ['of az keyvault', flat],
  ['of Az PowerShell', pascal],
  ['of the newer modules of Az PowerShell', flattened],
  ['with a single group', { ...flat, groupId: 'vault' }],
  ['as postern export writes it', facts],
];

const policy = `version: 1
mode: enforce
rules:
  - name: shop
    effect: approve
    when: >-
      endpoint.subscriptionId == "11111111-1111-1111-1111-111111111111" && connection.message == "for the web shop"
`;
const nothing = 'version: 1\nmode: enforce\nrules: []\n';

async function explained(text: string) {
  const run = await runTool(['explain', 'c.json', '--policy', 'p.yaml', '--json'], {
    files: { 'p.yaml': policy, 'c.json': text },
  });
  return {
    ...run,
    decidedBy:
      run.exitCode === 0
        ? (JSON.parse(run.output.join('\n')) as { decidedBy: unknown }).decidedBy
        : undefined,
  };
}

async function simulated(text: string) {
  const args = ['simulate', '--policy', 'now.yaml', '--candidate', 'p.yaml', '--from', 'c.json', '--json'];
  const run = await runTool(args, { files: { 'p.yaml': policy, 'now.yaml': nothing, 'c.json': text } });
  return JSON.parse(run.output.join('\n')) as {
    seen: number;
    changed: number;
    unread: { id: string; problem: string }[];
  };
}

describe.each(shapes)('a connection %s', (_, value) => {
  test.each([
    ['on one line', JSON.stringify(value)],
    ['on many lines', JSON.stringify(value, undefined, 2)],
    [
      'with tabs and the line ends of Windows',
      JSON.stringify(value, undefined, '\t').replaceAll('\n', '\r\n'),
    ],
    [
      'with comments and a comma too many',
      `// from az\n{ /* one */ ${JSON.stringify(value).slice(1, -1)}, }\n`,
    ],
    ['in a list', JSON.stringify([value], undefined, 2)],
    ['in a list of ARM', JSON.stringify({ value: [value], nextLink: null }, undefined, 2)],
  ])('is explained and simulated %s', async (_title, text) => {
    expect(await explained(text)).toMatchObject({ exitCode: 0, errors: [], decidedBy: ['shop'] });
    expect(await simulated(text)).toMatchObject({ seen: 1, changed: 1, unread: [] });
  });

  test('is simulated among others', async () => {
    const many = Array.from({ length: 3 }, () => value);
    const target = { id: id.replace(/\/private.*/, ''), properties: { privateEndpointConnections: many } };
    for (const text of [
      JSON.stringify(many, undefined, 2),
      JSON.stringify({ value: many }, undefined, 2),
      JSON.stringify({ value: many }),
      JSON.stringify({ count: 1, data: [target] }, undefined, 2),
      many.map((each) => JSON.stringify(each)).join('\n'),
      `${many.map((each) => JSON.stringify(each)).join('\r\n')}\r\n`,
    ])
      expect(await simulated(text)).toMatchObject({ seen: 3, changed: 3, unread: [] });
    const { exitCode, errors } = await explained(JSON.stringify(many));
    expect(exitCode).toBe(2);
    expect(errors.join('\n')).toContain('this is a list of 3 connections: pass one of them, or use simulate');
  });
});

test.each<[string, unknown, string]>([
  ['an empty list', [], 'an empty list'],
  ['an empty list of ARM', { value: [] }, 'an empty list'],
  ['what ConvertTo-Json has cut off', { ...arm, properties: { ...properties, privateLinkServiceConnectionState: '@{status=Pending}' } }, 'add -Depth 10'],
  ['the same at the top', { id, properties: '@{provisioningState=Succeeded}' }, 'add -Depth 10'],
  ['an error of ARM', { error: { code: 'AuthorizationFailed', message: 'no' } }, 'an error from Azure: AuthorizationFailed no'],
  ['a private endpoint', { id: endpoint, properties: { manualPrivateLinkServiceConnections: [] } }, 'this is a private endpoint: its connection belongs to the target'],
  ['a vault', { id: id.replace(/\/private.*/, ''), properties: { tenantId: 'x' } }, 'another resource, not a connection'],
  ['something else', { color: 'red', size: 1 }, 'this is neither facts (connection, endpoint, requester, target, consumer) nor a connection'],
  ['a text', 'red', 'this is a string, not a connection'],
  ['a connection without a state', { id, properties: {} }, 'status'],
  ['a connection without an id', { properties }, 'a connection from ARM must have an `id`'],
])('%s is reported in one line', async (_, value, reported) => {
  const { exitCode, errors } = await explained(JSON.stringify(value));
  expect(exitCode).toBe(2);
  expect(errors[0]).toContain(reported);
  const { seen, unread } = await simulated(JSON.stringify(value, undefined, 2));
  expect(seen).toBe(0);
  if (!reported.includes('list')) expect(unread[0]?.problem).toContain(reported.replace('this is ', ''));
}); // prettier-ignore

test('what cannot be read among JSON lines keeps its line, also when it is the first', async () => {
  const { unread, seen } = await simulated(`{"connection":\n${JSON.stringify(facts)}\n\nnot this\n`);
  expect(seen).toBe(1);
  expect(unread).toEqual([
    { id: 'line 1', problem: 'not JSON' },
    { id: 'line 4', problem: 'not JSON' },
  ]);
});

test('several lines of facts are reported as a list', async () => {
  const line = JSON.stringify(facts);
  expect((await explained(`${line}\n${line}\n`)).errors.join('\n')).toContain('a list of 2 connections');
});

test('a wrong fact in a file with comments is reported at its location', async () => {
  const { errors } = await explained('// facts\n{\n\t"connection": { "stat": "Pending" }, // here\n}\n');
  expect(errors.join('\n')).toContain('c.json:3:18: unknown key `stat`');
});
