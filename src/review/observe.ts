import type { AuditRecord } from '../audit/audit-record';
import { type Connection, hasStatus } from '../connections/connection';
import { namesDecision } from '../operations/description';
import { type End, endOperation } from '../operations/end-operation';
import { goneStatus, isOpen, type ConnectionState } from '../operations/operation';
import { hasLasted } from '../operations/proof/timeouts';
import { wantedStatus } from '../operations/proof/step';
import { isOurApproval, remembersApproval } from '../operations/timed-approval';
import { answeredElsewhereRecord } from './records';

/**
 * Says what is known of a connection after seeing it again. A new status or another endpoint behind the same name begins
 * a new generation: it is a new question, however often it was answered before. `nextGeneration`: that of what was never seen.
 */
export function observe(
  previous: ConnectionState | undefined,
  connection: Connection,
  now: Date,
  nextGeneration = 0,
): ConnectionState {
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
  { endpointKey }: Pick<ConnectionState, 'endpointKey'>,
  { endpoint }: Connection,
): boolean {
  return endpoint !== undefined && endpointKey !== '' && endpoint.key !== endpointKey;
}

/** How far a known connection that is not listed is from being gone. */
export type Absence = 'missing' | 'gone';

/** Says what is known of a connection that a listing leaves out: gone only when an earlier look did not find it either. */
export function observeMissing(
  previous: ConnectionState,
  now: Date,
  absenceSeconds: number,
): { readonly absence: Absence; readonly connectionState: ConnectionState } {
  if (previous.status === goneStatus) return { absence: 'gone', connectionState: forgotten(previous, now) };
  if (!hasLasted(previous.missingSince, absenceSeconds, now)) {
    const missingSince = previous.missingSince ?? now.toISOString();
    return { absence: 'missing', connectionState: { ...previous, missingSince } };
  }
  const gone: ConnectionState = {
    ...previous,
    status: goneStatus,
    generation: previous.generation + 1,
    firstSeen: now.toISOString(),
    decisionId: undefined,
    missingSince: undefined,
    unclear: undefined,
  };
  return { absence: 'gone', connectionState: forgotten(gone, now) };
}

/** Nothing is kept of what is gone, but an approval that may come back with it. */
function forgotten(gone: ConnectionState, now: Date): ConnectionState {
  return remembersApproval(gone, now) ? gone : { ...gone, forget: true };
}

/**
 * Reads a row whose operation was applied before ends counted as sightings: what its proof read is the last that was seen.
 */
export function asEnded(row: ConnectionState): ConnectionState {
  const { operation, decisionId } = row;
  if (operation?.state !== 'applied' || operation.decisionId !== decisionId) return row;
  const status = wantedStatus(operation.effect) ?? goneStatus;
  return hasStatus(row, status)
    ? row
    : { ...row, status, generation: row.generation + 1, decisionId: undefined };
}

/** What is known of a connection, and the records of an operation that its new state has ended. */
export interface Reconciled {
  readonly connectionState: ConnectionState;
  readonly records: readonly AuditRecord[];
}

/**
 * What is known of the connection now. If its status or endpoint has changed while a write was planned, which has never
 * left then, its question is gone: it ends, whatever is decided next.
 */
export function reconcile(
  connection: Connection,
  previous: ConnectionState | undefined,
  now: Date,
  nextGeneration = 0,
): Reconciled {
  const seen = observe(previous, connection, now, nextGeneration);
  if (previous === undefined || seen.generation === previous.generation) {
    return { connectionState: seen, records: [] };
  }
  const reconciled = supersedePlanned(seen, 'Its status changed before the write', now);
  const records = [
    ...reconciled.records,
    ...answeredElsewhere(previous, changeOf(previous, connection, seen), now),
  ];
  return { records, connectionState: withoutAnothersApproval(reconciled.connectionState, connection) };
}

/** Somebody else's approval is not ours to end. */
function withoutAnothersApproval(connectionState: ConnectionState, connection: Connection): ConnectionState {
  if (connectionState.approval === undefined || !hasStatus(connection, 'Approved')) return connectionState;
  return isOurApproval(connectionState, connection)
    ? connectionState
    : { ...connectionState, approval: undefined };
}

function changeOf(previous: ConnectionState, { status, message }: Connection, seen: ConnectionState): string {
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
function answeredElsewhere(previous: ConnectionState, reason: string, now: Date): readonly AuditRecord[] {
  const { decisionId, operation } = previous;
  if (decisionId === undefined) return [];
  const state = operation?.decisionId === decisionId ? operation.state : undefined;
  const isReportedByOperation =
    state !== undefined && state !== 'failed' && state !== 'expired' && state !== 'abandoned';
  return isReportedByOperation ? [] : [answeredElsewhereRecord(previous, reason, now)];
}

/**
 * Says what is known of a connection that is listed no more. Once it is gone, a planned deletion has what it wanted, whoever
 * did it, and no other write has.
 */
export function reconcileMissing(
  lost: ConnectionState,
  now: Date,
  absenceSeconds: number,
): Reconciled & { readonly absence: Absence } {
  const { absence, connectionState } = observeMissing(lost, now, absenceSeconds);
  if (absence === 'missing' || lost.status === goneStatus) return { absence, connectionState, records: [] };
  const reconciled =
    lost.operation?.effect === 'delete'
      ? endPlanned(connectionState, { state: 'applied', reason: 'The connection is gone' }, now)
      : supersedePlanned(connectionState, 'The connection went away before the write', now);
  const records = [...reconciled.records, ...answeredElsewhere(lost, 'The connection went away', now)];
  return { absence, records, connectionState: reconciled.connectionState };
}

/** A planned operation that is not wanted any more ends as superseded. */
export function supersedePlanned(connectionState: ConnectionState, reason: string, now: Date): Reconciled {
  return endPlanned(connectionState, { state: 'superseded', reason }, now);
}

function endPlanned(connectionState: ConnectionState, how: End, now: Date): Reconciled {
  const { operation } = connectionState;
  if (operation === undefined || !isOpen(operation)) return { connectionState, records: [] };
  const { ended, record } = endOperation(operation, how, now);
  return { connectionState: { ...connectionState, operation: ended }, records: [record] };
}
