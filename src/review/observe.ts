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
 * Merges a fresh reading of a connection into its row. A new status, or another endpoint behind the
 * same name, begins a new generation: it is a new question, however often the old one was answered.
 * `nextGeneration` is the generation of a connection that was never seen.
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
    // The time limit stays with the connection that was approved, whatever it shows for a while,
    // and never applies to another endpoint of the same name.
    approval: isOfAnotherEndpoint({ endpointKey: approvedKey }, connection) ? undefined : previous.approval,
    endpointKey,
    status: connection.status,
    generation: previous.generation + 1,
    firstSeen: now.toISOString(),
    decisionId: undefined,
    foundRequester: undefined,
    answer: undefined,
  };
}

/** Returns the endpoint's key for comparisons; `''` if ARM names none. */
export function endpointKeyOf(connection: Connection): string {
  return connection.endpoint?.key ?? connection.endpointText ?? '';
}

/**
 * Tells whether the connection's name now belongs to another endpoint. A missing or malformed
 * endpoint does not count as another one.
 */
export function isOfAnotherEndpoint(
  { endpointKey }: Pick<ConnectionState, 'endpointKey'>,
  { endpoint }: Connection,
): boolean {
  return endpoint !== undefined && endpointKey !== '' && endpoint.key !== endpointKey;
}

/**
 * The state of a known connection that is not listed: `gone` only after two listings without it.
 */
export type Absence = 'missing' | 'gone';

/**
 * Updates the row of a connection that a listing lacks. The connection counts as gone only if an
 * earlier listing lacked it, too, at least `absenceSeconds` ago.
 */
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
    foundRequester: undefined,
    answer: undefined,
  };
  return { absence: 'gone', connectionState: forgotten(gone, now) };
}

/**
 * Marks the row of a connection that is gone for removal, unless it holds an approval that may
 * reappear.
 */
function forgotten(gone: ConnectionState, now: Date): ConnectionState {
  return remembersApproval(gone, now) ? gone : { ...gone, forget: true };
}

/**
 * Converts a row that an earlier version stored when its operation was applied, without updating
 * the connection's state: what the proof of the end read is the last known state.
 */
export function asEnded(row: ConnectionState): ConnectionState {
  const { operation, decisionId } = row;
  if (operation?.state !== 'applied' || operation.decisionId !== decisionId) return row;
  const status = wantedStatus(operation.effect) ?? goneStatus;
  return hasStatus(row, status)
    ? row
    : { ...row, status, generation: row.generation + 1, decisionId: undefined };
}

/**
 * A connection's row and the audit records of operations or decisions that its new state has ended.
 */
export interface Reconciled {
  readonly connectionState: ConnectionState;
  readonly records: readonly AuditRecord[];
}

/**
 * Updates a connection's row with a fresh reading. If its status or endpoint has changed while a
 * write was planned, but not sent, the planned operation is superseded, whatever is decided next.
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
  const reconciled = supersedePlanned(seen, 'The connection changed before the write', now);
  const records = [
    ...reconciled.records,
    ...answeredElsewhere(previous, changeOf(previous, connection, seen), now),
  ];
  return { records, connectionState: withoutAnothersApproval(reconciled.connectionState, connection) };
}

/** Removes the time limit if somebody else made the approval: Postern does not end it. */
function withoutAnothersApproval(connectionState: ConnectionState, connection: Connection): ConnectionState {
  if (connectionState.approval === undefined || !hasStatus(connection, 'Approved')) return connectionState;
  return isOurApproval(connectionState, connection)
    ? connectionState
    : { ...connectionState, approval: undefined };
}

function changeOf(previous: ConnectionState, { status, message }: Connection, seen: ConnectionState): string {
  if (seen.endpointKey !== previous.endpointKey) return 'The connection name now belongs to another endpoint';
  const isOurs = namesDecision(message, previous.decisionId ?? '');
  return isOurs
    ? `The status became ${status} after all: the description names this decision`
    : `Someone else changed the status to ${status}`;
}

/**
 * Closes an open decision in the ledger if the connection changed without Postern: a hold, an
 * audit-mode decision, or an operation that failed. The record keeps the decision from being
 * counted as waiting. Returns none for an open operation, whose own end is recorded, or for a
 * decision that was carried out.
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
 * Updates the row of a connection that is no longer listed. Once the connection is gone, a planned
 * deletion ends as applied, whoever deleted it, and any other planned write is superseded.
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

/** Ends an open operation that is no longer wanted as superseded. */
export function supersedePlanned(connectionState: ConnectionState, reason: string, now: Date): Reconciled {
  return endPlanned(connectionState, { state: 'superseded', reason }, now);
}

function endPlanned(connectionState: ConnectionState, how: End, now: Date): Reconciled {
  const { operation } = connectionState;
  if (operation === undefined || !isOpen(operation)) return { connectionState, records: [] };
  const { ended, record } = endOperation(operation, how, now);
  return { connectionState: { ...connectionState, operation: ended }, records: [record] };
}
