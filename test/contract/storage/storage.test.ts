import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { createHash, randomBytes } from 'node:crypto';
import { defaultLeaseTimes } from '../../../src/azure/storage/target-lease';
import { createStorage, type StorageNames } from '../../../src/azure/storage/storage';
import { emptyHistogram, mostWeight, withObservation } from '../../../src/operations/pace/duration-histogram';
import type { TargetId } from '../../../src/connections/resource-id';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { FakeClock } from '../../support/fakes/fake-clock';
import { sampleRecord } from '../../../dev/lib/samples';
import { durationStoreContract } from '../suites/duration-store';
import { ledgerContract } from '../suites/ledger';
import { limitStoreContract } from '../suites/limit-store';
import { listStoreContract } from '../suites/list-store';
import { operationStoreContract } from '../suites/operation-store';
import {
  alarmContract,
  outcomeQueueContract,
  reviewQueueContract,
  type QueueHarness,
} from '../suites/queues';
import { spareQueueContract } from '../suites/spare-queue';
import { policyMemoryContract } from '../suites/policy-memory';
import { sweepJournalContract } from '../suites/sweep-journal';
import { targetLeaseContract } from '../suites/target-lease';
import { tenantMemoryContract } from '../suites/tenant-memory';
import { createStorageClients } from '../../../src/azure/storage/clients';
import { snapshotOf } from '../../../src/policy/lists/list-snapshot';
import { systemClock } from '../../../src/base/clock';

let azurite: RunningAzurite;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.close());

operationStoreContract('TableOperationStore', () => open().operationStore);

limitStoreContract('TableLimitStore', () => open().limits);
listStoreContract('TableListStore', () => open().listStore);
durationStoreContract('TableDurationStore', () => open().durationStore);

test.each([
  ['no JSON', { weights: 'x' }],
  ['a bucket that does not exist', { weights: '[[105,1]]' }],
  ['a weight that is none', { weights: '[[3,-1]]' }],
  ['weights without end', { weights: JSON.stringify(Array.from({ length: 106 }, () => [3, 1])) }],
  ['another version', { version: 2 }],
])('durations whose row holds %s are empty, and the next ones replace them', async (_, change) => {
  const { durationStore, names } = open();
  const kind = { type: 'Microsoft.KeyVault/vaults', effect: 'approve' } as const;
  const histogram = withObservation(emptyHistogram, { from: 40, to: 40 });
  await durationStore.save({ kind, histogram });
  const table = TableClient.fromConnectionString(azurite.connectionString, names.operationsTable, {
    allowInsecureConnection: true,
  });
  const place = { partitionKey: 'durations', rowKey: 'microsoft.keyvault|vaults|approve' };
  await table.updateEntity({ ...place, ...change }, 'Merge');
  await table.upsertEntity({ partitionKey: 'durations', rowKey: 'nobody|approve', weights: '[]' });
  const [row, ...others] = await durationStore.load();
  expect(others).toEqual([]);
  expect(row).toMatchObject({ kind, histogram: emptyHistogram });
  await durationStore.save({ kind, histogram, version: row?.version });
  expect((await durationStore.load())[0]).toMatchObject({ kind, histogram });
});

test('durations that claim any weight have the most that can be learned', async () => {
  const { durationStore, names } = open();
  const kind = { type: 'Microsoft.KeyVault/vaults', effect: 'delete' } as const;
  await durationStore.save({ kind, histogram: withObservation(emptyHistogram, { from: 40, to: 40 }) });
  const table = TableClient.fromConnectionString(azurite.connectionString, names.operationsTable, {
    allowInsecureConnection: true,
  });
  const place = { partitionKey: 'durations', rowKey: 'microsoft.keyvault|vaults|delete' };
  await table.updateEntity({ ...place, weights: '[[3,1e300]]' }, 'Merge');
  const [row] = await durationStore.load();
  expect(row?.histogram.weights).toEqual(new Map([[3, mostWeight]]));
});

test.each([
  ['what is no state', { state: '{}' }],
  ['what is no JSON', { state: 'x' }],
  ['entries that are no ids', { snapshotEntries: 'a,b' }],
  ['a snapshot without its parts', { snapshot: '{}' }],
])('a list whose row holds %s has no state, and the next one replaces it', async (_, change) => {
  const { listStore, names } = open();
  const readAt = '2026-01-05T12:00:00.000Z';
  const snapshot = snapshotOf({ tenantId: '996fe9d1-6171-40aa-945b-4c64b63bf655', entries: [], readAt });
  const state = { source: 'subscriptionsUnder corp', maxAgeSeconds: 86_400, snapshot };
  await listStore.save({ name: 'zones', state });
  const table = TableClient.fromConnectionString(azurite.connectionString, names.operationsTable, {
    allowInsecureConnection: true,
  });
  await table.updateEntity({ partitionKey: 'lists', rowKey: 'zones', ...change }, 'Merge');
  const stored = await listStore.load('zones');
  expect(stored).toMatchObject({ name: 'zones', state: undefined });
  await listStore.save({ name: 'zones', state, version: stored?.version });
  expect((await listStore.load('zones'))?.state).toEqual(state);
});

sweepJournalContract('TableSweepJournal', () => open().sweepJournal);
policyMemoryContract('TablePolicyMemory', () => open().policyMemory);
tenantMemoryContract('TableTenantMemory', () => open().tenantMemory);

test('what a sweep left in an unknown format is an error that says so, and it is no operation', async () => {
  const { sweepJournal, operationStore, names } = open();
  await sweepJournal.write({});
  const table = TableClient.fromConnectionString(azurite.connectionString, names.operationsTable, {
    allowInsecureConnection: true,
  });
  await table.upsertEntity({ partitionKey: 'sweep', rowKey: 'state', version: 2, state: '{}' });
  await expect(sweepJournal.read()).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  expect(await collect(operationStore.overdue(new Date('9999-12-31T23:59:59.999Z')))).toEqual([]);
});

ledgerContract('TableLedger', () => {
  const { ledger } = open();
  return { ledger, records: () => collect(ledger.read()) };
});

test('where a row that is no record has the place of one, the true record is told, marked', async () => {
  const { ledger, names } = open();
  const record = sampleRecord();
  await ledger.append([record]);
  const table = TableClient.fromConnectionString(azurite.connectionString, names.ledgerTable, {
    allowInsecureConnection: true,
  });
  for await (const { partitionKey = '', rowKey = '' } of table.listEntities()) {
    await table.updateEntity({ partitionKey, rowKey, version: 1, id: 'x' }, 'Replace');
  }
  expect(await ledger.append([record])).toEqual([{ ...record, ledgerHolds: 'a row that is not a record' }]);
});

reviewQueueContract('StorageReviewQueue', () => {
  const { reviewQueue, names } = open();
  return harnessOf(reviewQueue, names.reviewsQueue);
});

alarmContract('StorageAlarm', () => {
  const { alarm, names } = open();
  return harnessOf(alarm, names.operationsQueue);
});

outcomeQueueContract('StorageOutcomeQueue', () => {
  const { outcomeQueue, names } = open();
  return harnessOf(outcomeQueue, names.outcomesQueue);
});

spareQueueContract('StorageSpareQueue', () => {
  const { spares, names } = open();
  const queues = QueueServiceClient.fromConnectionString(azurite.connectionString);
  const takeAll = async (): Promise<void> => {
    await queues.getQueueClient(names.reviewsQueue).clearMessages();
  };
  return { ...harnessOf(spares.reviews, names.reviewsQueue), takeAll };
});

targetLeaseContract('BlobTargetLease', () => {
  const clock = new FakeClock();
  const { targetLease, names } = open(clock);
  const { leaseSeconds, marginSeconds } = defaultLeaseTimes;
  const openSeconds = leaseSeconds - marginSeconds;
  return {
    lease: targetLease,
    clock,
    openSeconds,
    takeAway: (target) => breakLease(names.leasesContainer, target),
  };
});

/** Storage under names that no other test uses. */
function open(clock = new FakeClock()) {
  const suffix = randomBytes(6).toString('hex');
  const names: StorageNames = {
    operationsTable: `operations${suffix}`,
    ledgerTable: `ledger${suffix}`,
    reviewsQueue: `reviews-${suffix}`,
    operationsQueue: `operations-${suffix}`,
    outcomesQueue: `outcomes-${suffix}`,
    leasesContainer: `leases-${suffix}`,
  };
  const access = { kind: 'connectionString', connectionString: azurite.connectionString } as const;
  const clients = createStorageClients(access, systemClock);
  return { ...createStorage({ clients, clock, names, leaseTimes: defaultLeaseTimes }), names };
}

function harnessOf<Port>(queue: Port, name: string): QueueHarness<Port> {
  const client = () => QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(name);
  return {
    queue,
    receive: async () => {
      const { receivedMessageItems } = await client().receiveMessages({ numberOfMessages: 32 });
      return receivedMessageItems.map(({ messageText }): unknown =>
        JSON.parse(Buffer.from(messageText, 'base64').toString('utf8')),
      );
    },
    count: async () => {
      if (!(await client().exists())) return 0;
      return (await client().getProperties()).approximateMessagesCount ?? 0;
    },
  };
}

async function breakLease(container: string, target: TargetId): Promise<void> {
  const name = createHash('sha256').update(target.key).digest('hex');
  await BlobServiceClient.fromConnectionString(azurite.connectionString)
    .getContainerClient(container)
    .getBlobClient(name)
    .getBlobLeaseClient()
    .breakLease(0);
}

async function collect<T>(records: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const record of records) found.push(record);
  return found;
}
