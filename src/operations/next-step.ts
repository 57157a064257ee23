import { addSeconds } from '../base/clock';
import { type ArmError, describeError, isTransient } from '../base/errors';
import type { OperationReport } from '../connections/connection-store';
import type { Ticket } from './operation';
import { hasEnded } from './pace/timing';
import { afterReading } from './proof/after-reading';
import { lagSeconds } from './proof/timeouts';
import {
  type ConnectionView,
  isOver,
  longestWaitSeconds,
  pause,
  type Reply,
  type Step,
  wait,
  waitWhileRunning,
} from './proof/step';

/**
 * Decides the next step after one reply. An operation ends as done only if the connection was read
 * again, because an operation URL or a status alone can be wrong. A connection counts as gone only
 * after two reads without it.
 * Pure.
 */
export function nextStep(ticket: Ticket, reply: Reply, now: Date): Step {
  return withWait(afterReply({ ...ticket, polls: ticket.polls + 1 }, reply, now));
}

function afterReply(polled: Ticket, reply: Reply, now: Date): Step {
  switch (reply.kind) {
    case 'operation':
      return afterReport(polled, reply.report, now);
    case 'connection':
      return afterReading(polled, reply.connection, now);
    case 'error':
      return handlePollError(polled, reply.error, now);
  }
}

/**
 * Returns the step that follows if the poll finds the operation running, and ARM asks for the same wait as at the last
 * one. Pure.
 */
export function ifRunning(
  ticket: Ticket,
  now: Date,
  retryAfterSeconds: number | undefined,
): Extract<Step, { kind: 'wait' }> {
  const polled = { ...ticket, polls: ticket.polls + 1 };
  const step = withWait(waitWhileRunning(polled, now, retryAfterSeconds));
  if (step.kind === 'wait') return step;
  return { kind: 'wait', delaySeconds: pause(ticket, retryAfterSeconds), ticket: polled };
}

/** Adds the wait to what the operation has waited so far. */
function withWait(step: Step): Step {
  const timing = step.kind === 'wait' ? step.ticket.timing : undefined;
  if (step.kind !== 'wait' || timing === undefined) return step;
  const waitedSeconds = timing.waitedSeconds + step.delaySeconds;
  return { ...step, ticket: { ...step.ticket, timing: { ...timing, waitedSeconds } } };
}

/**
 * Decides what a reading of the connection proves while its operation URL still reports progress.
 * Only the wanted result ends the operation: everything else may still be in progress.
 * @returns the step to take instead of `waiting`.
 */
export function afterGlance(
  waiting: Extract<Step, { kind: 'wait' }>,
  connection: ConnectionView | undefined,
  now: Date,
): Step {
  const step = afterReading(waiting.ticket, connection, now);
  if (step.kind === 'done' && step.outcome === 'applied') return step;
  const { missingSince, unknownSince } = step.kind === 'wait' ? step.ticket : {};
  return { ...waiting, ticket: { ...waiting.ticket, missingSince, unknownSince } };
}

const endedWords: ReadonlySet<string> = new Set(['succeeded', 'ready', 'completed']);
const failedWords: ReadonlySet<string> = new Set(['failed', 'canceled', 'cancelled', 'timedout']);
const runningWords: ReadonlySet<string> = new Set([
  'inprogress',
  'running',
  'accepted',
  'notstarted',
  'started',
  'creating',
  'updating',
  'deleting',
]);

function afterReport(ticket: Ticket, report: OperationReport, now: Date): Step {
  const status = report.status?.toLowerCase();
  if (status !== undefined && failedWords.has(status)) {
    const error = report.error
      ? `${report.error.code}: ${report.error.message}`
      : `the operation ended as ${report.status}`;
    return proveNow({ ...ticket, reportedError: error });
  }
  const ended = status === undefined ? report.httpStatus !== 202 : endedWords.has(status);
  if (ended) return proveNow(whenEnded(ticket, now));
  const operationUrl = report.nextUrl ?? ticket.operationUrl;
  const going = { ...ticket, operationUrl };
  // Before the operation expires, the connection is read once more.
  if (isOver(going, now)) return proveNow(going);
  const isKnown = status === undefined || runningWords.has(status);
  const glance = !isKnown || ticket.polls % glanceEvery === 0;
  const step = waitWhileRunning(going, now, report.retryAfterSeconds);
  return glance && step.kind === 'wait' ? { ...step, glance } : step;
}

/**
 * Some providers leave operation URLs at "running" after the work is done, so the connection is
 * read, too, every so many polls.
 */
const glanceEvery = 4;

/**
 * Notes the end and shortens the deadline. The effect of an ended operation shows soon or not at all,
 * so the rest of the deadline would be spent waiting in vain.
 */
function whenEnded(ticket: Ticket, now: Date): Ticket {
  const soon = addSeconds(now, deadlineAfterEndSeconds).toISOString();
  const answersBy = addSeconds(now, lagSeconds(ticket.pollFloorSeconds)).toISOString();
  const deadlineAt = new Date(soon) < new Date(ticket.deadlineAt) ? soon : ticket.deadlineAt;
  return { ...ticket, deadlineAt, answersBy, timing: ticket.timing && hasEnded(ticket.timing, now) };
}

const deadlineAfterEndSeconds = 5 * 60;

function handlePollError(ticket: Ticket, error: ArmError, now: Date): Step {
  if (error.code === 'ARM_THROTTLED') return whenThrottled(ticket, error, now);
  if (ticket.phase === 'operation') return whenUrlFails(ticket, error, now);
  return wait(ticket, pause(ticket, error.retryAfterSeconds), now, describeError(error));
}

/**
 * Continues after the operation URL failed. A URL from a `Location` header reports the error of an
 * operation that ended badly. A URL that cannot be read (a minimal role may not, or the provider
 * has forgotten it) proves nothing. In every case the connection is read before the operation ends,
 * at its deadline at the latest.
 */
function whenUrlFails(ticket: Ticket, error: ArmError, now: Date): Step {
  if (error.code === 'ARM_REFUSED') return proveNow({ ...ticket, reportedError: describeError(error) });
  if (isOver(ticket, now)) return proveNow(ticket);
  const isPassing = isTransient(error) || error.code === 'ARM_UNAUTHENTICATED';
  const next = isPassing ? ticket : proving(ticket);
  return wait(next, pause(next, isPassing ? error.retryAfterSeconds : 0), now, describeError(error));
}

/**
 * Waits after a throttled poll, which says nothing about the operation: the deadline is extended by
 * the wait, but for one day at most. After that the operation expires, and the next review reads
 * the connection.
 */
function whenThrottled(ticket: Ticket, error: ArmError, now: Date): Step {
  const delaySeconds = Math.min(pause(ticket, error.retryAfterSeconds), longestWaitSeconds);
  const throttledUntil =
    ticket.throttledUntil ?? addSeconds(new Date(ticket.deadlineAt), longestThrottledSeconds).toISOString();
  const late = addSeconds(now, delaySeconds + ticket.pollFloorSeconds).toISOString();
  const wanted = new Date(late) > new Date(ticket.deadlineAt) ? late : ticket.deadlineAt;
  const deadlineAt = new Date(wanted) > new Date(throttledUntil) ? throttledUntil : wanted;
  return wait({ ...ticket, deadlineAt, throttledUntil }, delaySeconds, now, describeError(error));
}

const longestThrottledSeconds = 24 * 60 * 60;

function proving(ticket: Ticket): Ticket {
  return { ...ticket, phase: 'proof', operationUrl: undefined };
}

function proveNow(ticket: Ticket): Step {
  return { kind: 'wait', delaySeconds: 0, ticket: proving(ticket) };
}
