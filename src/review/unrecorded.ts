import type { AuditRecord } from '../audit/audit-record';
import type { Operation, Sighting } from '../operations/operation';

/** What is known of a connection, and what the ledger may lack of it. */
export interface Retold {
  readonly sighting: Sighting;
  readonly records: readonly AuditRecord[];
}

/** The process that planned this may have died before it told of it. What the ledger has already, it takes for the same. */
export function tellAgain(sighting: Sighting): Retold {
  return { sighting: told(sighting), records: recordsToTell(sighting) };
}

/** What is to be told with a row. */
export function recordsToTell({ operation }: Sighting): readonly AuditRecord[] {
  return operation?.untold ?? [];
}

/** As it is once the ledger has it. */
export function told<Row extends { readonly operation?: Operation | undefined }>(row: Row): Row {
  if (row.operation?.untold === undefined) return row;
  return { ...row, operation: { ...row.operation, untold: undefined } };
}
