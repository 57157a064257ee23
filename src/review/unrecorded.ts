import type { AuditRecord } from '../audit/audit-record';
import type { Operation, ConnectionState } from '../operations/operation';

/** A connection's row and the audit records that may not be in the ledger yet. */
export interface Pending {
  readonly connectionState: ConnectionState;
  readonly records: readonly AuditRecord[];
}

/**
 * Separates a row from its pending records. The process that planned the operation may have died
 * before it recorded them; the ledger ignores records that it already has.
 */
export function takePending(connectionState: ConnectionState): Pending {
  return { connectionState: withoutPending(connectionState), records: pendingRecords(connectionState) };
}

/** Returns the pending records of a row. */
export function pendingRecords({ operation }: ConnectionState): readonly AuditRecord[] {
  return operation?.untold ?? [];
}

/** Returns the row without pending records, as it is once the ledger has them. */
export function withoutPending<Row extends { readonly operation?: Operation | undefined }>(row: Row): Row {
  if (row.operation?.untold === undefined) return row;
  return { ...row, operation: { ...row.operation, untold: undefined } };
}
