import type { FaultRule, Lie } from '../../../../../dev/azure/index';
import { createTestAzure, type TargetKind, type TestAzure } from '../../../../support/rigs/local-azure-world';

const approval = (id: string) => ({
  id,
  properties: { privateLinkServiceConnectionState: { status: 'Approved', description: 'ok' } },
});

interface Shown {
  readonly id: string;
  readonly properties: Record<string, unknown>;
}

async function pending(kind: TargetKind = 'vault') {
  const world = createTestAzure();
  const target = await world.target(kind);
  const id = await world.connection(target);
  return { world, target, id, list: `${target}/privateEndpointConnections` };
}

async function listed({ arm }: TestAzure, list: string): Promise<readonly Shown[]> {
  return (await arm('GET', list)).body['value'] as unknown as Shown[];
}

async function truth({ azure, arm }: TestAzure, id: string): Promise<number> {
  azure.faults.clear();
  return (await arm('GET', id)).status;
}

describe('what is there is said not to be', () => {
  test.each<
    [string, Partial<FaultRule>, (of: { id: string; list: string; target: string }) => string, string]
  >([
    ['a connection', {}, ({ id }) => id, 'ResourceNotFound'],
    ['a list', {}, ({ list }) => list, 'ResourceNotFound'],
    ['a target', {}, ({ target }) => target, 'ResourceNotFound'],
    [
      'what a connection hangs on',
      { effect: { kind: 'not-found', what: 'parent' } },
      ({ id }) => id,
      'ParentResourceNotFound',
    ],
  ])('%s, once', async (_what, rule, pathOf, code) => {
    const { world, ...ids } = await pending();
    world.azure.faults.add({ method: 'GET', times: 1, effect: { kind: 'not-found' }, ...rule });
    const lie = await world.arm('GET', pathOf(ids));
    expect([lie.status, lie.body]).toEqual([
      404,
      { error: { code, message: expect.stringContaining('ound') as unknown } },
    ]);
    expect((await world.arm('GET', pathOf(ids))).status).toBe(200);
  });

  test('an endpoint and an operation', async () => {
    const { world, id } = await pending('disk');
    const { headers } = await world.arm('PUT', id, approval(id));
    world.azure.faults.add({ method: 'GET', effect: { kind: 'not-found' } });
    expect((await world.arm('GET', headers['azure-asyncoperation'] ?? '')).status).toBe(404);
    const [first] = [...world.azure.world.endpoints.values()];
    expect((await world.arm('GET', first!.id)).status).toBe(404);
  });

  test.each(['before', 'after'] as const)('a write that is answered 404 %s its work', async (when) => {
    const { world, id } = await pending();
    world.azure.faults.add({ method: 'PUT', effect: { kind: 'not-found', when } });
    expect((await world.arm('PUT', id, approval(id))).status).toBe(404);
    const [connection] = await listed(world, id.replace(/\/[^/]+$/, ''));
    expect(connection?.properties['privateLinkServiceConnectionState']).toMatchObject({
      status: when === 'before' ? 'Pending' : 'Approved',
    });
  });

  test('a delete that is answered 404 leaves what it did not find', async () => {
    const { world, id } = await pending();
    world.azure.faults.add({ method: 'DELETE', effect: { kind: 'not-found' } });
    expect((await world.arm('DELETE', id)).status).toBe(404);
    await world.clock.advance(600);
    expect(await truth(world, id)).toBe(200);
  });

  test('right after a write, for a while, and about its connection alone', async () => {
    const { world, id, target } = await pending();
    const other = await world.connection(target, { endpoint: 'pe2' });
    const rule: FaultRule = { method: 'GET', forSeconds: 30, effect: { kind: 'not-found' } };
    world.azure.faults.add({ method: 'PUT', times: 1, effect: { kind: 'afterwards', rule } });
    expect((await world.arm('GET', id)).status).toBe(200);
    await world.arm('PUT', id, approval(id));
    expect((await world.arm('GET', id)).status).toBe(404);
    expect((await world.arm('GET', other)).status).toBe(200);
    await world.clock.advance(30);
    expect((await world.arm('GET', id)).status).toBe(200);
  });

  test('a write that was refused brings nothing with it', async () => {
    const { world, id, target } = await pending();
    const other = await world.connection(target, { endpoint: 'pe2' });
    await world.arm('PUT', other, approval(other));
    const rule: FaultRule = { method: 'GET', effect: { kind: 'not-found' } };
    world.azure.faults.add({ method: 'PUT', effect: { kind: 'afterwards', rule } });
    expect((await world.arm('PUT', id, approval(id))).status).toBe(409);
    expect((await world.arm('GET', id)).status).toBe(200);
  });
});

describe('lists that are too short', () => {
  test.each<[string, Partial<Extract<Lie, { kind: 'shorter-list' }>>, number]>([
    ['empty', {}, 0],
    ['cut off', { keep: 2 }, 2],
    ['without one of them', { without: 'pe2-connection$' }, 2],
  ])('%s', async (_what, how, left) => {
    const { world, target, list } = await pending();
    for (const endpoint of ['pe2', 'pe3']) await world.connection(target, { endpoint });
    world.azure.faults.add({ method: 'GET', times: 2, effect: { kind: 'shorter-list', ...how } });
    const names = (await listed(world, list)).map(({ id }) => id.split('/').at(-1));
    expect(names).toHaveLength(left);
    if (how.without !== undefined) expect(names).not.toContain('pe2-connection');
    const inline = (await world.arm('GET', target)).body['properties'] as unknown as {
      privateEndpointConnections: unknown[];
    };
    expect(inline.privateEndpointConnections).toHaveLength(left);
    expect(await listed(world, list)).toHaveLength(3);
  });

  test('Resource Graph, too, and it counts what it tells', async () => {
    const { world } = await pending();
    const query =
      "resources | where type in~ ('microsoft.keyvault/vaults') | mv-expand privateEndpointConnections";
    world.azure.faults.add({ method: 'POST', times: 1, effect: { kind: 'shorter-list' } });
    const counts: unknown[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { body } = await world.arm('POST', '/providers/Microsoft.ResourceGraph/resources', { query });
      counts.push([body['count'], body['totalRecords']]);
    }
    expect(counts).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});

describe('connections that are shown otherwise', () => {
  test.each<[string, Lie, Record<string, unknown>]>([
    ['without an endpoint', { kind: 'endpoint-shown', as: 'left-out' }, { privateEndpoint: undefined }],
    ['with null for it', { kind: 'endpoint-shown', as: 'null' }, { privateEndpoint: null }],
    ['with an empty one', { kind: 'endpoint-shown', as: 'empty' }, { privateEndpoint: {} }],
    [
      'with a slash at its end',
      { kind: 'endpoint-shown', as: 'trailing-slash' },
      { privateEndpoint: { id: expect.stringMatching(/\/privateEndpoints\/pe1\/$/) } },
    ],
    [
      'in capitals',
      { kind: 'endpoint-shown', as: 'upper-case' },
      { privateEndpoint: { id: expect.stringMatching(/\/PRIVATEENDPOINTS\/PE1$/) } },
    ],
    [
      'in an unknown state',
      { kind: 'provisioning-state', state: 'Unknown' },
      { provisioningState: 'Unknown' },
    ],
    ['in the state ""', { kind: 'provisioning-state', state: '' }, { provisioningState: '' }],
    ['without a state', { kind: 'provisioning-state', state: null }, { provisioningState: undefined }],
    [
      'with another status',
      { kind: 'connection-status', status: 'Timeout' },
      { privateLinkServiceConnectionState: expect.objectContaining({ status: 'Timeout' }) },
    ],
  ])('%s, alone and in the list', async (_what, effect, wanted) => {
    for (const kind of ['vault', 'hsm', 'apim', 'disk'] as const) {
      const { world, id, list } = await pending(kind);
      world.azure.faults.add({ method: 'GET', times: 2, effect });
      const single = (await world.arm('GET', id)).body['properties'];
      const [item] = await listed(world, list);
      for (const properties of [single, item?.properties]) {
        const shown = Object.keys(wanted).map((name) => [name, Object(properties)[name] as unknown]);
        expect(Object.fromEntries(shown)).toEqual(wanted);
      }
      const [right] = await listed(world, list);
      expect(right?.properties).toMatchObject({ provisioningState: 'Succeeded' });
    }
  });
});

describe('operations that do not tell the truth', () => {
  const kinds = ['vault', 'apim', 'disk'] as const;

  async function begun(kind: TargetKind, method: 'PUT' | 'DELETE', effect: Lie) {
    const begun = await pending(kind);
    const { world, id } = begun;
    world.azure.faults.add({ method, effect });
    const { headers } = await world.arm(method, id, method === 'PUT' ? approval(id) : undefined);
    return { ...begun, url: headers['azure-asyncoperation'] ?? headers['location'] ?? '' };
  }

  test.each(kinds)('%s: a URL that never ends, although all is done', async (kind) => {
    const { world, id, url } = await begun(kind, 'PUT', { kind: 'operation-says', word: 'InProgress' });
    await world.clock.advance(86_400);
    const poll = await world.arm('GET', url);
    expect(kind === 'apim' ? poll.status : poll.body['status']).toBe(kind === 'apim' ? 202 : 'InProgress');
    expect((await world.arm('GET', id)).text).toContain('Approved');
  });

  test.each(
    kinds.flatMap((kind) => ['Cancelled', 'Completed', 'TimedOut'].map((word) => [kind, word] as const)),
  )('%s: a URL that ends as %s', async (kind, word) => {
    const { world, url } = await begun(kind, 'PUT', { kind: 'operation-says', word });
    const first = await world.arm('GET', url);
    expect(first.text).not.toContain(word);
    await world.clock.advance(1200);
    const last = await world.arm('GET', url);
    expect([last.status, last.body]).toEqual([200, { status: word }]);
  });

  test.each(kinds)('%s: a delete that ends well and deletes nothing', async (kind) => {
    const { world, id, url } = await begun(kind, 'DELETE', { kind: 'delete-undone' });
    await world.clock.advance(1200);
    expect([200, 204]).toContain((await world.arm('GET', url)).status);
    expect(await truth(world, id)).toBe(200);
    expect((await world.arm('DELETE', id)).status).toBe(202);
  });
});

describe('where and how often', () => {
  test('a rule can name a target, or one connection of it', async () => {
    const { world, id, target, list } = await pending();
    const other = await world.connection(await world.target('vault', 'vault-2'), { endpoint: 'pe2' });
    world.azure.faults.add({ method: 'GET', target: target.toUpperCase(), effect: { kind: 'not-found' } });
    const statuses = async () =>
      Promise.all([id, list, other].map(async (path) => (await world.arm('GET', path)).status));
    expect(await statuses()).toEqual([404, 404, 200]);
    world.azure.faults.clear();
    world.azure.faults.add({ method: 'GET', connection: id.toUpperCase(), effect: { kind: 'not-found' } });
    expect(await statuses()).toEqual([404, 200, 200]);
  });

  test('rules of one group keep apart about one target', async () => {
    const { world, id, list } = await pending();
    const other = await world.connection(await world.target('vault', 'vault-2'), { endpoint: 'pe2' });
    const apart = { group: 'lies', seconds: 100 };
    world.azure.faults.add({
      method: 'GET',
      path: 'Connections\\?',
      apart,
      effect: { kind: 'shorter-list' },
    });
    world.azure.faults.add({ method: 'GET', path: 'Connections/', apart, effect: { kind: 'not-found' } });
    const statusOf = async (path: string) => (await world.arm('GET', path)).status;
    expect(await statusOf(id)).toBe(404);
    expect(await listed(world, list)).toHaveLength(1);
    expect(await statusOf(id)).toBe(200);
    expect(await statusOf(other)).toBe(404);
    await world.clock.advance(100);
    expect(await listed(world, list)).toHaveLength(0);
  });

  test('rules of one group keep honest reads apart', async () => {
    const { world, id } = await pending();
    const apart = { group: 'lies', seconds: 10, reads: 2 };
    world.azure.faults.add({ method: 'GET', apart, effect: { kind: 'not-found' } });
    const statuses: number[] = [];
    for (let read = 0; read < 7; read += 1) {
      statuses.push((await world.arm('GET', id)).status);
      await world.clock.advance(60);
    }
    expect(statuses).toEqual([404, 200, 200, 404, 200, 200, 404]);
  });
});
