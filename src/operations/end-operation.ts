import type { AuditRecord } from '../audit/audit-record';
import {
  type Operation,
  type OperationEnd,
  type Seen,
  type ConnectionState,
  takesAccessAway,
  type TimedApproval,
} from './operation';
import type { OperationStore } from './operation-store';
import { maxAttempts, maxUnconfirmedAttempts, redoAt, retryAt } from './retry';

export type End = OperationEnd;

/**
 * The operation as it ended and the audit record of that. Pure; the record's id is the same each time. One that was about
 * to end in another way ends in that way: it may be on record already.
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
    error: end.error,
    retryAt: retryOf(operation, state, end, now)?.toISOString(),
  };
  const reason =
    state === end.state ? end.reason : `${end.reason}; given up after ${operation.attempt} attempts`;
  // One end per operation, whatever it was: a repeated look cannot add a second one.
  return { ended, record: { ...operationRecord(ended, state, now, reason), id: `${operation.id}|end` } };
}

/**
 * The row as an end leaves it. What the proof has read is the last that was seen of the connection, so that whatever it shows
 * next is a new question, however it looks: no old answer is taken for it. `seen` is absent where nothing new was read.
 */
export function rowAfter(
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
  // Nobody would end it in its place, and giving up would leave somebody in.
  if (takesAccessAway(operation)) return false;
  // An attempt that may never have reached Azure says little: there are more of them.
  const most = end.unconfirmed === true ? maxUnconfirmedAttempts : maxAttempts;
  return (end.state === 'failed' || end.state === 'expired') && operation.attempt >= most;
}

function retryOf(operation: Operation, state: Operation['state'], end: End, now: Date): Date | undefined {
  if (state !== 'failed' && state !== 'expired') return undefined;
  // What would leave somebody in is not put off for long.
  if (end.undone === true || (state === 'expired' && takesAccessAway(operation)))
    return redoAt(operation.attempt, now);
  return end.unconfirmed === true ? now : retryAt(operation.attempt, now);
}

/**
 * Makes a bad end durable before it is told. Killed between its record and its row, an operation would else be looked at
 * again, or even be sent again, and end well, while the ledger says for ever that it failed. The good ends were read from
 * Azure, and stay true. Resolves to the row as stored. @throws PosternError STORE_CONFLICT
 */
export async function savePendingOutcome(
  { operations }: { readonly operations: OperationStore },
  connectionState: ConnectionState,
  end: End,
): Promise<ConnectionState> {
  const { operation } = connectionState;
  if (operation === undefined || operation.ending !== undefined || !badEnds.has(end.state))
    return connectionState;
  const ending = { ...connectionState, operation: { ...operation, ending: end } };
  const [kept] = await operations.save(connectionState.connection.target, [ending]);
  return kept ?? ending;
}

const badEnds: ReadonlySet<End['state']> = new Set<End['state']>(['failed', 'expired', 'abandoned']);
