import type { AuditRecord } from '../audit/audit-record';
import { hasStatus, type Connection } from '../connections/connection';
import { namesDecision } from '../operations/description';
import { endOperation, type End } from '../operations/end-operation';
import { wantedStatus } from '../operations/next-step';
import { isOpen, type Operation, type Sighting } from '../operations/operation';
import { lostFromSight, sight } from './sight';

/** What is known of a connection, and the records of an operation that its new state has ended. */
export interface Met {
  readonly sighting: Sighting;
  readonly records: readonly AuditRecord[];
}

/**
 * What is known of the connection now. If its status or endpoint has changed while a write was planned, the write was
 * done right before the process ended, or its question is gone: it ends, whatever is decided next.
 */
export function meet(connection: Connection, previous: Sighting | undefined, now: Date): Met {
  const seen = sight(previous, connection, now);
  if (previous === undefined || seen.generation === previous.generation) {
    return { sighting: seen, records: [] };
  }
  const met = adoptOrVoid(seen, connection, now);
  const approval = isOurApproval(met.sighting.operation, connection) ? met.sighting.approval : undefined;
  return { ...met, sighting: { ...met.sighting, approval } };
}

/** Somebody else's approval is not ours to end. */
function isOurApproval(operation: Operation | undefined, connection: Connection): boolean {
  if (operation?.effect !== 'approve') return false;
  return operation.state === 'applied' || namesDecision(connection.message, operation.decisionId);
}

/** A known connection that is listed no more. */
export function missed(lost: Sighting, now: Date): Met {
  const voided = adoptOrVoid(lost, undefined, now);
  return { ...voided, sighting: lostFromSight(voided.sighting, now) };
}

/**
 * A planned operation whose question is gone. If the connection is as wanted and its description names the decision, the
 * write was ours, done right before the process ended; a connection that is gone is what a delete wanted, whoever did it.
 */
function adoptOrVoid(sighting: Sighting, connection: Connection | undefined, now: Date): Met {
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
export function voidPlan(sighting: Sighting, reason: string, now: Date): Met {
  if (sighting.operation === undefined || !isOpen(sighting.operation)) return { sighting, records: [] };
  return end(sighting, sighting.operation, { state: 'superseded', reason }, now);
}

function end(sighting: Sighting, operation: Operation, how: End, now: Date): Met {
  const { ended, record } = endOperation(operation, how, now);
  return { sighting: { ...sighting, operation: ended }, records: [record] };
}
