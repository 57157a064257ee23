import { addSeconds } from '../clock';
import { hasStatus, isSettled, type Connection } from '../connections/connection';
import type { OperationReport } from '../connections/connection-store';
import { describeError, isTransient, type ArmError } from '../errors';
import { namesDecision } from './description';
import type { Ticket } from './ticket';

/** What one look at an operation brought. */
export type Reply =
  | { readonly kind: 'operation'; readonly report: OperationReport }
  | { readonly kind: 'connection'; readonly connection: ConnectionView | undefined }
  | { readonly kind: 'trouble'; readonly error: ArmError };

export type ConnectionView = Pick<Connection, 'status' | 'message' | 'provisioningState'>;

export type Step =
  | { readonly kind: 'done'; readonly outcome: 'applied' | 'superseded'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'expired'; readonly error: string }
  | { readonly kind: 'wait'; readonly delaySeconds: number; readonly ticket: Ticket };

/**
 * One poll: what follows from a reply. Pure. Done means proven: only a connection that was read again ends an
 * operation well, because either sign alone lies (an operation URL, or a status).
 */
export function nextStep(ticket: Ticket, reply: Reply, now: Date): Step {
  const polled = { ...ticket, polls: ticket.polls + 1 };
  switch (reply.kind) {
    case 'operation':
      return afterReport(polled, reply.report, now);
    case 'connection':
      return afterReading(polled, reply.connection, now);
    case 'trouble':
      return afterTrouble(polled, reply.error, now);
  }
}

/** The status that the effect asks for; `undefined` for a delete, which wants the connection gone. */
export function wantedStatus(effect: Ticket['effect']): string | undefined {
  switch (effect) {
    case 'approve':
      return 'Approved';
    case 'reject':
      return 'Rejected';
    case 'delete':
      return undefined;
  }
}

function afterReport(ticket: Ticket, report: OperationReport, now: Date): Step {
  const status = report.status?.toLowerCase();
  if (status === 'failed' || status === 'canceled') {
    const error = report.error
      ? `${report.error.code}: ${report.error.message}`
      : `the operation ended as ${status}`;
    return wait(proving({ ...ticket, reportedError: error }), 0, now);
  }
  const ended =
    status === undefined ? report.httpStatus !== 202 : status === 'succeeded' || status === 'ready';
  if (ended) return wait(proving(withLessPatience(ticket, now)), 0, now);
  const operationUrl = report.nextUrl ?? ticket.operationUrl;
  return wait({ ...ticket, operationUrl }, pause(ticket, report.retryAfterSeconds), now);
}

/** An operation that has ended shows soon or not at all: the rest of its deadline would be waited for in vain. */
function withLessPatience(ticket: Ticket, now: Date): Ticket {
  const soon = addSeconds(now, patienceAfterEndSeconds).toISOString();
  return new Date(soon) < new Date(ticket.deadlineAt) ? { ...ticket, deadlineAt: soon } : ticket;
}

const patienceAfterEndSeconds = 5 * 60;

function afterReading(ticket: Ticket, connection: ConnectionView | undefined, now: Date): Step {
  const wanted = wantedStatus(ticket.effect);
  if (connection === undefined) {
    return wanted === undefined
      ? { kind: 'done', outcome: 'applied', reason: 'The connection is gone' }
      : { kind: 'done', outcome: 'superseded', reason: 'The connection went away' };
  }
  const patience = wait(ticket, pause(ticket), now);
  if (!isSettled(connection)) return patience;
  if (wanted !== undefined && hasStatus(connection, wanted)) return whenWanted(ticket, connection, wanted);
  if (endedBadly(connection)) {
    return {
      kind: 'failed',
      error: ticket.reportedError ?? `provisioningState is ${connection.provisioningState}`,
    };
  }
  if (ticket.reportedError !== undefined) return { kind: 'failed', error: ticket.reportedError };
  if (wanted === undefined || hasStatus(connection, ticket.statusBefore)) return patience;
  return { kind: 'done', outcome: 'superseded', reason: `Somebody else made it ${connection.status}` };
}

function whenWanted(ticket: Ticket, connection: ConnectionView, wanted: string): Step {
  if (endedBadly(connection)) {
    const error = `the status is ${wanted}, but provisioningState is ${connection.provisioningState}`;
    return { kind: 'failed', error };
  }
  if (isOurs(ticket, connection)) {
    return { kind: 'done', outcome: 'applied', reason: `The connection was read back as ${wanted}` };
  }
  const reason = `It is ${wanted}, but its description does not name this decision: somebody else's doing`;
  return { kind: 'done', outcome: 'superseded', reason };
}

/** A write that ARM never confirmed may not have left at all: then only the note in the description tells whose the status is. */
function isOurs({ confirmed, namedDecision }: Ticket, { message }: ConnectionView): boolean {
  return confirmed || namedDecision === undefined || namesDecision(message, namedDecision);
}

function endedBadly(connection: ConnectionView): boolean {
  const state = connection.provisioningState?.toLowerCase();
  return state === 'failed' || state === 'canceled';
}

function afterTrouble(ticket: Ticket, error: ArmError, now: Date): Step {
  if (error.code === 'ARM_THROTTLED') return afterNoLook(ticket, error, now);
  if (isTransient(error) || error.code === 'ARM_UNAUTHENTICATED') {
    return wait(ticket, pause(ticket, error.retryAfterSeconds), now, describeError(error));
  }
  // An operation behind a Location that ended badly answers with its error; the connection has the last word.
  if (ticket.phase === 'operation' && error.code === 'ARM_REFUSED') {
    return wait(proving({ ...ticket, reportedError: describeError(error) }), 0, now);
  }
  // An operation URL that cannot be read (a minimal role may not, or the provider forgot it) is not the truth:
  // the connection is.
  if (ticket.phase === 'operation') return wait(proving(ticket), pause(ticket), now, describeError(error));
  if (error.code === 'ARM_FORBIDDEN') return { kind: 'failed', error: describeError(error) };
  return wait(ticket, pause(ticket), now, describeError(error));
}

/** ARM let nobody look: that says nothing about the operation, so its deadline moves on with the wait. */
function afterNoLook(ticket: Ticket, error: ArmError, now: Date): Step {
  const delaySeconds = Math.min(pause(ticket, error.retryAfterSeconds), longestWaitSeconds);
  const late = addSeconds(now, delaySeconds + ticket.pollFloorSeconds).toISOString();
  const deadlineAt = new Date(late) > new Date(ticket.deadlineAt) ? late : ticket.deadlineAt;
  return wait({ ...ticket, deadlineAt }, delaySeconds, now, describeError(error));
}

function proving(ticket: Ticket): Ticket {
  return { ...ticket, phase: 'proof', operationUrl: undefined };
}

function pause(ticket: Ticket, retryAfterSeconds = 0): number {
  return Math.max(ticket.pollFloorSeconds, retryAfterSeconds);
}

/** A wait that would begin after the deadline is an end. What `Retry-After` asks for is honoured, up to a day. */
function wait(ticket: Ticket, delaySeconds: number, now: Date, trouble?: string): Step {
  if (now >= new Date(ticket.deadlineAt) && delaySeconds > 0) {
    return { kind: 'expired', error: trouble ?? ticket.reportedError ?? 'the deadline passed without proof' };
  }
  return { kind: 'wait', delaySeconds: Math.min(delaySeconds, longestWaitSeconds), ticket };
}

const longestWaitSeconds = 24 * 60 * 60;
