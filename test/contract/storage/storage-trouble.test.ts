import { TableClient } from '@azure/data-tables';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultLeaseTimes } from '../../../src/azure/storage/target-lease';
import { createStorage, defaultStorageNames } from '../../../src/azure/storage/storage';
import type { OperationStore } from '../../../src/operations/operation-store';
import { azuriteKey, startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { FakeClock } from '../../support/fakes/fake-clock';
import {
  sampleConnection,
  sampleRecord,
  sampleConnectionState,
  sampleTarget,
} from '../../../dev/lib/samples';
import { createStorageClients } from '../../../src/azure/storage/clients';
import { systemClock } from '../../../src/base/clock';

const target = sampleTarget();

describe('rows that somebody spoiled', () => {
  let azurite: RunningAzurite;

  beforeAll(async () => {
    azurite = await startAzurite();
  });

  afterAll(() => azurite.close());

  test.each([
    ['an operation that is no JSON', { operation: '{' }],
    ['a ticket of a later version', { operation: withTicketVersion(2) }],
    ['no status', { status: 7 }],
    ['an id of something else', { connectionId: '/subscriptions/x' }],
  ])('%s stops the target’s review and names the row', async (_, change) => {
    const { operationStore, table } = open();
    await operationStore.save(target, [sampleConnectionState()]);
    await spoil(table, change);
    const unreadable = { code: 'STORE_UNREADABLE', message: expect.stringContaining('c|') };
    await expect(operationStore.load(target)).rejects.toMatchObject(unreadable);
    await expect(operationStore.get(sampleConnection())).rejects.toMatchObject(unreadable);
  });

  test('one spoiled row does not hide the other overdue operations, nor stay unseen', async () => {
    const { operationStore, table } = open();
    await operationStore.save(target, [sampleConnectionState()]);
    await spoil(table, { operation: '{' });
    for (const name of ['vault-a', 'vault-z']) {
      const connection = sampleConnection('conn-1', sampleTarget(name));
      await operationStore.save(sampleTarget(name), [sampleConnectionState({ connection })]);
    }
    const found: string[] = [];
    await expect(collectOverdue(operationStore, found)).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
      message: expect.stringContaining('vault-one'),
    });
    expect(found.toSorted()).toEqual(['vault-a', 'vault-z']);
  });

  function open() {
    const suffix = randomBytes(6).toString('hex');
    const names = { operationsTable: `operations${suffix}` };
    const access = { kind: 'connectionString', connectionString: azurite.connectionString } as const;
    const clients = createStorageClients(access, systemClock);
    const { operationStore } = createStorage({ clients, clock: new FakeClock(), names });
    const table = TableClient.fromConnectionString(azurite.connectionString, names.operationsTable, {
      allowInsecureConnection: true,
    });
    return { operationStore, table };
  }
});

describe('a lease in the background', () => {
  let azurite: RunningAzurite;

  beforeAll(async () => {
    azurite = await startAzurite();
  });

  afterAll(() => azurite.close());

  test('is renewed, and the fence opens again', async () => {
    const { targetLease, clock } = open();
    const held = await targetLease.acquire(target);
    clock.advance(45);
    expect(() => held?.fence()).toThrow(/15 s are left/);
    await eventually(() => expect(() => held?.fence()).not.toThrow());
    await held?.release();
  });

  test('that somebody else took is noticed at the renewal, and the fence stays closed', async () => {
    const { targetLease, container } = open();
    const held = await targetLease.acquire(target);
    await breakLeases(container);
    const other = await open(container).targetLease.acquire(target);
    expect(other).toBeDefined();
    await eventually(() => expect(() => held?.fence()).toThrow(/was lost or released/));
    expect(() => other?.fence()).not.toThrow();
    await Promise.all([held?.release(), other?.release()]);
  });

  function open(container = `leases-${randomBytes(6).toString('hex')}`) {
    const clock = new FakeClock();
    const access = { kind: 'connectionString', connectionString: azurite.connectionString } as const;
    const { targetLease } = createStorage({
      clients: createStorageClients(access, systemClock),
      clock,
      names: { leasesContainer: container },
      leaseTimes: { ...defaultLeaseTimes, renewEverySeconds: 0.2 },
    });
    return { targetLease, clock, container };
  }

  async function breakLeases(name: string): Promise<void> {
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
      name,
    );
    for await (const blob of container.listBlobsFlat()) {
      await container.getBlobClient(blob.name).getBlobLeaseClient().breakLease(0);
    }
  }
});

describe('a storage account that refuses', () => {
  let server: Server;
  let requests = 0;

  beforeAll(async () => {
    server = createServer((_, response) => {
      requests += 1;
      response.writeHead(403, { 'x-ms-error-code': 'AuthorizationFailure' }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  beforeEach(() => {
    requests = 0;
  });

  test('makes the ledger unavailable, and the message carries no secret', async () => {
    const failure = await open()
      .ledger.append([sampleRecord()])
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
      message: expect.stringContaining('HTTP 403'),
    });
    expect(String(failure)).not.toContain(azuriteKey);
    expect(requests).toBe(1);
  });

  test('fails every other port, too: no silence, and nothing is taken for missing', async () => {
    const { operationStore, reviewQueue, alarm, targetLease } = open();
    const call = { version: 1, connectionId: 'c', operationId: 'o', poll: 0 } as const;
    const away = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('HTTP 403') };
    await expect(operationStore.load(target)).rejects.toMatchObject(away);
    await expect(operationStore.get(sampleConnection())).rejects.toMatchObject(away);
    await expect(operationStore.save(target, [sampleConnectionState()])).rejects.toMatchObject(away);
    await expect(reviewQueue.put({ ...request }, 0)).rejects.toMatchObject(away);
    await expect(alarm.ring(call, 0)).rejects.toMatchObject(away);
    await expect(targetLease.acquire(target)).rejects.toMatchObject(away);
  });

  const request = {
    version: 1,
    kind: 'target',
    id: target.id,
    hintedAt: '2026-01-05T12:00:00Z',
    because: 'event',
    attempt: 0,
  } as const;

  function open() {
    const { port } = server.address() as AddressInfo;
    const at = `http://127.0.0.1:${port}/devstoreaccount1`;
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${azuriteKey};BlobEndpoint=${at};QueueEndpoint=${at};TableEndpoint=${at};`;
    return createStorage({
      clients: createStorageClients({ kind: 'connectionString', connectionString }, systemClock),
      clock: new FakeClock(),
      names: defaultStorageNames,
    });
  }
});

function withTicketVersion(version: number): string {
  const { operation } = sampleConnectionState();
  return JSON.stringify({ ...operation, ticket: { ...operation?.ticket, version } });
}

async function spoil(table: TableClient, change: Record<string, unknown>): Promise<void> {
  for await (const row of table.listEntities()) {
    const { partitionKey = '', rowKey = '' } = row;
    await table.updateEntity({ partitionKey, rowKey, ...change }, 'Merge');
  }
}

async function collectOverdue(store: OperationStore, found: string[]): Promise<void> {
  for await (const { connection } of store.overdue(new Date('2026-01-06T00:00:00Z'))) {
    found.push(connection.target.name);
  }
}

/** Tries again, for ten seconds at most, until the expectation holds. */
async function eventually(expectation: () => void): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    try {
      expectation();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  expectation();
}
