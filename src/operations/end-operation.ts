import type { AuditRecord } from '../audit/audit-record';
import type { Operation } from './operation';
import { maxAttempts, retryAt } from './retry';

export interface End {
  readonly state: 'applied' | 'failed' | 'expired' | 'superseded' | 'abandoned';
  /** For people: how it ended. */
  readonly reason: string;
  /** What went wrong, for the ends that are not well. */
  readonly error?: string | undefined;
  /** The write was never confirmed, so nothing speaks against trying again at once. */
  readonly unconfirmed?: boolean | undefined;
}

/** The operation as it ended and the audit record of that. Pure; the record's id is the same each time. */
export function endOperation(
  operation: Operation,
  end: End,
  now: Date,
): { ended: Operation; record: AuditRecord } {
  const state = isLastAttempt(operation, end) ? 'abandoned' : end.state;
  const ended: Operation = {
    ...operation,
    state,
    endedAt: now.toISOString(),
    dueAt: undefined,
    error: end.error,
    retryAt: retryOf(operation, state, end, now)?.toISOString(),
  };
  const reason =
    state === end.state ? end.reason : `${end.reason}; given up after ${operation.attempt} attempts`;
  // One end per operation, whatever it was: a repeated look cannot add a second one.
  return { ended, record: { ...operationRecord(ended, state, now, reason), id: `${operation.id}|end` } };
}

/** A record about an operation: what was decided, repeated, and how far it has come. */
export function operationRecord(
  operation: Operation,
  kind: AuditRecord['kind'],
  now: Date,
  reason: string,
): AuditRecord {
  const { decided } = operation;
  return {
    ...decided,
    id: `${operation.id}|${kind}`,
    kind,
    at: now.toISOString(),
    reason,
    operation: {
      attempt: operation.attempt,
      startedAt: operation.startedAt,
      endedAt: operation.endedAt,
      polls: operation.ticket?.polls ?? 0,
      lastHttpStatus: operation.lastHttpStatus,
      error: operation.error,
    },
  };
}

function isLastAttempt(operation: Operation, end: End): boolean {
  return (end.state === 'failed' || end.state === 'expired') && operation.attempt >= maxAttempts;
}

function retryOf(operation: Operation, state: Operation['state'], end: End, now: Date): Date | undefined {
  if (state !== 'failed' && state !== 'expired') return undefined;
  return end.unconfirmed === true ? now : retryAt(operation.attempt, now);
}
