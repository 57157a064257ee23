import type { AuditRecord } from '../audit/audit-record';
import type { Connection } from '../connections/connection';
import { namesDecision } from '../operations/description';
import { endOperation, type End } from '../operations/end-operation';
import { isOpen, type Operation, type Sighting } from '../operations/operation';
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
  return { ...met, sighting: { ...met.sighting, approval } };
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
  return { ...met, sighting: lostFromSight(met.sighting, now) };
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
