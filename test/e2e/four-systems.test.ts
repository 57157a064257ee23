import { localIdentity, type LocalAzureOptions } from '../../dev/azure';
import { createArm } from '../../src/azure/arm/arm';
import { createTestAzure, type TargetKind, type TestAzure } from '../support/rigs/local-azure-world';
import { createRig, fakePolicy, type Rig } from '../support/rigs/rig';
import { systemClock } from '../../src/base/clock';

const kinds: readonly TargetKind[] = ['vault', 'hsm', 'apim', 'disk'];

interface System {
  readonly world: TestAzure;
  readonly rig: Rig;
  readonly connect: (endpoint: string, message?: string) => Promise<string>;
  readonly statusOf: (connectionId: string) => Promise<string>;
}

/** The use cases and the production adapters against the local Azure, all in one time. */
async function system(kind: TargetKind, options: LocalAzureOptions = {}): Promise<System> {
  const world = createTestAzure(options);
  const target = await world.target(kind);
  const adapters = createArm({
    endpoint: 'https://management.azure.com',
    credential: world.azure.credential,
    httpClient: world.azure.httpClient,
    clock: { ...systemClock, now: () => world.clock.now(), monotonicMs: () => world.clock.seconds() * 1000 },
  });
  const policy = fakePolicy(['Pending', 'Disconnected']);
  const rig = createRig({ target, policy, adapters, onSecond: () => world.clock.advance(1) });
  return {
    world,
    rig,
    connect: (endpoint, message = '') => world.connection(target, { endpoint, message }),
    statusOf: async (connectionId) => {
      const { status, body } = await world.arm('GET', connectionId);
      const properties = body['properties'] as Record<string, Record<string, string>> | undefined;
      return status === 404 ? 'gone' : (properties?.['privateLinkServiceConnectionState']?.['status'] ?? '');
    },
  };
}

function decide({ rig }: System, connectionId: string, effect: 'approve' | 'reject' | 'delete'): void {
  rig.policy.effects.set(connectionId.split('/').at(-1) ?? '', effect);
}

const effects = [
  ['approve', 'Approved'],
  ['reject', 'Rejected'],
  ['delete', 'gone'],
] as const;

describe.each(kinds)('%s', (kind) => {
  test.each(effects)('%s ends when Azure shows the proof, and is recorded once', async (effect, wanted) => {
    const it = await system(kind);
    const id = await it.connect('pe-one', 'CHG 42');
    decide(it, id, effect);
    await it.rig.takeRequest(it.rig.request());
    await it.rig.run(400);
    expect(await it.statusOf(id)).toBe(wanted);
    expect(it.rig.ledger.records.map((record) => record.kind)).toEqual(['decided', 'applied']);
    expect(it.rig.ledger.records[0]).toMatchObject({ message: 'CHG 42', effect });
    const writes = it.world.azure.requests.records.filter(({ tookEffect }) => tookEffect === effect);
    expect(writes).toHaveLength(1);
  });

  test('three requests are answered one after the other, and no write is refused', async () => {
    const it = await system(kind);
    const ids = [await it.connect('pe-1'), await it.connect('pe-2'), await it.connect('pe-3')];
    for (const id of ids) decide(it, id, 'approve');
    await it.rig.takeRequest(it.rig.request());
    await it.rig.run(1500);
    for (const id of ids) expect(await it.statusOf(id)).toBe('Approved');
    expect(it.rig.ledger.ofKind('applied')).toHaveLength(3);
    const refused = it.world.azure.requests.records.filter(
      ({ method, status }) => method === 'PUT' && status === 409,
    );
    expect(refused).toEqual([]);
  });

  test.each([
    ['the reply to the write is lost', { kind: 'reset', when: 'after' } as const],
    ['the write is answered 503', { kind: 'status', status: 503 } as const],
    ['the write is answered 429', { kind: 'status', status: 429, retryAfterSeconds: 30 } as const],
    ['the write is answered 429 without Retry-After', { kind: 'status', status: 429 } as const],
    ['the write is answered 409', { kind: 'status', status: 409, code: 'ConflictError' } as const],
    ['the write is answered 500 without a body', { kind: 'status', status: 500, body: '' } as const],
    ['the reply to the write is cut off', { kind: 'malformed-body' } as const],
    [
      'the operation URL is foreign',
      { kind: 'foreign-operation-url', origin: 'https://some.endpoint.com' } as const,
    ],
  ])('if %s, the approval still ends as applied', async (_, effect) => {
    const it = await system(kind, {
      faults: [{ method: 'PUT', path: 'privateEndpointConnections/', times: 1, effect }],
    });
    const id = await it.connect('pe-one');
    decide(it, id, 'approve');
    await it.rig.takeRequest(it.rig.request());
    await it.rig.run(1600);
    expect(await it.statusOf(id)).toBe('Approved');
    expect(it.rig.ledger.ofKind('applied')).toHaveLength(1);
    expect(it.rig.ledger.ofKind('decided')).toHaveLength(1);
  });

  test('an operation that Azure reports as failed is failed, and is tried again later', async () => {
    const effect = { kind: 'operation-fails', code: 'InternalError', message: 'no luck' } as const;
    const it = await system(kind, {
      faults: [{ method: 'PUT', path: 'privateEndpointConnections/', times: 1, effect }],
    });
    const id = await it.connect('pe-one');
    decide(it, id, 'approve');
    await it.rig.takeRequest(it.rig.request());
    await it.rig.run(600);
    const ends = it.rig.ledger.records.filter(({ kind: end }) => end !== 'decided');
    expect(ends.map(({ kind: end }) => end)).toEqual(['failed']);
    await it.rig.run(5000);
    expect(await it.statusOf(id)).toBe('Approved');
  });

  test('a missing permission is named and the connection stays as it is', async () => {
    const it = await system(kind, {
      deny: [{ action: '*/privateEndpointConnections/write', principal: localIdentity.objectId }],
    });
    const id = await it.connect('pe-one');
    decide(it, id, 'approve');
    await it.rig.takeRequest(it.rig.request());
    await it.rig.run(5);
    expect(it.rig.ledger.ofKind('failed')[0]?.operation?.error).toContain(
      '/privateEndpointConnections/write',
    );
    expect(await it.statusOf(id)).toBe('Pending');
  });

  test('a connection that vanishes while its approval runs is done, not failed', async () => {
    const it = await system(kind);
    const id = await it.connect('pe-one');
    decide(it, id, 'approve');
    await it.rig.takeRequest(it.rig.request());
    it.world.azure.control.removeSilently(id);
    await it.rig.run(400);
    expect(it.rig.ledger.records.map((record) => record.kind)).toEqual(['decided', 'superseded']);
  });
});
