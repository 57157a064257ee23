import { localIdentity, somebodyElse, type FaultEffect } from '../../../../../dev/azure/index';
import { textOf } from '../../../../../dev/azure/http/message';
import { createTestAzure, type TestAzure } from '../../../../support/rigs/local-azure-world';

const approval = (id: string) => ({
  id,
  properties: { privateLinkServiceConnectionState: { status: 'Approved' } },
});

async function pending(
  kind: 'vault' | 'disk',
  effect: FaultEffect,
): Promise<{ world: TestAzure; id: string }> {
  const world = createTestAzure({
    faults: [{ id: 'f', method: 'PUT', path: 'privateEndpointConnections/', effect }],
  });
  return { world, id: await world.connection(await world.target(kind)) };
}

async function statusOf({ arm }: TestAzure, id: string): Promise<string> {
  return /"status": ?"(\w+)"/.exec((await arm('GET', id)).text)?.[1] ?? 'none';
}

describe('faults on demand', () => {
  test.each<[string, FaultEffect, number, string]>([
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfterSeconds: 7 }, 429, 'Pending'],
    ['503 without a body', { kind: 'status', status: 503, body: '' }, 503, 'Pending'],
    ['504 with the write done', { kind: 'status', status: 504, when: 'after' }, 504, 'Approved'],
  ])('%s', async (_what, effect, status, after) => {
    const { world, id } = await pending('vault', effect);
    const reply = await world.arm('PUT', id, approval(id));
    expect(reply.status).toBe(status);
    expect(reply.headers['retry-after']).toBe('retryAfterSeconds' in effect ? '7' : undefined);
    expect(await statusOf(world, id)).toBe(after);
    const record = world.azure.requests.records.find(({ faults }) => faults.includes('f'));
    expect(record?.tookEffect).toBe(after === 'Approved' ? 'approve' : undefined);
    expect(record?.principal).toBe(localIdentity.objectId);
  });

  test.each<['before' | 'after', string]>([
    ['before', 'Pending'],
    ['after', 'Approved'],
  ])('a connection that is cut %s the work leaves it %s', async (when, status) => {
    const { world, id } = await pending('vault', { kind: 'reset', when });
    expect(await world.raw('PUT', id, approval(id))).toEqual({ kind: 'reset' });
    expect(await statusOf(world, id)).toBe(status);
  });

  test('an operation can be made to fail: the old status comes back', async () => {
    const { world, id } = await pending('disk', { kind: 'operation-fails', code: 'Boom', message: 'no' });
    const { headers } = await world.arm('PUT', id, approval(id));
    await world.clock.advance(60);
    const poll = await world.arm('GET', headers['azure-asyncoperation'] ?? '');
    expect(poll.body).toMatchObject({ status: 'Failed', error: { code: 'Boom', message: 'no' } });
    expect(await statusOf(world, id)).toBe('Pending');
  });

  test('operation URLs can be made to point to strangers', async () => {
    const { world, id } = await pending('disk', {
      kind: 'foreign-operation-url',
      origin: 'https://some.endpoint.com',
    });
    const { headers } = await world.arm('PUT', id, approval(id));
    expect(headers['location']).toMatch(/^https:\/\/some\.endpoint\.com\/subscriptions\//);
  });

  test('a connection can vanish before the write reaches it', async () => {
    const { world, id } = await pending('vault', { kind: 'vanish', what: 'connection', when: 'before' });
    expect((await world.arm('PUT', id, approval(id))).status).toBe(404);
  });

  test('bodies can be cut, emptied and blown up', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('vault'));
    const texts: string[] = [];
    for (const effect of [
      { kind: 'malformed-body' },
      { kind: 'empty-body' },
      { kind: 'huge-body', bytes: 100_000 },
    ] as const) {
      world.azure.faults.clear();
      world.azure.faults.add({ effect });
      const reply = await world.raw('GET', id);
      texts.push(reply.kind === 'reset' ? 'reset' : reply.body);
    }
    const [malformed = '', empty, huge = ''] = texts;
    expect(() => JSON.parse(malformed) as unknown).toThrow(SyntaxError);
    expect(empty).toBe('');
    expect(huge.length).toBeGreaterThan(100_000);
  });

  test('a slow reply comes when its time has come', async () => {
    const world = createTestAzure();
    const target = await world.target('vault');
    world.azure.faults.add({ effect: { kind: 'slow', seconds: 40 } });
    let isDone = false;
    const reply = world.arm('GET', target).finally(() => (isDone = true));
    await world.clock.advance(39);
    expect(isDone).toBe(false);
    await world.clock.advance(1);
    expect((await reply).status).toBe(200);
  });

  test('rules count: the n-th request only, and no more often than they say', async () => {
    const world = createTestAzure();
    const target = await world.target('vault');
    world.azure.faults.add({ method: 'GET', nth: 2, effect: { kind: 'status', status: 500 } });
    world.azure.faults.add({ method: 'GET', times: 1, effect: { kind: 'status', status: 503 } });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await world.arm('GET', target)).status);
    expect(statuses).toEqual([503, 500, 200, 200]);
  });

  test('the same seed draws the same faults', async () => {
    const run = async () => {
      const world = createTestAzure({
        seed: 7,
        faults: [{ method: 'GET', probability: 0.5, effect: { kind: 'status', status: 500 } }],
      });
      const target = await world.target('vault');
      const statuses: number[] = [];
      for (let index = 0; index < 20; index += 1) statuses.push((await world.arm('GET', target)).status);
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });
});

describe('the control plane', () => {
  test('somebody else approves through ARM, with the same operation and in the log', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('vault'));
    expect(await world.azure.control.actAs(somebodyElse, { connectionId: id, kind: 'approve' })).toBe(200);
    expect(await statusOf(world, id)).toBe('Approved');
    const record = world.azure.requests.records.find(({ tookEffect }) => tookEffect === 'approve');
    expect([record?.principal, record?.connection]).toEqual([somebodyElse.objectId, id]);
    expect(record?.statusBefore).toBe('Pending');
  });

  test('is served below /_local, and says what there is', async () => {
    const world = createTestAzure();
    const target = await world.target('vault');
    const seeded = await world.arm('POST', '/_local/plant', { targetId: target, connectionName: 'old' });
    expect(await statusOf(world, textOf(seeded.body['id']) ?? '')).toBe('Disconnected');
    expect((await world.arm('GET', '/_local/state')).text).toContain(`"${textOf(seeded.body['id'])}"`);
    const unknown = await world.arm('GET', '/_local/nonsense');
    expect([unknown.status, unknown.text.includes('GET /state')]).toEqual([501, true]);
  });
});
