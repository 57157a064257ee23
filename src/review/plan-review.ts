import type { AuditRecord } from '../audit/audit-record';
import { hasStatus, isSettled, type Connection } from '../connections/connection';
import type {
  ConnectionListing,
  EndpointDetails,
  TargetDetails,
  WriteEffect,
} from '../connections/connection-store';
import type { TargetId } from '../connections/resource-id';
import { namesDecision } from '../operations/description';
import { endOperation, type End } from '../operations/end-operation';
import { wantedStatus } from '../operations/next-step';
import { isOpen, type Operation, type Sighting } from '../operations/operation';
import type { Decision } from '../policy/decision';
import type { Policy } from '../policy/policy';
import { decisionIdOf } from './decision-id';
import { factsFrom } from './facts';
import { decidedRecord, foundRecord, unreadableRecord } from './records';
import { lostFromSight, sight } from './sight';

export interface ReviewInput {
  readonly target: TargetId;
  readonly policy: Policy;
  readonly sightings: readonly Sighting[];
  readonly listing: ConnectionListing;
  readonly targetDetails: TargetDetails | undefined;
  /** By endpoint key; an endpoint that could not be read is absent. */
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
  readonly now: Date;
  /** Whether the sweep asked: what it sees first, events had not told. */
  readonly swept: boolean;
  readonly traceId: string | undefined;
}

export interface PlannedWrite {
  readonly connection: Connection;
  readonly sighting: Sighting;
  readonly operation: Operation;
}

/** Everything a review will do, before it does any of it. */
export interface ReviewPlan {
  /** Durable first. */
  readonly records: readonly AuditRecord[];
  /** Durable second: the rows that changed. */
  readonly rows: readonly Sighting[];
  /** Then these, one at a time. */
  readonly writes: readonly PlannedWrite[];
  /** An operation on this target is under way: nothing else may be written. */
  readonly running: boolean;
  /** Some connection is in between, or lags behind an operation that has ended: it must be looked at again. */
  readonly unsettled: boolean;
}

/** Decides every connection of a target. Pure: the same input gives the same plan, with the same ids. */
export function planReview(input: ReviewInput): ReviewPlan {
  const known = new Map(input.sightings.map((sighting) => [sighting.connection.key, sighting]));
  const listed = new Set(input.listing.connections.map((connection) => connection.id.key));
  const verdicts = [
    ...input.listing.connections.map((connection) => judge(input, connection, known.get(connection.id.key))),
    ...input.sightings
      .filter((sighting) => !listed.has(sighting.connection.key))
      .map((lost) => miss(input, lost)),
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

interface Verdict {
  readonly records?: readonly AuditRecord[];
  readonly row?: Sighting | undefined;
  readonly write?: PlannedWrite;
  readonly running?: boolean;
  readonly unsettled?: boolean;
}

function judge(input: ReviewInput, connection: Connection, previous: Sighting | undefined): Verdict {
  if (previous?.operation?.state === 'running') return { running: true };
  if (!isSettled(connection)) return { unsettled: true };
  const seen = sight(previous, connection, input.now);
  const found = previous === undefined && input.swept ? [foundRecord(input, connection)] : [];
  const decision = input.policy.decide(factsOf(input, connection, seen), input.now);
  if (decision === undefined) {
    return settle(previous, adoptOrVoid(seen, connection, input.now), []);
  }
  const id = decisionIdOf(connection, seen.generation, decision);
  const isNew = seen.decisionId !== id;
  const record = decidedRecord(input, { connection, decision, id });
  const answered = { ...seen, decisionId: id };
  const records = isNew ? [...found, record] : found;
  const effect = writeEffectOf(decision, connection);
  if (effect === undefined) {
    return settle(previous, voidPlan(answered, 'A later decision wants no write', input.now), records);
  }
  return intend(input, { connection, previous, seen: answered, record, records, effect, id });
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
  const current = seen.operation?.decisionId === id ? seen.operation : undefined;
  if (current !== undefined) {
    if (current.state === 'planned') {
      const kept = settle(previous, { sighting: seen, records: [] }, records);
      return { ...kept, write: { connection, sighting: seen, operation: current } };
    }
    // It was done, but the listing still shows the question: it lags.
    if (current.state === 'applied')
      return { ...settle(previous, { sighting: seen, records: [] }, records), unsettled: true };
    if (current.state === 'abandoned' || !isDue(current, input.now)) {
      return settle(previous, { sighting: seen, records: [] }, records);
    }
  }
  const voided = voidPlan(seen, 'A later decision took its place', input.now);
  const operation = plan(intent, (current?.attempt ?? 0) + 1, input.now);
  const sighting = { ...voided.sighting, operation };
  return {
    records: [...voided.records, ...records],
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
  return operation.retryAt === undefined || new Date(operation.retryAt) <= now;
}

/** The write that a decision asks for; none for a hold, in audit mode, or when it is as wanted already. */
function writeEffectOf(decision: Decision, connection: Connection): WriteEffect | undefined {
  if (decision.effect === 'hold' || decision.mode === 'audit') return undefined;
  const wanted = wantedStatus(decision.effect);
  return wanted !== undefined && hasStatus(connection, wanted) ? undefined : decision.effect;
}

function miss(input: ReviewInput, lost: Sighting): Verdict {
  if (lost.operation?.state === 'running') return { running: true };
  const voided = adoptOrVoid(lost, undefined, input.now);
  return settle(lost, { ...voided, sighting: lostFromSight(voided.sighting, input.now) }, []);
}

interface Voided {
  readonly sighting: Sighting;
  readonly records: readonly AuditRecord[];
}

/**
 * A planned operation whose question is gone. If the connection is as wanted and its description names the decision, the
 * write was ours, done right before the process ended; a connection that is gone is what a delete wanted, whoever did it.
 */
function adoptOrVoid(sighting: Sighting, connection: Connection | undefined, now: Date): Voided {
  const { operation } = sighting;
  if (operation === undefined || !isOpen(operation)) return { sighting, records: [] };
  const wanted = wantedStatus(operation.effect);
  const isGone = connection === undefined;
  const isOurs =
    wanted !== undefined &&
    !isGone &&
    hasStatus(connection, wanted) &&
    namesDecision(connection.message, operation.decisionId);
  if (isOurs || (isGone && wanted === undefined)) {
    const reason = isOurs ? `The connection was read back as ${wanted}` : 'The connection is gone';
    return end(sighting, operation, { state: 'applied', reason }, now);
  }
  const reason = isGone ? 'The connection went away before the write' : 'Its status changed before the write';
  return end(sighting, operation, { state: 'superseded', reason }, now);
}

/** A planned operation that is not wanted any more ends as superseded. */
function voidPlan(sighting: Sighting, reason: string, now: Date): Voided {
  if (sighting.operation === undefined || !isOpen(sighting.operation)) return { sighting, records: [] };
  return end(sighting, sighting.operation, { state: 'superseded', reason }, now);
}

function end(sighting: Sighting, operation: Operation, how: End, now: Date): Voided {
  const { ended, record } = endOperation(operation, how, now);
  return { sighting: { ...sighting, operation: ended }, records: [record] };
}

function settle(previous: Sighting | undefined, next: Voided, records: readonly AuditRecord[]): Verdict {
  const unchanged =
    previous !== undefined &&
    previous.generation === next.sighting.generation &&
    previous.decisionId === next.sighting.decisionId &&
    previous.operation === next.sighting.operation;
  return { records: [...next.records, ...records], row: unchanged ? undefined : next.sighting };
}

function factsOf(input: ReviewInput, connection: Connection, seen: Sighting): ReturnType<typeof factsFrom> {
  return factsFrom({
    connection,
    firstSeen: seen.firstSeen,
    target: input.target,
    all: input.listing.connections,
    targetDetails: input.targetDetails,
    endpointDetails: connection.endpoint && input.endpoints.get(connection.endpoint.key),
  });
}

const turns: readonly WriteEffect[] = ['approve', 'reject', 'delete'];

/** Those who wait for an approval first, then by age. */
function inOrder(one: PlannedWrite, other: PlannedWrite): number {
  const turn = turns.indexOf(one.operation.effect) - turns.indexOf(other.operation.effect);
  return turn !== 0 ? turn : one.operation.plannedAt.localeCompare(other.operation.plannedAt);
}
