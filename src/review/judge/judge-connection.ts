import type { AuditRecord } from '../../audit/audit-record';
import { dayOf, isFromTheFuture } from '../../base/clock';
import { type Connection, hasStatus } from '../../connections/connection';
import type { WriteEffect } from '../../connections/connection-store';
import type { Operation, Sighting } from '../../operations/operation';
import { wantedStatus } from '../../operations/proof/step';
import { hasOutlivedApproval } from '../../operations/timed-approval';
import { nextWriteAt } from '../../operations/write/pace';
import type { Decision } from '../../policy/decision';
import { approvalFrom, askPolicy } from '../ask-policy';
import { decisionIdOf } from '../decision-id';
import { meet, type Met, voidPlan } from '../observe';
import { decidedRecord, foundRecord, waitedRecord } from '../records';
import type { ReviewInput } from '../review-job';
import { tellAgain } from '../unrecorded';
import { type Doubt, doubtOf, isLagging, leaveUndecided } from './doubt';
import type { Verdict } from './verdict';

/** Decides one listed connection. `previous` is what was known of it. Pure. */
export function judge(input: ReviewInput, connection: Connection, previous: Sighting | undefined): Verdict {
  if (previous?.operation?.state === 'running') return { running: true };
  if (isLagging(input, connection, previous)) return { againSeconds: input.pollFloorSeconds };
  const found = previous === undefined && input.swept ? [foundRecord(input, connection)] : [];
  const doubt = doubtOf(input, connection, previous);
  if (doubt === undefined || doubt.isDecided) return answer(input, { connection, previous, found, doubt });
  const verdict = leaveUndecided(input, connection, previous, doubt);
  return verdict.row === undefined
    ? verdict
    : { ...verdict, records: [...found, ...(verdict.records ?? [])] };
}

interface Question {
  readonly connection: Connection;
  readonly previous: Sighting | undefined;
  readonly found: readonly AuditRecord[];
  readonly doubt: Doubt | undefined;
}

function answer(input: ReviewInput, question: Question): Verdict {
  const { connection, previous, found, doubt } = question;
  const met = meetAgain(input, question);
  const decision = askPolicy(input, connection, met.sighting);
  if (decision === undefined) {
    const unasked = voidPlan(met.sighting, 'No rule concerns its status any more', input.now);
    return settle(previous, unasked, met.records);
  }
  const id = decisionIdOf(connection, met.sighting.generation, decision);
  const isNew = met.sighting.decisionId !== id;
  const approval = isNew ? approvalFrom(decision, input.now) : met.sighting.approval;
  const expiresAt = decision.effect === 'approve' ? approval?.endsAt : undefined;
  const decided = { connection, firstSeen: met.sighting.firstSeen, decision, id, expiresAt };
  const record = decidedRecord(input, decided, doubt?.unclear.why);
  const waited = isToldDaily(input, connection, met.sighting) ? [waitedRecord(input, decided)] : [];
  const records = [...met.records, ...found, ...(isNew ? [record] : []), ...waited];
  const answered = { ...met.sighting, decisionId: id };
  const effect = writeEffectOf(decision, connection);
  if (effect === undefined) {
    return settle(previous, voidPlan(answered, 'A later decision wants no write', input.now), records);
  }
  // An approval in time begins with the write that is to make it; what ends it leaves its end as it is.
  const seen = effect === 'approve' ? { ...answered, approval } : answered;
  return intend(input, { connection, previous, seen, record, records, effect, id });
}

function meetAgain(input: ReviewInput, { connection, previous, doubt }: Question): Met {
  const retold = previous === undefined ? undefined : tellAgain(previous);
  const { sighting, records } = meet(connection, retold?.sighting, input.now, input.nextGeneration);
  return {
    sighting: sighting.unclear === doubt?.unclear ? sighting : { ...sighting, unclear: doubt?.unclear },
    records: [...(retold?.records ?? []), ...records],
  };
}

interface Intent {
  readonly connection: Connection;
  readonly previous: Sighting | undefined;
  readonly seen: Sighting;
  readonly record: AuditRecord;
  readonly records: readonly AuditRecord[];
  readonly effect: WriteEffect;
  readonly id: string;
}

/** The decision wants a write: carry on with the operation in hand, begin one, or leave an ended one alone. */
function intend(input: ReviewInput, intent: Intent): Verdict {
  const { connection, previous, seen, records, id } = intent;
  const { effect } = intent;
  // The id says the effect; a row in which they differ is not Postern's work, and is not carried out.
  const isCurrent = seen.operation?.decisionId === id && seen.operation.effect === effect;
  const current = isCurrent ? seen.operation : undefined;
  if (current !== undefined) {
    const kept = settle(previous, { sighting: seen, records: [] }, records);
    if (current.state === 'planned')
      return { ...kept, write: { connection, sighting: seen, operation: current } };
    if (!input.putBack && (current.state === 'abandoned' || !isDue(current, input.now))) return kept;
  }
  const voided = voidPlan(seen, 'A later decision took its place', input.now);
  const told = [...voided.records, ...records];
  const untold = told.length === 0 ? undefined : told;
  const operation = { ...plan(input, intent, (current?.attempt ?? 0) + 1), untold };
  const sighting = { ...voided.sighting, operation };
  return {
    records: told,
    row: sighting,
    write: { connection, sighting, operation },
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
    // An end was promised for its time, whoever has asked again and again meanwhile.
    dueAt: ends ? now : nextWriteAt(seen.writes, input.now).toISOString(),
    ...(ends ? { endsApproval: true } : {}),
  };
}

function isDue(operation: Operation, now: Date): boolean {
  if (operation.retryAt === undefined || isFromTheFuture(operation.endedAt, now)) return true;
  return new Date(operation.retryAt) <= now;
}

/**
 * What waits since an earlier day is told of: a request, or the end of an approval that did not come. By the day, so that the
 * ledger keeps one record a day; asked of a day's first review only, so that it is not asked often.
 */
function isToldDaily({ isFirstToday, now }: ReviewInput, connection: Connection, seen: Sighting): boolean {
  if (!isFirstToday) return false;
  const today = dayOf(now.toISOString());
  if (hasStatus(connection, 'Pending')) return dayOf(seen.firstSeen) < today;
  return hasOutlivedApproval(connection, seen, now) && dayOf(seen.approval?.endsAt ?? today) < today;
}

/** The write that a decision asks for; none for a hold, in audit mode, or when it is as wanted already. */
function writeEffectOf(decision: Decision, connection: Connection): WriteEffect | undefined {
  if (decision.effect === 'hold' || decision.mode === 'audit') return undefined;
  const wanted = wantedStatus(decision.effect);
  return wanted !== undefined && hasStatus(connection, wanted) ? undefined : decision.effect;
}

/** Keeps a row that has changed, with what is to be told of it. */
export function settle(previous: Sighting | undefined, next: Met, records: readonly AuditRecord[]): Verdict {
  const { sighting } = next;
  const unchanged =
    previous !== undefined &&
    sighting.forget === undefined &&
    previous.generation === sighting.generation &&
    previous.decisionId === sighting.decisionId &&
    previous.approval?.endsAt === sighting.approval?.endsAt &&
    previous.missingSince === sighting.missingSince &&
    previous.unclear === sighting.unclear &&
    previous.operation === sighting.operation;
  return { records: [...next.records, ...records], row: unchanged ? undefined : sighting };
}
