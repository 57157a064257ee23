import type { AuditRecord } from '../audit/audit-record';
import type { Operation, ConnectionState } from '../operations/operation';

/** What is known of a connection, and what the ledger may lack of it. */
export interface Pending {
  readonly connectionState: ConnectionState;
  readonly records: readonly AuditRecord[];
}

/** The process that planned this may have died before it told of it. What the ledger has already, it takes for the same. */
export function takePending(connectionState: ConnectionState): Pending {
  return { connectionState: withoutPending(connectionState), records: pendingRecords(connectionState) };
}

/** What is to be told with a row. */
export function pendingRecords({ operation }: ConnectionState): readonly AuditRecord[] {
  return operation?.untold ?? [];
}

/** As it is once the ledger has it. */
export function withoutPending<Row extends { readonly operation?: Operation | undefined }>(row: Row): Row {
  if (row.operation?.untold === undefined) return row;
  return { ...row, operation: { ...row.operation, untold: undefined } };
}
