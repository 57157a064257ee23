import { localIdentity, somebodyElse } from '../../../dev/azure';
import { createLocalAzureParts } from '../../../dev/azure/local-azure';
import { accessTo, startWholeApp } from '../../../dev/estate/whole-app';
import { createScheduler } from '../../../dev/explore/kernel/scheduler';
import { createStreams } from '../../../dev/explore/kernel/streams';
import { createVirtualClock } from '../../../dev/explore/world/azure';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { putResource } from '../../../dev/lib/put-resource';
import '../../../functions/register';
import { createStorageClients } from '../../../src/azure/storage/clients';
import { createStorage } from '../../../src/azure/storage/storage';
import { systemClock } from '../../../src/base/clock';
import { parseConnectionId } from '../../../src/connections/resource-id';
import { fill, loadInto, readRecording } from '../../support/samples/release-recording';

jest.mock('@azure/functions', () => jest.requireActual<object>('../../../dev/explore/app/functions-sdk'));
jest.mock('../../../functions/worker', () => jest.requireActual<object>('../../../dev/explore/app/worker'));

const recording = readRecording('35b1bcd');
const recordedMs = Date.parse(recording.recordedAt);
const ids = Object.keys(recording.connections);
const idOf = (name: string): string => ids.find((id) => id.endsWith(`/${name}`)) ?? '';

describe('what version 0.1.0 has left in storage', () => {
  let azurite: RunningAzurite;
  beforeAll(async () => {
    azurite = await startAzurite();
    await loadInto(azurite.connectionString, recording);
  });
  afterAll(() => azurite.close());

  const storage = () => {
    const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
    return createStorage({ clients: createStorageClients(access, systemClock), clock: systemClock });
  };

  test('is read: each row of a connection, with its operation, approval and first time', async () => {
    const targets = new Map(
      ids.map((id) => parseConnectionId(id).target).map((target) => [target.key, target]),
    );
    const rows = new Map<string, { operation?: { state: string } | undefined; firstSeen: string }>();
    for (const target of targets.values()) {
      const state = await storage().operationStore.load(target);
      expect(state.reviewedAt).toBeDefined();
      for (const row of state.connectionStates) rows.set(row.connection.name, row);
    }
    expect([...rows.keys()].toSorted()).toEqual([
      'asker',
      'behind',
      'guest',
      'last',
      'retired',
      'silent',
      'slow',
    ]);
    const states = ['slow', 'behind', 'last'].map((name) => rows.get(name)?.operation?.state);
    expect(states).toContain('running');
    expect(states).toContain('planned');
    expect(rows.get('guest')).toMatchObject({
      operation: { state: 'applied' },
      approval: { rules: ['guests'] },
    });
    expect(rows.get('silent')).toMatchObject({ operation: { state: 'planned', limit: { state: 'held' } } });
    for (const { firstSeen } of rows.values()) expect(Date.parse(firstSeen)).toBeLessThan(recordedMs);
  });

  test('is read: the ledger, the last sweep, what a limit holds, and a lease that it held', async () => {
    const { ledger, sweepJournal, operationStore, targetLease } = storage();
    const kinds = new Set<string>();
    for await (const { kind } of ledger.read()) kinds.add(kind);
    for (const kind of ['decided', 'applied', 'swept', 'limited', 'abandoned']) expect(kinds).toContain(kind);
    expect((await sweepJournal.read()).last).toBeDefined();
    const held: string[] = [];
    for await (const { connection } of operationStore.waitingForPerson('limited')) held.push(connection.name);
    expect(held).toEqual(['silent']);
    const { target } = parseConnectionId(idOf('slow'));
    const lease = await targetLease.acquire(target);
    expect(lease).toBeDefined();
    await lease?.release();
  });
});

/** Lets this build go on with the recording, some time after it was made, over an Azure with the same connections. */
async function goOn(afterSeconds: number) {
  const stream = createStreams(11);
  const scheduler = createScheduler(recordedMs + afterSeconds * 1000, stream('scheduler'));
  const azure = createLocalAzureParts({
    clock: createVirtualClock(scheduler),
    roles: [{ principal: localIdentity.objectId, scope: '/', actions: ['*'] }],
  });
  for (const [id, { status, description, endpointId }] of Object.entries(recording.connections)) {
    const { target, name } = parseConnectionId(id);
    const body = { location: 'westeurope', properties: {} };
    await putResource(azure, somebodyElse, { id: target.id, apiVersion: '2024-05-01', body });
    // What 0.1.0 had sent has succeeded meanwhile.
    const wasSent = runningIn().includes(name);
    azure.control.seed({
      targetId: target.id,
      connectionName: name,
      endpointId,
      status: wasSent ? 'Approved' : status,
      description: description ?? '',
    });
  }
  const writes: string[] = [];
  const app = await startWholeApp({
    scheduler,
    policy: recording.policy,
    settings: { ARM_ENDPOINT: 'https://management.azure.com' },
    prepare: (account) => fill(account, recording),
    ...accessTo(azure, {
      scheduler,
      random: stream('network'),
      onRequest: (_, { method, url }) => {
        const name = /privateEndpointConnections\/([^/?]+)/i.exec(url)?.[1];
        if (method !== 'GET' && name !== undefined) writes.push(`${method} ${name}`);
      },
    }),
  });
  const statusOf = (name: string): string | undefined => {
    const { target } = parseConnectionId(idOf(name));
    return azure.world.targets.get(target.key)?.connections.get(name)?.status;
  };
  const pass = async (hours: number): Promise<void> => {
    for (let quarter = 0; quarter < hours * 4; quarter += 1) {
      void app.fire('followPolicy');
      void app.fire('sweep');
      await app.run(1 / 4, () => false);
    }
  };
  const endsOf = (name: string): readonly string[] =>
    app.records
      .filter(({ connection, kind }) => connection?.endsWith(`/${name}`) === true && kind !== 'polled')
      .map(({ kind }) => kind);
  return { app, statusOf, pass, writes, endsOf };
}

/** The connections whose write was under way. */
function runningIn(): readonly string[] {
  return (recording.tables['operations'] ?? [])
    .filter(({ operationState }) => operationState === 'running')
    .map(({ connectionId }) => parseConnectionId(String(connectionId)).name);
}

test('this build goes on where 0.1.0 was killed: each write ends, none is sent twice, nothing is forgotten', async () => {
  const { app, statusOf, pass, writes, endsOf } = await goOn(60);
  await pass(1.5);
  const [running = ''] = runningIn();
  expect(writes.filter((write) => write.endsWith(` ${running}`))).toEqual([]);
  expect(endsOf(running)).toEqual(['applied']);
  for (const name of ['slow', 'behind', 'last']) expect(statusOf(name)).toBe('Approved');
  for (const name of ['slow', 'behind', 'last'])
    expect(writes.filter((write) => write === `PUT ${name}`).length).toBeLessThan(2);
  // The approval that 0.1.0 made ends at its time, the limit still holds, and the question is still open.
  expect(writes).toContain('DELETE guest');
  expect(statusOf('guest')).toBeUndefined();
  expect([statusOf('silent'), statusOf('asker'), statusOf('retired')]).toEqual([
    'Pending',
    'Pending',
    'Disconnected',
  ]);
  expect(writes.filter((write) => / (silent|asker|retired)$/.test(write))).toEqual([]);
  expect(app.log().filter((line) => line.includes('STORE_UNREADABLE'))).toEqual([]);
  // All messages are understood but the one that nobody can read.
  const unread = app.log().filter((line) => line.includes('MESSAGE_INVALID'));
  expect(unread).toEqual([expect.stringContaining('bm8gbWVzc2FnZSBvZiBvdXJz')]);
  expect(app.records.filter(({ kind }) => kind === 'abandoned')).toHaveLength(1);
  app.close();
});

test('since when 0.1.0 has seen a connection counts for rules about its age', async () => {
  const { app, statusOf, pass, writes } = await goOn(168 * 3600 - 1800);
  await pass(0.25);
  expect(writes).not.toContain('DELETE retired');
  await pass(1);
  expect(writes).toContain('DELETE retired');
  expect(statusOf('retired')).toBeUndefined();
  app.close();
});
