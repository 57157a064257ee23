import type { AuditRecord } from '../audit/audit-record';
import type { Connection } from '../connections/connection';
import { namesDecision } from '../operations/description';
import { endOperation, type End } from '../operations/end-operation';
import { isOpen, type Operation, type Sighting } from '../operations/operation';
import { answeredElsewhereRecord } from './records';
import { lostFromSight, sight } from './sight';

/** What is known of a connection, and the records of an operation that its new state has ended. */
export interface Met {
  readonly sighting: Sighting;
  readonly records: readonly AuditRecord[];
}

/**
 * What is known of the connection now. If its status or endpoint has changed while a write was planned, which has never
 * left then, its question is gone: it ends, whatever is decided next.
 */
export function meet(connection: Connection, previous: Sighting | undefined, now: Date): Met {
  const seen = sight(previous, connection, now);
  if (previous === undefined || seen.generation === previous.generation) {
    return { sighting: seen, records: [] };
  }
  const met = voidPlan(seen, 'Its status changed before the write', now);
  const approval = isOurApproval(met.sighting.operation, connection) ? met.sighting.approval : undefined;
  const records = [...met.records, ...answeredElsewhere(previous, changeOf(previous, connection, seen), now)];
  return { records, sighting: { ...met.sighting, approval } };
}

function changeOf(previous: Sighting, { status, message }: Connection, seen: Sighting): string {
  if (seen.endpointKey !== previous.endpointKey) return 'Its name belongs to another endpoint now';
  const isOurs = namesDecision(message, previous.decisionId ?? '');
  return isOurs
    ? `It became ${status} after all: its description names this decision`
    : `Somebody else made it ${status}`;
}

/**
 * What Postern had decided without an operation that tells of the end (a hold, audit mode), or with one that ended badly: the
 * record closes it, so that nobody counts it as waiting. None for what is open (its own end tells), nor for what was decided
 * and carried out.
 */
function answeredElsewhere(previous: Sighting, reason: string, now: Date): readonly AuditRecord[] {
  const { decisionId, operation } = previous;
  if (decisionId === undefined) return [];
  const state = operation?.decisionId === decisionId ? operation.state : undefined;
  const isToldByOperation =
    state !== undefined && state !== 'failed' && state !== 'expired' && state !== 'abandoned';
  return isToldByOperation ? [] : [answeredElsewhereRecord(previous, reason, now)];
}

/** Somebody else's approval is not ours to end. */
function isOurApproval(operation: Operation | undefined, connection: Connection): boolean {
  if (operation?.effect !== 'approve') return false;
  return operation.state === 'applied' || namesDecision(connection.message, operation.decisionId);
}

/** A known connection that is listed no more: what a planned deletion wanted, whoever did it, and no other write. */
export function missed(lost: Sighting, now: Date): Met {
  const met =
    lost.operation?.effect === 'delete'
      ? endPlan(lost, { state: 'applied', reason: 'The connection is gone' }, now)
      : voidPlan(lost, 'The connection went away before the write', now);
  const records = [...met.records, ...answeredElsewhere(lost, 'The connection went away', now)];
  return { records, sighting: lostFromSight(met.sighting, now) };
}

/** A planned operation that is not wanted any more ends as superseded. */
export function voidPlan(sighting: Sighting, reason: string, now: Date): Met {
  return endPlan(sighting, { state: 'superseded', reason }, now);
}

function endPlan(sighting: Sighting, how: End, now: Date): Met {
  const { operation } = sighting;
  if (operation === undefined || !isOpen(operation)) return { sighting, records: [] };
  const { ended, record } = endOperation(operation, how, now);
  return { sighting: { ...sighting, operation: ended }, records: [record] };
}
