import type { AuditRecord } from '../../../src/audit/audit-record';
import { isUnconfirmed, type ConnectionState } from '../../../src/operations/operation';
import type { TargetMark } from '../../../src/operations/operation-store';
import type { ReviewRequest } from '../../../src/review/queue/review-request';

/** Returns a short name for a batch of records. */
export function recordsStep(records: readonly AuditRecord[]): string {
  const kinds = new Set(records.map(({ kind }) => kind));
  if (kinds.has('decided')) return 'decisions recorded';
  const first = records[0];
  if (first?.id.endsWith('|end')) return 'end recorded';
  return `${first?.kind} recorded`;
}

/** Returns a short name for a batch of rows. */
export function rowsStep(rows: readonly ConnectionState[], mark: TargetMark | undefined): string {
  if (rows.some(({ operation }) => operation?.untold !== undefined)) return 'plan saved';
  const isAnswer = mark === undefined && rows[0]?.answer?.untold !== undefined;
  if (isAnswer && rows[0]?.operation?.state !== 'running') return 'answer saved';
  const isOnlyAnswer = rows[0]?.answer !== undefined && rows[0].operation === undefined;
  if (mark === undefined && isOnlyAnswer) return 'answer cleared';
  if (rows.length === 0 && mark?.againAt !== undefined) return 'next review saved';
  if (mark !== undefined) return 'rows saved';
  const operation = rows[0]?.operation;
  if (operation?.ending !== undefined) return 'end saved';
  switch (operation?.state) {
    case 'planned':
      return operation.limit?.state === 'held' ? 'row held' : 'row postponed';
    case 'running':
      if (isUnconfirmed(operation)) return 'write announced';
      return operation.ticket?.polls === 0 ? 'row running' : 'row waiting';
    default:
      return 'row ended';
  }
}

export function requestStep(request: ReviewRequest): string {
  if (request.attempt > 0) return 'request requeued';
  return request.because === 'retry' ? 'retry requested' : 'review requested';
}
