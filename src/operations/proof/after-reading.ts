import { hasStatus, progressOf } from '../../connections/connection';
import { namesDecision } from '../description';
import { goneStatus, type Ticket } from '../operation';
import { absenceSeconds, hasLasted, unknownStateSeconds } from './timeouts';
import { type ConnectionView, isOver, type Step, waitWhileRunning, wantedStatus } from './step';

/**
 * Decides what one reading of the connection proves; `undefined`: the connection was not found.
 * Pure.
 */
export function afterReading(ticket: Ticket, connection: ConnectionView | undefined, now: Date): Step {
  if (connection === undefined) return afterAbsence(ticket, now);
  const seen = { status: connection.status };
  const found: Ticket = { ...ticket, missingSince: undefined };
  const endpointKey = connection.endpoint?.key ?? found.endpointKey;
  if (found.endpointKey !== undefined && endpointKey !== found.endpointKey) {
    const reason = 'The connection name now belongs to another endpoint';
    return { kind: 'done', outcome: 'superseded', reason, seen };
  }
  const progress = progressOf(connection);
  const current = { ...found, unknownSince: unknownSince(found, progress, now) };
  if (!isSettled(current, progress, now)) return waitWhileRunning(current, now);
  return afterSettled(current, connection, now);
}

function unknownSince(
  { unknownSince: since }: Ticket,
  progress: ReturnType<typeof progressOf>,
  now: Date,
): string | undefined {
  return progress === 'unknown' ? (since ?? now.toISOString()) : undefined;
}

/**
 * Tells whether the provisioning state is final. An undocumented state is waited for, but within a
 * bound: after that, what is proven decides.
 */
function isSettled(ticket: Ticket, progress: ReturnType<typeof progressOf>, now: Date): boolean {
  if (progress !== 'unknown') return progress === 'final';
  return (
    isOver(ticket, now) || hasLasted(ticket.unknownSince, unknownStateSeconds(ticket.pollFloorSeconds), now)
  );
}

/**
 * Waits or ends after a read without the connection. No single answer proves that something is
 * gone: ARM answers 404 for existing resources while its regions replicate.
 */
function afterAbsence(ticket: Ticket, now: Date): Step {
  const seconds = absenceSeconds(ticket.pollFloorSeconds);
  if (!hasLasted(ticket.missingSince, seconds, now)) {
    const missing = { ...ticket, missingSince: ticket.missingSince ?? now.toISOString() };
    return { kind: 'wait', delaySeconds: seconds, ticket: missing };
  }
  const seen = { status: goneStatus };
  return wantedStatus(ticket.effect) === undefined
    ? { kind: 'done', outcome: 'applied', reason: 'The connection is gone', seen }
    : { kind: 'done', outcome: 'superseded', reason: 'The connection went away', seen };
}

function afterSettled(ticket: Ticket, connection: ConnectionView, now: Date): Step {
  const wanted = wantedStatus(ticket.effect);
  if (wanted !== undefined && hasStatus(connection, wanted)) return whenWanted(ticket, connection, wanted);
  if (endedBadly(connection)) {
    return {
      kind: 'failed',
      error: ticket.reportedError ?? `provisioningState is ${connection.provisioningState}`,
    };
  }
  if (ticket.reportedError !== undefined) return { kind: 'failed', error: ticket.reportedError };
  if (wanted === undefined || hasStatus(connection, ticket.statusBefore)) {
    return afterOldStatus(ticket, connection, now);
  }
  const seen = { status: connection.status };
  return {
    kind: 'done',
    outcome: 'superseded',
    reason: `Someone else changed the status to ${connection.status}`,
    seen,
  };
}

/**
 * Waits or ends while the old status remains. The status may lag, or the provider may show it until
 * its work is done; after both bounds it is the result of the write.
 */
function afterOldStatus(ticket: Ticket, { status }: ConnectionView, now: Date): Step {
  if (ticket.answersBy === undefined || now < new Date(ticket.answersBy))
    return waitWhileRunning(ticket, now);
  const error = `the status is still ${status}: the write had no effect, or someone has undone it`;
  return { kind: 'expired', error, undone: true };
}

function whenWanted(ticket: Ticket, connection: ConnectionView, wanted: string): Step {
  if (endedBadly(connection)) {
    const error = `the status is ${wanted}, but provisioningState is ${connection.provisioningState}`;
    return { kind: 'failed', error };
  }
  const { namedDecision } = ticket;
  const isNamed = namedDecision !== undefined && namesDecision(connection.message, namedDecision);
  const seen = { status: connection.status, isNamed };
  if (connection.progress === 'unknown') {
    const reason = `The status reads ${wanted}, but provisioningState ${connection.provisioningState} is not known to be an end`;
    return { kind: 'done', outcome: 'unproven', reason, seen };
  }
  // An unconfirmed write may never have been sent: then only the note in the description shows
  // whose change this is.
  if (ticket.confirmed || namedDecision === undefined || isNamed) {
    return { kind: 'done', outcome: 'applied', reason: `The connection was read back as ${wanted}`, seen };
  }
  const reason = `The status is ${wanted}, but the description does not name this decision: someone else changed it`;
  return { kind: 'done', outcome: 'superseded', reason, seen };
}

function endedBadly(connection: ConnectionView): boolean {
  const state = connection.provisioningState?.toLowerCase() ?? '';
  return badStates.has(state);
}

const badStates: ReadonlySet<string> = new Set(['failed', 'canceled', 'cancelled']);
