import type { AuditRecord } from '../audit/audit-record';
import { dayOf, isFromTheFuture } from '../clock';
import { hasStatus, isSettled, type Connection } from '../connections/connection';
import { idKey } from '../connections/id-key';
import type { WriteEffect } from '../connections/connection-store';
import type { Planned } from '../operations/carry-out';
import { wantedStatus } from '../operations/next-step';
import type { Operation, Sighting } from '../operations/operation';
import type { Decision } from '../policy/decision';
import { approvalFrom, askPolicy } from './ask-policy';
import { decisionIdOf } from './decision-id';
import { meet, missed, voidPlan, type Met } from './meet';
import { decidedRecord, foundRecord, unreadableRecord, waitedRecord } from './records';
import type { ReviewInput } from './review-input';
import { tellAgain } from './untold';

/** Everything a review will do, before it does any of it. */
export interface ReviewPlan {
  /** Durable first. */
  readonly records: readonly AuditRecord[];
  /** Durable second: the rows that changed. */
  readonly rows: readonly Sighting[];
  /** Then these, one at a time. */
  readonly writes: readonly Planned[];
  /** An operation on this target is under way: nothing else may be written. */
  readonly running: boolean;
  /**
   * Some connection is in between, lags behind an operation that has ended, or has a fact that could not be read now: it
   * must be looked at again.
   */
  readonly unsettled: boolean;
}

/** Decides every connection of a target. Pure: the same input gives the same plan, with the same ids. */
export function planReview(input: ReviewInput): ReviewPlan {
  const known = new Map(input.sightings.map((sighting) => [sighting.connection.key, sighting]));
  const verdicts = [
    ...input.listing.connections.map((connection) => judge(input, connection, known.get(connection.id.key))),
    ...unlisted(input).map(({ row, isGone }) => (isGone ? miss(input, row) : leave(row))),
  ];
  return {
    records: [
      ...input.listing.unreadable.map((item) => unreadableRecord(input, item)),
      ...verdicts.flatMap((verdict) => verdict.records ?? []),
    ],
    rows: verdicts.flatMap((verdict) => verdict.row ?? []),
    writes: verdicts.flatMap((verdict) => verdict.write ?? []).sort(inOrder),
    running: verdicts.some((verdict) => verdict.running === true),
    unsettled: verdicts.some((verdict) => verdict.unsettled === true),
  };
}

/** Known, and not listed as it is known: gone, unless it was listed and could not be read. */
function unlisted({ sightings, listing }: ReviewInput): readonly { row: Sighting; isGone: boolean }[] {
  const read = new Set(listing.connections.map(({ id }) => id.key));
  const unread = new Set(listing.unreadable.map(({ id }) => idKey(id)));
  // Without an id it may be any of them.
  const mayBeAny = unread.has('');
  return sightings
    .filter(({ connection }) => !read.has(connection.key))
    .map((row) => ({ row, isGone: !mayBeAny && !unread.has(row.connection.key) }));
}

/** It is there, and nothing is known of it now. */
function leave({ operation }: Sighting): Verdict {
  return { running: operation?.state === 'running' };
}

interface Verdict {
  readonly records?: readonly AuditRecord[];
  readonly row?: Sighting | undefined;
  readonly write?: Planned;
  readonly running?: boolean;
  readonly unsettled?: boolean;
}

function judge(input: ReviewInput, connection: Connection, previous: Sighting | undefined): Verdict {
  if (previous?.operation?.state === 'running') return { running: true };
  if (!isSettled(connection)) return { unsettled: true };
  if (connection.endpoint !== undefined && input.unread.has(connection.endpoint.key))
    return { unsettled: true };
  const met = meetAgain(connection, previous, input.now);
  const found = previous === undefined && input.swept ? [foundRecord(input, connection)] : [];
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
  const record = decidedRecord(input, decided);
  const waited = isWaitingSinceEarlierDay(input, connection, met.sighting)
    ? [waitedRecord(input, decided)]
    : [];
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

function meetAgain(connection: Connection, previous: Sighting | undefined, now: Date): Met {
  if (previous === undefined) return meet(connection, previous, now);
  const retold = tellAgain(previous);
  const { sighting, records } = meet(connection, retold.sighting, now);
  return { sighting, records: [...retold.records, ...records] };
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
    if (current.state === 'planned') {
      const kept = settle(previous, { sighting: seen, records: [] }, records);
      return { ...kept, write: { connection, sighting: seen, operation: current } };
    }
    // It was done, but the listing still shows the question: it lags.
    if (current.state === 'applied')
      return { ...settle(previous, { sighting: seen, records: [] }, records), unsettled: true };
    if (!input.putBack && (current.state === 'abandoned' || !isDue(current, input.now))) {
      return settle(previous, { sighting: seen, records: [] }, records);
    }
  }
  const voided = voidPlan(seen, 'A later decision took its place', input.now);
  const told = [...voided.records, ...records];
  const untold = told.length === 0 ? undefined : told;
  const operation = { ...plan(intent, (current?.attempt ?? 0) + 1, input.now), untold };
  const sighting = { ...voided.sighting, operation };
  return {
    records: told,
    row: sighting,
    write: { connection, sighting, operation },
  };
}

function plan(intent: Intent, attempt: number, now: Date): Operation {
  return {
    id: `${intent.id}.${attempt}`,
    decisionId: intent.id,
    attempt,
    effect: intent.effect,
    state: 'planned',
    decided: intent.record,
    plannedAt: now.toISOString(),
    dueAt: now.toISOString(),
  };
}

function isDue(operation: Operation, now: Date): boolean {
  if (operation.retryAt === undefined || isFromTheFuture(operation.endedAt, now)) return true;
  return new Date(operation.retryAt) <= now;
}

/** By the day, so that the ledger keeps one record a day; asked of a day's first review only, so that it is not asked often. */
function isWaitingSinceEarlierDay(
  { isFirstToday, now }: ReviewInput,
  connection: Connection,
  { firstSeen }: Sighting,
): boolean {
  return isFirstToday && hasStatus(connection, 'Pending') && dayOf(firstSeen) < dayOf(now.toISOString());
}

/** The write that a decision asks for; none for a hold, in audit mode, or when it is as wanted already. */
function writeEffectOf(decision: Decision, connection: Connection): WriteEffect | undefined {
  if (decision.effect === 'hold' || decision.mode === 'audit') return undefined;
  const wanted = wantedStatus(decision.effect);
  return wanted !== undefined && hasStatus(connection, wanted) ? undefined : decision.effect;
}

function miss(input: ReviewInput, lost: Sighting): Verdict {
  if (lost.operation?.state === 'running') return { running: true };
  const retold = tellAgain(lost);
  return settle(lost, missed(retold.sighting, input.now), retold.records);
}

function settle(previous: Sighting | undefined, next: Met, records: readonly AuditRecord[]): Verdict {
  const unchanged =
    previous !== undefined &&
    previous.generation === next.sighting.generation &&
    previous.decisionId === next.sighting.decisionId &&
    previous.approval?.endsAt === next.sighting.approval?.endsAt &&
    previous.operation === next.sighting.operation;
  return { records: [...next.records, ...records], row: unchanged ? undefined : next.sighting };
}

const turns: readonly WriteEffect[] = ['approve', 'reject', 'delete'];

/** Those who wait for an approval first, then by age. */
function inOrder(one: Planned, other: Planned): number {
  const turn = turns.indexOf(one.operation.effect) - turns.indexOf(other.operation.effect);
  return turn !== 0 ? turn : one.operation.plannedAt.localeCompare(other.operation.plannedAt);
}
