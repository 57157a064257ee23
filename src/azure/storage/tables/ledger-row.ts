import type { AuditRecord } from '../../../audit/audit-record';
import { idKey } from '../../../connections/resource-id';
import { type Columns, partitionKeyFrom, rowKeyFrom, textColumns, textFrom } from './columns';
import { assertPlace, unreadableRow } from './connection-row';
import type { Row } from './query';
import { auditRecordSchema } from './schemas';

export type LedgerEntity = { readonly partitionKey: string; readonly rowKey: string } & Columns;

/** The fields with a text column each; `rules`, `lists` and `operation` are columns of JSON. */
const textFields = [
  'id',
  'kind',
  'at',
  'decisionId',
  'target',
  'targetType',
  'connection',
  'endpoint',
  'endpointTenantId',
  'requesterProof',
  'expected',
  'message',
  'status',
  'firstSeen',
  'effect',
  'reason',
  'policyDigest',
  'mode',
  'expiresAt',
  'standbySince',
  'by',
  'answers',
  'traceId',
] as const satisfies readonly (keyof AuditRecord)[];

const jsonFields = ['rules', 'lists', 'operation'] as const satisfies readonly (keyof AuditRecord)[];

/** Returns the partition of a target's records. Messages that name no target (`''`) share a partition. */
export function ledgerPartition(target: string): string {
  return partitionKeyFrom(idKey(target));
}

/** Converts an audit record into a row. */
export function entityFromRecord(record: AuditRecord): LedgerEntity {
  const texts = textFields.map((field) => textColumns(field, record[field]));
  const jsons = jsonFields.map((field) => textColumns(field, JSON.stringify(record[field])));
  return {
    ...Object.assign({}, ...texts, ...jsons),
    partitionKey: ledgerPartition(record.target),
    rowKey: rowKeyFrom(record.id),
    version: record.version,
  } as LedgerEntity;
}

/** Converts a row into an audit record. @throws PosternError STORE_UNREADABLE that names the row. */
export function recordFromRow(row: Row): AuditRecord {
  try {
    const texts = textFields.map((field) => [field, textFrom(row, field)]);
    const jsons = jsonFields.map((field) => [field, parsed(textFrom(row, field))]);
    const present = [...texts, ...jsons].filter(([, value]) => value !== undefined);
    const record = auditRecordSchema.parse({ ...Object.fromEntries(present), version: row['version'] });
    assertPlace(row, { partitionKey: ledgerPartition(record.target), rowKey: rowKeyFrom(record.id) });
    return record;
  } catch (error) {
    throw unreadableRow('ledger', row, error);
  }
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}
