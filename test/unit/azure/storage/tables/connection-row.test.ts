import {
  ledgerPartition,
  entityFromRecord,
  recordFromRow,
} from '../../../../../src/azure/storage/tables/ledger-row';
import type { Row } from '../../../../../src/azure/storage/tables/query';
import {
  entityFromConnectionState,
  connectionStateFromRow,
} from '../../../../../src/azure/storage/tables/connection-row';
import {
  sampleConnection,
  sampleRecord,
  sampleConnectionState,
  sampleTarget,
} from '../../../../../dev/lib/samples';

const row = (changes: Partial<Row> = {}): Row => ({
  ...entityFromConnectionState(sampleConnectionState()),
  etag: 'e1',
  ...changes,
});
const other = entityFromConnectionState(
  sampleConnectionState({ connection: sampleConnection('conn-1', sampleTarget('vault-two')) }),
);
const neighbour = entityFromConnectionState(
  sampleConnectionState({ connection: sampleConnection('conn-2') }),
);

test('a row in its own place is read', () => {
  expect(connectionStateFromRow(row())).toMatchObject({ connection: sampleConnection(), version: 'e1' });
});

const unreadable = (place: string): Error =>
  expect.objectContaining({
    code: 'STORE_UNREADABLE',
    message: expect.stringContaining(place) as string,
  }) as Error;

test.each([
  ['of another target', { connectionId: sampleConnection('conn-1', sampleTarget('vault-two')).id }],
  ['of another connection', { connectionId: sampleConnection('conn-2').id }],
  ['in another target’s partition', { partitionKey: other.partitionKey }],
  ['in another connection’s row', { rowKey: neighbour.rowKey }],
])('a row %s is unreadable, and named', (_, changes) => {
  const wrong = row(changes);
  expect(() => connectionStateFromRow(wrong)).toThrow(
    unreadable(`row ${wrong.partitionKey} ${wrong.rowKey} of table operations`),
  );
});

describe('a row of the ledger', () => {
  const good = { ...entityFromRecord(sampleRecord()), etag: 'e1' } as unknown as Row;

  test('is read in its own place', () => {
    expect(recordFromRow(good)).toEqual(sampleRecord());
  });

  test.each([
    ['target', { partitionKey: ledgerPartition(sampleTarget('vault-two').id) }],
    ['record', { rowKey: 'd2|decided' }],
  ])('in the place of another %s is unreadable, and named', (_, changes) => {
    expect(() => recordFromRow({ ...good, ...changes })).toThrow(unreadable('of table ledger'));
  });
});
