import fc from 'fast-check';
import type { Row } from '../../../src/azure/storage/tables/query';
import { entityFromConnectionState } from '../../../src/azure/storage/tables/connection-row';
import type { Operation, ConnectionState } from '../../../src/operations/operation';
import { sampleOperation, sampleRecord, sampleConnectionState } from '../../../dev/lib/samples';
import { hostilePieces } from './hostile-text';
import { hostileId } from './resource-ids';
import { mutatedText } from './mutated-text';
import { hostileValue, mutatedValue } from './mutated-value';

const decisionId = '0123456789abcdef0123456789abcdef';
const own = { id: `${decisionId}.1`, decisionId, decided: sampleRecord({ decisionId }) };

const operations: readonly Operation[] = [
  sampleOperation(own),
  sampleOperation({ ...own, effect: 'delete', error: 'Conflict: no', retryAt: '2026-01-05T13:00:00.000Z' }),
  sampleOperation({ ...own, state: 'planned', ticket: undefined }),
  sampleOperation({ ...own, state: 'planned', ticket: undefined, untold: [own.decided] }),
  sampleOperation({ ...own, state: 'abandoned', endedAt: '2026-01-05T12:20:00.000Z', dueAt: undefined }),
];

/** Stored rows with an operation in every state, and without one. */
export const goodConnectionStates: readonly ConnectionState[] = [
  ...operations.map((operation) => sampleConnectionState({ operation, decisionId })),
  sampleConnectionState({ operation: undefined, decisionId: undefined }),
  sampleConnectionState({ approval: { endsAt: '2026-02-05T12:00:00.000Z', rules: ['guests'] } }),
];

/** Values that are invalid or unexpected as an instant, a number or an id. */
const value = fc.oneof(
  hostileValue,
  hostileId,
  fc.constantFrom<unknown>(
    ...[
      '9999-12-31T23:59:59Z',
      '0000-01-01T00:00:00+23:59',
      '2026-02-30T00:00:00Z',
      '2026-01-05T24:00:00Z',
      '1970',
    ],
    ...[
      'https://evil.test/operations/1',
      'http://management.azure.com/x',
      'proof',
      'running',
      'delete',
      'Approved',
    ],
    ...[0, 0.1, -0, 1e-9, 1e21, 604_801, 2, '2'],
  ),
);

export const mutatedOperation: fc.Arbitrary<unknown> = mutatedValue(fc.constantFrom<unknown>(...operations), {
  value,
});

const { partitionKey, rowKey } = entityFromConnectionState(sampleConnectionState());
const place = { partitionKey, rowKey };

/** Rows with changed columns, or with changes inside the JSON of one column. */
export const mutatedRow: fc.Arbitrary<Row> = fc
  .constantFrom(...goodConnectionStates)
  .map((connectionState) => ({ ...entityFromConnectionState(connectionState), etag: 'W/"1"' }))
  .chain((row) => {
    const json = 'operation' in row ? String(row['operation']) : '{}';
    return fc.oneof(
      mutatedValue(fc.constant(row), { value, maxEdits: 2 }),
      mutatedOperation.map((operation) => ({ ...row, operation: JSON.stringify(operation) })),
      mutatedText(fc.constant(json), fc.constantFrom(...hostilePieces, '{', '}', '"', ',')).map(
        (operation) => ({
          ...row,
          operation,
        }),
      ),
      mutatedValue(fc.constant({ endsAt: '2026-02-05T12:00:00.000Z', rules: ['a'] }), { value }).map(
        (approval) => ({
          ...row,
          approval: JSON.stringify(approval),
        }),
      ),
    );
  })
  // Storage has no row without its keys, and a row in the wrong place is refused before anything else.
  .map((row): Row => ({ ...(row as Row), ...place }));
