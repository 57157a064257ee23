import type { AuditLog } from '../audit/audit-log';
import { addSeconds, type Clock } from '../base/clock';
import { ArmError, describeError, hasCode } from '../base/errors';
import type { Logger } from '../base/logger';
import type { ConnectionStore, Fence } from '../connections/connection-store';
import type { Pace } from '../connections/pace';
import { profileOf } from '../connections/target-type';
import type { Alarm } from './alarm';
import { namesDecision } from './description';
import { closeOperation, type End, operationRecord } from './end-operation';
import type { Operation, ConnectionState, Ticket } from './operation';
import { type OperationStore, saveRow } from './operation-store';
import type { KnownDurations } from './pace/known-durations';
import { firstWaitSeconds } from './pace/timing';
import { absenceSeconds } from './proof/timeouts';
import { descriptionsFor, isAboutDescription } from './write/description-of-write';
import { type Accepted, firstTicket, showsNewStatusAtOnce } from './write/first-ticket';
import { withWrite } from './write/write-spacing';
import type { Planned } from './write/planned';
import { mayBeProven, proofAtOnce } from './write/proof-at-once';

/** The ports of `sendWrite`. */
export interface SendWritePorts {
  readonly connections: ConnectionStore;
  readonly operations: OperationStore;
  readonly alarm: Alarm;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly scheduleRetry: ScheduleRetry;
  readonly pace: Pace;
  readonly durations: Pick<KnownDurations, 'likely'>;
}

/** Queues a review for the time from which an operation that ended badly may be tried again. */
export type ScheduleRetry = (ended: Operation) => Promise<void>;

/** The result of `sendWrite`. */
export type SendResult =
  /** The write was sent and the alarm is set. Nothing else may be written to this target. */
  | { readonly kind: 'running' }
  /** The operation ended at once; the next one may begin. */
  | { readonly kind: 'ended' }
  /** Nothing was sent: the lease was lost, or the last read of the connection is too old. */
  | { readonly kind: 'lost' }
  /**
   * Nothing was done: ARM is throttled, busy or rejects the identity. `connectionState` is the row
   * to save, planned again, with its due time.
   */
  | {
      readonly kind: 'later';
      readonly connectionState: ConnectionState & { readonly operation: Operation };
      readonly retryAfterSeconds: number | undefined;
      readonly problem: string;
    };

/**
 * Sends one planned operation's write, at most once per attempt: the row says that the write may
 * have been sent before it is. If the process dies in between, the next process reads the
 * connection instead of sending the write again. An operation that is `running` has been begun by this review: its row
 * says so already.
 * @throws PosternError STORE_CONFLICT, LEDGER_UNAVAILABLE, STORE_UNAVAILABLE
 */
export async function sendWrite(ports: SendWritePorts, planned: Planned, fence: Fence): Promise<SendResult> {
  const { operation } = planned;
  if (operation.ending !== undefined) return finish(ports, planned, operation.ending);
  const descriptions = descriptionsFor(planned);
  if (operation.state === 'running') return send(ports, planned, { descriptions, fence });
  const begun = await begin(ports, counted(planned, ports.clock.now()), descriptions[0]);
  return send(ports, begun, { descriptions, fence });
}

/**
 * Returns the row of a planned operation as it is once the write may have been sent. What it has not told the ledger yet
 * it still has to tell.
 */
export function begunRow(ports: Pick<SendWritePorts, 'clock' | 'pace'>, planned: Planned): ConnectionState {
  const [description] = descriptionsFor(planned);
  return withBegun(ports, counted(planned, ports.clock.now()), description);
}

/**
 * Puts back an operation that this review has begun: its write was not sent, and is sent later. Never throws: if the row
 * cannot be stored, the connection is read to find out whether the write was sent.
 */
export async function putBack(
  { operations, logger }: Pick<SendWritePorts, 'operations'> & { readonly logger: Logger },
  begun: Planned,
): Promise<void> {
  const back = plannedAgain(begun);
  try {
    await operations.save(back.connection.target, [back]);
  } catch (error) {
    logger.warn(
      `${begun.operation.id} was not sent, and could not be planned again. ${describeError(error)}`,
    );
  }
}

/**
 * Counts the write for write spacing. Retries are not counted, because they have their own delays.
 */
function counted(planned: Planned, now: Date): Planned {
  if (planned.operation.attempt > 1) return planned;
  const writes = withWrite(planned.connectionState.writes, now);
  return { ...planned, connectionState: { ...planned.connectionState, writes } };
}

interface Sending {
  /** The descriptions that may be sent, the best first; never empty. */
  readonly descriptions: readonly [string, ...string[]];
  readonly fence: Fence;
}

async function send(ports: SendWritePorts, begun: Planned, sending: Sending): Promise<SendResult> {
  const { descriptions, fence } = sending;
  const [description, next, ...others] = descriptions;
  const kind = { type: begun.connection.id.target.type, effect: begun.operation.effect };
  // Read meanwhile, so that the write does not wait for it. Never fails.
  const durations = ports.durations.likely(kind);
  const { connection, operation } = begun;
  try {
    const write = { connection, effect: operation.effect, description };
    const reply = await ports.connections.write(write, fence);
    return reply.kind === 'gone'
      ? await whenGone(ports, begun, reply.httpStatus)
      : await watch(ports, begun, { reply, durations: await durations });
  } catch (error) {
    // Azure did nothing, and the approval matters more than the note.
    if (next !== undefined && isAboutDescription(error)) {
      const again = await begin(ports, begun, next);
      return send(ports, again, { descriptions: [next, ...others], fence });
    }
    return handleWriteError(ports, begun, error);
  }
}

/**
 * The most seconds from the start of a write to its reply. Until then no other process needs to
 * poll. If the process dies, the message is redelivered later than this, and its next receiver must
 * poll at once, because no other process does.
 */
const replySeconds = 30;

async function begin(ports: SendWritePorts, planned: Planned, description: string): Promise<Planned> {
  const { operation, ...row } = withBegun(ports, planned, description);
  // By now the ledger has every pending record: nothing is written that it does not know of.
  return { ...planned, ...(await save(ports, { ...row, operation: { ...operation, untold: undefined } })) };
}

function withBegun(
  ports: Pick<SendWritePorts, 'clock' | 'pace'>,
  planned: Planned,
  description: string,
): ConnectionState & { readonly operation: Operation } {
  const now = ports.clock.now();
  const { decisionId } = planned.operation;
  const ticket = firstTicket(ports, planned, undefined);
  const namedDecision = namesDecision(description, decisionId) ? decisionId : undefined;
  const operation: Operation = {
    ...planned.operation,
    state: 'running',
    startedAt: now.toISOString(),
    ticket: { ...ticket, namedDecision },
    dueAt: addSeconds(now, replySeconds).toISOString(),
    // Rows of version 0.1.0 do not tell.
    isAwaited: planned.operation.isAwaited ?? false,
  };
  const { approval } = planned.connectionState;
  const { endpointKey } = ticket;
  const ours =
    operation.effect === 'approve' && approval ? { approval: { ...approval, decisionId, endpointKey } } : {};
  return { ...planned.connectionState, ...ours, operation };
}

async function save(
  { operations }: SendWritePorts,
  row: ConnectionState & { readonly operation: Operation },
): Promise<Pick<Planned, 'connectionState' | 'operation'>> {
  return { connectionState: (await saveRow(operations, row)) ?? row, operation: row.operation };
}

/** Schedules a second read. One answer that the connection is gone proves nothing. */
async function whenGone(ports: SendWritePorts, planned: Planned, httpStatus: number): Promise<SendResult> {
  const ticket = {
    ...firstTicket(ports, planned, undefined),
    missingSince: ports.clock.now().toISOString(),
  };
  const delaySeconds = absenceSeconds(ticket.pollFloorSeconds);
  const note = `ARM answered ${httpStatus}: the connection is gone if the next poll does not find it either`;
  return run(ports, planned, { ticket, delaySeconds, httpStatus, note });
}

async function watch(
  ports: SendWritePorts,
  planned: Planned,
  { reply, durations }: { readonly reply: Accepted; readonly durations: readonly number[] },
): Promise<SendResult> {
  const isFinal = reply.operationUrl === undefined && (reply.httpStatus === 200 || reply.httpStatus === 204);
  const answersLater = showsNewStatusAtOnce(planned);
  const { type } = planned.connectionState.connection.target;
  const gapSeconds = Math.max(ports.pace.firstPollSeconds(type), reply.retryAfterSeconds ?? 0);
  const delaySeconds = isFinal && !answersLater ? 1 : firstWaitSeconds(durations, gapSeconds);
  // A disk access answers so without doing anything if the status is already as wanted: somebody
  // else has set it.
  const { acceptsWithoutEffect } = profileOf(type);
  const didNothing =
    isFinal && reply.httpStatus === 200 && acceptsWithoutEffect && planned.operation.effect !== 'delete';
  const { startedAt = ports.clock.now().toISOString() } = planned.operation;
  const timing = { sentAt: startedAt, durations, waitedSeconds: delaySeconds, runningAt: 0 };
  const ticket = {
    ...firstTicket(ports, planned, reply),
    ...(didNothing ? { confirmed: false } : { timing }),
  };
  if (mayBeProven(reply, planned.operation, delaySeconds)) {
    const end = await proofAtOnce(ports, planned, ticket);
    if (end !== undefined) {
      const operation = { ...planned.operation, ticket: { ...ticket, polls: 1 }, lastHttpStatus: 200 };
      return finish(ports, { ...planned, operation }, end);
    }
  }
  const { httpStatus, retryAfterSeconds } = reply;
  return run(ports, planned, { ticket, delaySeconds, httpStatus, retryAfterSeconds, note: noteOf(reply) });
}

async function handleWriteError(
  ports: SendWritePorts,
  planned: Planned,
  error: unknown,
): Promise<SendResult> {
  if (hasCode(error, 'LEASE_LOST', 'READING_STALE')) {
    const back = plannedAgain(planned);
    await ports.operations.save(back.connection.target, [back]);
    return { kind: 'lost' };
  }
  if (!(error instanceof ArmError)) throw error;
  switch (error.code) {
    case 'ARM_THROTTLED':
    case 'ARM_CONFLICT':
    // Nothing was done, and nothing is wrong with the write: the identity, or its token, is
    // unavailable.
    case 'ARM_UNAUTHENTICATED':
      return {
        kind: 'later',
        connectionState: plannedAgain(planned),
        retryAfterSeconds: error.retryAfterSeconds,
        problem: describeError(error),
      };
    case 'ARM_UNAVAILABLE':
    case 'ARM_UNREACHABLE':
    case 'ARM_UNREADABLE': {
      const ticket = firstTicket(ports, planned, undefined);
      const delaySeconds = Math.max(ticket.pollFloorSeconds, error.retryAfterSeconds ?? 0);
      const note = `No definite answer; the next poll reads the connection. ${describeError(error)}`;
      return run(ports, planned, { ticket, delaySeconds, httpStatus: error.httpStatus, note });
    }
    case 'ARM_FORBIDDEN':
    case 'ARM_FOREIGN_TENANT':
    case 'ARM_REFUSED':
    case 'ARM_NOT_FOUND':
    case 'ARM_UNTRUSTED_URL': {
      const operation = { ...planned.operation, lastHttpStatus: error.httpStatus };
      const end: End = { state: 'failed', reason: 'Azure refused the write', error: describeError(error) };
      return finish(ports, { ...planned, operation }, end);
    }
  }
}

/**
 * Returns the row with the operation planned again: the write was not sent, or was rejected without
 * effect, so this attempt is still to be made.
 */
function plannedAgain({
  connectionState,
  operation,
}: Planned): ConnectionState & { readonly operation: Operation } {
  const planned = { ...operation, state: 'planned', ticket: undefined, startedAt: undefined } as const;
  return { ...connectionState, operation: { ...planned, dueAt: operation.plannedAt } };
}

interface Running {
  readonly ticket: Ticket;
  readonly delaySeconds: number;
  readonly httpStatus: number | undefined;
  /** The wait that ARM asks for; absent if it asks for none. */
  readonly retryAfterSeconds?: number | undefined;
  readonly note: string;
}

/**
 * Saves the running operation, after setting its alarm: if the process dies in between, the poll
 * finds a write that may have been sent, and reads the connection.
 */
async function run(ports: SendWritePorts, planned: Planned, running: Running): Promise<SendResult> {
  const { ticket, delaySeconds, httpStatus } = running;
  const now = ports.clock.now();
  const operation: Operation = {
    ...planned.operation,
    ticket,
    lastHttpStatus: httpStatus,
    dueAt: addSeconds(now, delaySeconds).toISOString(),
  };
  const { traceId } = operation.decided;
  const { retryAfterSeconds } = running;
  await ports.alarm.ring(
    {
      version: 1,
      connectionId: planned.connection.id.id,
      operationId: operation.id,
      poll: 0,
      retryAfterSeconds,
      traceId,
    },
    delaySeconds,
  );
  await save(ports, { ...planned.connectionState, operation });
  ports.audit.note([operationRecord(operation, 'requested', now, running.note)]);
  return { kind: 'running' };
}

/**
 * Ends an operation that Azure refused. The retry is scheduled before the row is stored, because
 * nothing resumes an ended operation.
 */
async function finish(
  ports: SendWritePorts,
  { connectionState: row, operation }: Planned,
  end: End,
): Promise<SendResult> {
  await closeOperation(ports, { row, operation, end, beforeStore: ports.scheduleRetry });
  return { kind: 'ended' };
}

function noteOf(reply: Accepted): string {
  const refused =
    reply.refusedUrl === undefined ? '' : '; its operation URL is outside ARM and was not called';
  return `ARM answered ${reply.httpStatus}${refused}`;
}
