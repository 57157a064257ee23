import type { AuditRecord } from '../audit/audit-record';
import type { Answer } from '../operations/answer';
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

/** Returns the pending records of a row: those of a person's answer come before those that follow from it. */
export function pendingRecords({ operation, answer }: ConnectionState): readonly AuditRecord[] {
  return [...(answer?.untold ?? []), ...(operation?.untold ?? [])];
}

/** Returns the row as a review leaves it once the ledger has its pending records: an answer of nobody is over. */
export function toldRow(row: ConnectionState): ConnectionState {
  const told = withoutPending(row);
  return told.answer?.given.length === 0 ? { ...told, answer: undefined } : told;
}

/** Returns the row without pending records, as it is once the ledger has them. */
export function withoutPending<
  Row extends { readonly operation?: Operation | undefined; readonly answer?: Answer | undefined },
>(row: Row): Row {
  const { operation, answer } = row;
  if (operation?.untold === undefined && answer?.untold === undefined) return row;
  return {
    ...row,
    ...(operation?.untold === undefined ? {} : { operation: { ...operation, untold: undefined } }),
    ...(answer?.untold === undefined ? {} : { answer: { ...answer, untold: undefined } }),
  };
}
