import { TableClient } from '@azure/data-tables';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { sampleRecord } from '../../../dev/lib/samples';
import { createStorageClients } from '../../../src/azure/storage/clients';
import { createStorage, defaultStorageNames } from '../../../src/azure/storage/storage';
import { systemClock } from '../../../src/base/clock';
import { createLiveLedger } from '../../../src/cli/live/live-ledger';
import type { LedgerItem } from '../../../src/cli/report/report-host';

let azurite: RunningAzurite;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.close());

async function readAll(connectionString: string): Promise<LedgerItem[]> {
  const items: LedgerItem[] = [];
  const reader = createLiveLedger({ AzureWebJobsStorage: connectionString });
  for await (const item of reader?.read() ?? []) items.push(item);
  return items;
}

test('without a storage in the settings there is no ledger', () => {
  expect(createLiveLedger({})).toBeUndefined();
});

test('a storage in which the app has never run is no empty ledger', async () => {
  await expect(readAll(azurite.connectionString)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('the app has never run'),
  });
});

test('every record is read, over several pages; a row that is no record is named, and stops nothing', async () => {
  const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
  const { ledger } = createStorage({
    clients: createStorageClients(access, systemClock),
    clock: systemClock,
  });
  const records = Array.from({ length: 1_205 }, (_, at) => ({ ...sampleRecord(), id: `d${at}|decided` }));
  await ledger.append(records);
  const table = TableClient.fromConnectionString(azurite.connectionString, defaultStorageNames.ledgerTable, {
    allowInsecureConnection: true,
  });
  await table.createEntity({ partitionKey: 'p', rowKey: 'spoiled', version: 7 });
  const items = await readAll(azurite.connectionString);
  const ids = items.flatMap((item) => (item.kind === 'record' ? [item.record.id] : []));
  expect(new Set(ids)).toEqual(new Set(records.map(({ id }) => id)));
  expect(ids).toHaveLength(records.length);
  expect(items.filter(({ kind }) => kind === 'unreadable')).toEqual([
    { kind: 'unreadable', problem: expect.stringContaining('spoiled') },
  ]);
});
