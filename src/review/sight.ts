import { hasStatus, type Connection } from '../connections/connection';
import type { Sighting } from '../operations/operation';

/**
 * What is known of a connection after seeing it again. A new status or another endpoint behind the same name begins
 * a new generation: it is a new question, however often it was answered before.
 */
export function sight(previous: Sighting | undefined, connection: Connection, now: Date): Sighting {
  const endpointKey = connection.endpoint?.key ?? connection.endpointText ?? '';
  if (previous === undefined) {
    return {
      connection: connection.id,
      endpointKey,
      status: connection.status,
      generation: 0,
      firstSeen: now.toISOString(),
    };
  }
  const sameEndpoint = previous.endpointKey === endpointKey;
  if (sameEndpoint && hasStatus(previous, connection.status)) return previous;
  return {
    ...previous,
    // The end of an approval stays with the connection that was approved, and with nothing else of its name.
    approval: sameEndpoint && hasStatus(connection, 'Approved') ? previous.approval : undefined,
    endpointKey,
    status: connection.status,
    generation: previous.generation + 1,
    firstSeen: now.toISOString(),
    decisionId: undefined,
  };
}

/** The connection is no longer listed; should its name come back, that is a new question. */
export function lostFromSight(previous: Sighting, now: Date): Sighting {
  if (previous.status === goneStatus) return previous;
  return {
    ...previous,
    status: goneStatus,
    generation: previous.generation + 1,
    firstSeen: now.toISOString(),
    decisionId: undefined,
    approval: undefined,
  };
}

/** Never a provider's status: those have no brackets. */
export const goneStatus = '(gone)';
