import type { AuditLog } from '../audit/audit-log';
import type { AuditRecord } from '../audit/audit-record';
import type { Clock } from '../base/clock';
import {
  type Operation,
  type OperationEnd,
  type Seen,
  type ConnectionState,
  type Ticket,
  takesAccessAway,
  type TimedApproval,
} from './operation';
import { type OperationStore, saveRow } from './operation-store';
import type { Step } from './proof/step';
import { maxAttempts, maxUnconfirmedAttempts, redoAt, retryAt } from './retry';

/** How an operation ends. */
export type End = OperationEnd;

/**
 * Ends an operation: returns it as ended, with the audit record of its end. If the operation has a
 * pending outcome, that one is used instead of `how`, because it may already be recorded.
 * Pure; the record has the same id each time.
 */
export function endOperation(
  operation: Operation,
  how: End,
  now: Date,
): { ended: Operation; record: AuditRecord } {
  const end = operation.ending ?? how;
  const state = isLastAttempt(operation, end) ? 'abandoned' : end.state;
  const ended: Operation = {
    ...operation,
    state,
    endedAt: now.toISOString(),
    dueAt: undefined,
    ending: undefined,
    untold: undefined,
    error: end.error,
    retryAt: retryOf(operation, state, end, now)?.toISOString(),
  };
  const reason =
    state === end.state ? end.reason : `${end.reason}; given up after ${operation.attempt} attempts`;
  // One end per operation, whatever its kind: a repeated poll cannot add a second one.
  return { ended, record: { ...operationRecord(ended, state, now, reason), id: `${operation.id}|end` } };
}

/**
 * Builds the row after an end. What the proof has read becomes the last known status of the
 * connection, in a new generation, so that whatever the connection shows next is a new question and
 * no old answer is reused for it. `seen` is absent if nothing new was read.
 */
function rowAfter(
  connectionState: ConnectionState,
  ended: Operation,
  seen: Seen | undefined,
  now: Date,
): ConnectionState {
  const row = { ...connectionState, operation: ended };
  if (seen === undefined) return row;
  return {
    ...row,
    status: seen.status,
    generation: connectionState.generation + 1,
    firstSeen: now.toISOString(),
    decisionId: undefined,
    missingSince: undefined,
    unclear: undefined,
    answer: undefined,
    approval: approvalAfter(connectionState.approval, ended, seen),
  };
}

function approvalAfter(
  approval: TimedApproval | undefined,
  { state, effect }: Operation,
  { isNamed }: Seen,
): TimedApproval | undefined {
  if (approval === undefined || state !== 'applied') return approval;
  if (effect !== 'approve') return undefined;
  return { ...approval, proof: isNamed === true ? 'named' : 'unnamed' };
}

/** Builds a record about an operation: the decision, repeated, and the operation's progress. */
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
  // Postern keeps trying: giving up would leave somebody with access.
  if (takesAccessAway(operation)) return false;
  // An unconfirmed attempt may never have reached Azure, so more of them are allowed.
  const most = end.unconfirmed === true ? maxUnconfirmedAttempts : maxAttempts;
  return (end.state === 'failed' || end.state === 'expired') && operation.attempt >= most;
}

function retryOf(operation: Operation, state: Operation['state'], end: End, now: Date): Date | undefined {
  if (state !== 'failed' && state !== 'expired') return undefined;
  // A retry that takes access away is not delayed for long.
  if (end.undone === true || (state === 'expired' && takesAccessAway(operation)))
    return redoAt(operation.attempt, now);
  return end.unconfirmed === true ? now : retryAt(operation.attempt, now);
}

/** Returns the end that a last step means. */
export function endOf(step: Exclude<Step, { kind: 'wait' }>, ticket: Ticket): End {
  switch (step.kind) {
    case 'done':
      return {
        state: step.outcome,
        reason: step.reason,
        ...(step.outcome === 'unproven' ? { error: step.reason } : {}),
        seen: step.seen,
      };
    case 'failed':
      return { state: 'failed', reason: 'Azure did not carry out the write', error: step.error };
    case 'expired':
      return {
        state: 'expired',
        reason: 'The deadline passed without proof',
        error: step.error,
        unconfirmed: !ticket.confirmed,
        undone: step.undone,
      };
  }
}

/** The ports of `closeOperation`. */
export interface ClosePorts {
  readonly operations: OperationStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** The operation that `closeOperation` ends, and how. */
export interface Closing {
  readonly row: ConnectionState;
  readonly operation: Operation;
  readonly end: End;
  /**
   * Runs before the row is stored as ended, for follow-up work that nothing would resume after
   * that.
   */
  readonly beforeStore?: (ended: Operation) => Promise<void>;
  /** Called if another process has changed the row. Absent: STORE_CONFLICT is thrown. */
  readonly whenOvertaken?: () => void;
}

/**
 * Ends an operation in the one order that survives a crash at any point: the outcome is saved in
 * the row, then the end is recorded in the ledger, then the row is stored as ended. Without the
 * first step, a crash between record and row could let the operation end in another way than the
 * ledger says, because somebody may change the connection meanwhile.
 * @returns the ended operation; `undefined` if another process had changed the row before the end
 *   was recorded, and ends the operation in its own way.
 * @throws PosternError STORE_CONFLICT, LEDGER_UNAVAILABLE, STORE_UNAVAILABLE
 */
export async function closeOperation(ports: ClosePorts, closing: Closing): Promise<Operation | undefined> {
  const { beforeStore, whenOvertaken } = closing;
  const { ending = closing.end } = closing.operation;
  const row = { ...closing.row, operation: { ...closing.operation, ending } };
  const isSaved = closing.operation.ending !== undefined;
  const kept = isSaved ? row : await saveRow(ports.operations, row, whenOvertaken);
  if (kept === undefined) return undefined;
  const now = ports.clock.now();
  const { ended, record } = endOperation(row.operation, ending, now);
  await ports.audit.record([...(row.operation.untold ?? []), record]);
  await beforeStore?.(ended);
  await saveRow(ports.operations, rowAfter(kept, ended, ending.seen, now), whenOvertaken);
  return ended;
}
