import { hasStatus, type Connection } from '../connections/connection';
import { wantedStatus } from '../operations/proof/step';
import { goneStatus, type Sighting } from '../operations/operation';
import { hasLasted } from '../operations/proof/patience';
import { remembersApproval } from '../operations/timed-approval';

/**
 * Says what is known of a connection after seeing it again. A new status or another endpoint behind the same name begins
 * a new generation: it is a new question, however often it was answered before. `nextGeneration`: that of what was never seen.
 */
export function sight(
  previous: Sighting | undefined,
  connection: Connection,
  now: Date,
  nextGeneration = 0,
): Sighting {
  const endpointKey = endpointKeyOf(connection);
  if (previous === undefined) {
    return {
      connection: connection.id,
      endpointKey,
      status: connection.status,
      generation: nextGeneration,
      firstSeen: now.toISOString(),
    };
  }
  const found = previous.missingSince === undefined ? previous : { ...previous, missingSince: undefined };
  if (previous.endpointKey === endpointKey && hasStatus(previous, connection.status)) return found;
  const approvedKey = previous.approval?.endpointKey ?? previous.endpointKey;
  return {
    ...found,
    // Its end stays with the connection that was approved, whatever it looks like for a while, and with nothing else of its name.
    approval: isOfAnotherEndpoint({ endpointKey: approvedKey }, connection) ? undefined : previous.approval,
    endpointKey,
    status: connection.status,
    generation: previous.generation + 1,
    firstSeen: now.toISOString(),
    decisionId: undefined,
  };
}

/** Names the endpoint for comparisons; `''` when ARM names none. */
export function endpointKeyOf(connection: Connection): string {
  return connection.endpoint?.key ?? connection.endpointText ?? '';
}

/** Tells whether the name belongs to somebody else by now. An endpoint that is left out, or that nobody can read, is no other. */
export function isOfAnotherEndpoint(
  { endpointKey }: Pick<Sighting, 'endpointKey'>,
  { endpoint }: Connection,
): boolean {
  return endpoint !== undefined && endpointKey !== '' && endpoint.key !== endpointKey;
}

/** How far a known connection that is not listed is from being gone. */
export type Absence = 'missing' | 'gone';

/** Says what is known of a connection that a listing leaves out: gone only when an earlier look did not find it either. */
export function lostFromSight(
  previous: Sighting,
  now: Date,
  absenceSeconds: number,
): { readonly absence: Absence; readonly sighting: Sighting } {
  if (previous.status === goneStatus) return { absence: 'gone', sighting: forgotten(previous, now) };
  if (!hasLasted(previous.missingSince, absenceSeconds, now)) {
    const missingSince = previous.missingSince ?? now.toISOString();
    return { absence: 'missing', sighting: { ...previous, missingSince } };
  }
  const gone: Sighting = {
    ...previous,
    status: goneStatus,
    generation: previous.generation + 1,
    firstSeen: now.toISOString(),
    decisionId: undefined,
    missingSince: undefined,
    unclear: undefined,
  };
  return { absence: 'gone', sighting: forgotten(gone, now) };
}

/** Nothing is kept of what is gone, but an approval that may come back with it. */
function forgotten(gone: Sighting, now: Date): Sighting {
  return remembersApproval(gone, now) ? gone : { ...gone, forget: true };
}

/**
 * Reads a row whose operation was applied before ends counted as sightings: what its proof read is the last that was seen.
 */
export function asEnded(row: Sighting): Sighting {
  const { operation, decisionId } = row;
  if (operation?.state !== 'applied' || operation.decisionId !== decisionId) return row;
  const status = wantedStatus(operation.effect) ?? goneStatus;
  return hasStatus(row, status)
    ? row
    : { ...row, status, generation: row.generation + 1, decisionId: undefined };
}
