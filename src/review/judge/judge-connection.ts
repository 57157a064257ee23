import type { AuditRecord } from '../../audit/audit-record';
import { dayOf, isFromTheFuture } from '../../base/clock';
import { type Connection, hasStatus } from '../../connections/connection';
import type { WriteEffect } from '../../connections/connection-store';
import type { Operation, ConnectionState } from '../../operations/operation';
import { wantedStatus } from '../../operations/proof/step';
import { hasOutlivedApproval, provenApproval } from '../../operations/timed-approval';
import { nextWriteAt } from '../../operations/write/write-spacing';
import type { Decision } from '../../policy/decision';
import { approvalFrom } from '../ask-policy';
import { decisionIdOf } from '../decision-id';
import { reconcile, type Reconciled, supersedePlanned } from '../observe';
import { decidedRecord, foundRecord, waitedRecord } from '../records';
import type { ReviewInput } from '../review-job';
import { takePending } from '../unrecorded';
import { type Doubt, doubtOf, isLagging, leaveUndecided } from './doubt';
import type { ConnectionPlan } from './connection-plan';
import { decide, withLapse } from './person-answer';
import { foundRequesterOf, secondsToNextSearch } from './requester-search';
import { leaveToFirst } from './standby';

/** Decides one listed connection. `previous` is its last known row. Pure. */
export function judge(
  input: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
): ConnectionPlan {
  if (previous?.operation?.state === 'running') return { running: true };
  if (isLagging(input, connection, previous)) return { againSeconds: input.minPollSeconds };
  const found = previous === undefined && input.swept ? [foundRecord(input, connection)] : [];
  const doubt = doubtOf(input, connection, previous);
  if (doubt === undefined || doubt.isDecided) {
    const plan = answer(input, { connection, previous, found, doubt });
    return withSearch(input, connection, { plan, previous });
  }
  const verdict = leaveUndecided(input, connection, previous, doubt);
  return verdict.row === undefined
    ? verdict
    : { ...verdict, records: [...found, ...(verdict.records ?? [])] };
}

/** Asks for another review if one may find who asks. */
function withSearch(
  input: ReviewInput,
  connection: Connection,
  { plan, previous }: { readonly plan: ConnectionPlan; readonly previous: ConnectionState | undefined },
): ConnectionPlan {
  const row = plan.row ?? previous;
  if (row === undefined || plan.write !== undefined) return plan;
  const againSeconds = secondsToNextSearch(input, connection, row);
  if (againSeconds === undefined) return plan;
  return { ...plan, againSeconds: Math.min(againSeconds, plan.againSeconds ?? Infinity) };
}

interface Question {
  readonly connection: Connection;
  readonly previous: ConnectionState | undefined;
  readonly found: readonly AuditRecord[];
  readonly doubt: Doubt | undefined;
}

function answer(input: ReviewInput, question: Question): ConnectionPlan {
  const { connection, previous, found, doubt } = question;
  const reconciled = reconcileAgain(input, question);
  const answered = decide(input, connection, reconciled.connectionState);
  const {
    decision,
    person,
    connectionState,
    records: lapsed,
    againSeconds,
  } = leaveToFirst(input, { connection, previous, answered, effect: writeOf(answered.decision, connection) });
  const ended = [...reconciled.records, ...lapsed];
  if (decision === undefined) {
    const superseded = supersedePlanned(
      connectionState,
      'No rule applies to this status any more',
      input.now,
    );
    return { ...settle(previous, superseded, ended), againSeconds };
  }
  const id = decisionIdOf(connection, connectionState.generation, decision);
  const isNew = connectionState.decisionId !== id;
  const approval = isNew ? approvalFrom(decision, input.now) : connectionState.approval;
  const expiresAt = decision.effect === 'approve' ? approval?.endsAt : undefined;
  const decided = { connection, firstSeen: connectionState.firstSeen, decision, id, expiresAt, person };
  const record = decidedRecord(input, decided, doubt?.unclear.why);
  const waited = isRecordedDaily(input, connection, connectionState) ? [waitedRecord(input, decided)] : [];
  const records = [...ended, ...found, ...(isNew ? [record] : []), ...waited];
  const decidedRow = { ...connectionState, decisionId: id };
  const effect = writeOf(decision, connection);
  if (effect === undefined) {
    const superseded = supersedePlanned(decidedRow, 'A later decision needs no write', input.now);
    return { ...settle(previous, superseded, records), againSeconds };
  }
  // A time-limited approval starts when its write is sent. A later reject or delete does not change
  // its end date.
  const seen = effect === 'approve' ? { ...decidedRow, approval } : decidedRow;
  const announcement = input.expected.get(connection.id.key);
  const spends = effect === 'approve' && announcement?.kind === 'expected' ? announcement.spends : undefined;
  return { ...intend(input, { connection, previous, seen, record, records, effect, id }), spends };
}

function reconcileAgain(input: ReviewInput, { connection, previous, doubt }: Question): Reconciled {
  const pending = previous === undefined ? undefined : takePending(previous);
  const { connectionState: read, records } = reconcile(
    connection,
    pending?.connectionState,
    input.now,
    input.nextGeneration,
  );
  const { connectionState, records: lapsed } = withLapse(input, pending?.connectionState, read);
  const unclear = doubt?.unclear;
  const foundRequester = foundRequesterOf(input, connection);
  const isSame = connectionState.unclear === unclear && connectionState.foundRequester === foundRequester;
  return {
    connectionState: isSame ? connectionState : { ...connectionState, unclear, foundRequester },
    records: [...(pending?.records ?? []), ...lapsed, ...records],
  };
}

/** Returns a row whose operation has to tell everything, what its answer had to tell included. */
function withoutUntoldAnswer(row: ConnectionState): ConnectionState {
  return row.answer?.untold === undefined ? row : { ...row, answer: { ...row.answer, untold: undefined } };
}

interface Intent {
  readonly connection: Connection;
  readonly previous: ConnectionState | undefined;
  readonly seen: ConnectionState;
  readonly record: AuditRecord;
  readonly records: readonly AuditRecord[];
  readonly effect: WriteEffect;
  readonly id: string;
}

/**
 * Plans the write of a decision: continues the current operation, begins one, or leaves an ended
 * one as it is.
 */
function intend(input: ReviewInput, intent: Intent): ConnectionPlan {
  const { connection, previous, seen, records, id } = intent;
  const { effect } = intent;
  // The id determines the effect. A row in which they differ is not Postern's work, and is not
  // carried out.
  const isCurrent = seen.operation?.decisionId === id && seen.operation.effect === effect;
  const current = isCurrent ? seen.operation : undefined;
  if (current !== undefined) {
    const kept = settle(previous, { connectionState: seen, records: [] }, records);
    if (current.state === 'planned')
      return { ...kept, write: { connection, connectionState: seen, operation: current } };
    if (!input.isRetry && (current.state === 'abandoned' || !isDue(current, input.now))) return kept;
  }
  const voided = supersedePlanned(seen, 'A later decision replaced this one', input.now);
  const allRecords = [...voided.records, ...records];
  const unrecorded = allRecords.length === 0 ? undefined : allRecords;
  const operation = { ...plan(input, intent, (current?.attempt ?? 0) + 1), untold: unrecorded };
  const row = withoutUntoldAnswer(voided.connectionState);
  const approval = effect === 'approve' ? row.approval : provenApproval(row);
  const connectionState = { ...row, approval, operation };
  return {
    records: allRecords,
    row: connectionState,
    write: { connection, connectionState, operation },
  };
}

function plan(
  input: ReviewInput,
  { id, effect, record, connection, seen }: Intent,
  attempt: number,
): Operation {
  const now = input.now.toISOString();
  const ends = effect === 'delete' && hasOutlivedApproval(connection, seen, input.now);
  return {
    id: `${id}.${attempt}`,
    decisionId: id,
    attempt,
    effect,
    state: 'planned',
    decided: record,
    plannedAt: now,
    // An approval ends at the promised time, however many writes somebody has provoked meanwhile.
    dueAt: ends ? now : nextWriteAt(seen.writes, input.now).toISOString(),
    ...(ends ? { endsApproval: true } : {}),
  };
}

function isDue(operation: Operation, now: Date): boolean {
  if (operation.retryAt === undefined || isFromTheFuture(operation.endedAt, now)) return true;
  return new Date(operation.retryAt) <= now;
}

/**
 * Tells whether to record that the connection has been waiting since an earlier day: a request, or
 * the end of an approval that did not come. The day is part of the record's id, so that the ledger
 * keeps one record a day; only a day's first review checks, so that the check stays cheap.
 */
function isRecordedDaily(
  { isFirstToday, now }: ReviewInput,
  connection: Connection,
  seen: ConnectionState,
): boolean {
  if (!isFirstToday) return false;
  const today = dayOf(now.toISOString());
  if (hasStatus(connection, 'Pending')) return dayOf(seen.firstSeen) < today;
  return hasOutlivedApproval(connection, seen, now) && dayOf(seen.approval?.endsAt ?? today) < today;
}

/**
 * Returns the write that a decision asks for; none for a hold, in audit mode, or if the status is
 * already as wanted.
 */
function writeOf(decision: Decision | undefined, connection: Connection): WriteEffect | undefined {
  if (decision === undefined || decision.effect === 'hold' || decision.mode === 'audit') return undefined;
  const wanted = wantedStatus(decision.effect);
  return wanted !== undefined && hasStatus(connection, wanted) ? undefined : decision.effect;
}

/** Builds a connection's plan: the row, if it has changed, and all audit records. */
export function settle(
  previous: ConnectionState | undefined,
  next: Reconciled,
  records: readonly AuditRecord[],
): ConnectionPlan {
  const { connectionState } = next;
  const unchanged =
    previous !== undefined &&
    connectionState.forget === undefined &&
    previous.generation === connectionState.generation &&
    previous.decisionId === connectionState.decisionId &&
    previous.approval?.endsAt === connectionState.approval?.endsAt &&
    previous.missingSince === connectionState.missingSince &&
    previous.unclear === connectionState.unclear &&
    previous.foundRequester === connectionState.foundRequester &&
    previous.answer === connectionState.answer &&
    previous.watch === connectionState.watch &&
    previous.operation === connectionState.operation;
  const all = [...next.records, ...records];
  if (unchanged) return { records: all, row: undefined };
  const { answer } = connectionState;
  // A row that is stored before the ledger has them must have all that the ledger is to be told with it.
  const row =
    answer?.untold === undefined
      ? connectionState
      : { ...connectionState, answer: { ...answer, untold: all } };
  return { records: all, row };
}
