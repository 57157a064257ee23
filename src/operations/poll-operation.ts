import type { Pace } from '../connections/pace';
import type { AuditLog } from '../audit/audit-log';
import { addSeconds, type Clock, isFromTheFuture, secondsUntil } from '../base/clock';
import { ArmError, describeError, isStorageError } from '../base/errors';
import type { Logger } from '../base/logger';
import type { ConnectionStore, OperationReader } from '../connections/connection-store';
import { parseConnectionId } from '../connections/resource-id';
import type { TargetType } from '../connections/target-type';
import type { Alarm, AlarmCall } from './alarm';
import { closeOperation, type End, operationRecord } from './end-operation';
import { afterGlance, nextStep } from './next-step';
import { isOpen, type Operation, type ConnectionState, type Ticket } from './operation';
import { type OperationStore, saveRow } from './operation-store';
import type { KnownDurations } from './pace/known-durations';
import { observationOf } from './pace/timing';
import type { Reply, Step } from './proof/step';
import { backoffSeconds } from './retry';

/** The ports of `createPollOperation`. */
export interface PollPorts {
  readonly operations: OperationStore;
  readonly connections: ConnectionStore;
  readonly operationReader: OperationReader;
  readonly audit: AuditLog;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pace: Pace;
  readonly durations: Pick<KnownDurations, 'learn'>;
  /**
   * Queues a review of the connection's target: an operation has ended, and others may be waiting
   * for their turn.
   */
  readonly onEnd: (operation: Operation) => Promise<void>;
}

/** Polls one operation once. */
export type PollOperation = (call: AlarmCall) => Promise<void>;

/**
 * Creates the poller of operations. Each call reads the operation URL, the connection or both, and
 * then sets the next alarm or ends the operation. Calls are safe to run twice, early, late and at
 * the same time as another one. While storage is unavailable, the call is queued again with a
 * growing delay.
 * @throws (the returned function) a storage error only if the queue is unavailable, too; the
 *   message then stays in its queue. All other errors are thrown as they are.
 */
export function createPollOperation(ports: PollPorts): PollOperation {
  return async (call) => {
    try {
      await answer(ports, call);
    } catch (error) {
      if (!isStorageError(error)) throw error;
      await pollLater(ports, call, error);
    }
  };
}

async function answer(ports: PollPorts, call: AlarmCall): Promise<void> {
  const connectionState = await ports.operations.get(parseConnectionId(call.connectionId));
  const operation = connectionState?.operation;
  if (connectionState === undefined || operation?.id !== call.operationId) return;
  if (isOpen(operation) && operation.ending !== undefined) {
    return finish(ports, { connectionState, operation }, operation.ending);
  }
  // A planned operation has no alarm: this one belongs to a write that was postponed.
  if (operation.state === 'planned') return;
  if (operation.state !== 'running' || operation.ticket === undefined) return ports.onEnd(operation);
  if (call.poll < operation.ticket.polls) return;
  const early = secondsUntil(ports.clock.now(), new Date(operation.dueAt ?? 0)) - earlySeconds;
  if (early > 0 && !isFromTheFuture(operation.startedAt, ports.clock.now()))
    return ports.alarm.ring(call, early);
  await poll(ports, { connectionState, operation, ticket: operation.ticket, call });
}

/**
 * Queues the call again with a delay. Otherwise five quick deliveries would make the message
 * poison. If the queue is unavailable, too, the message stays where it is.
 */
async function pollLater(ports: PollPorts, call: AlarmCall, error: unknown): Promise<void> {
  const { attempt = 0 } = call;
  const wait = backoffSeconds(attempt, ports.pace.backoffSeconds, longestBackoffSeconds);
  ports.logger.warn(`${call.operationId}: polled again in ${wait} s. ${describeError(error)}`);
  await ports.alarm.ring({ ...call, attempt: attempt + 1 }, wait);
}

const longestBackoffSeconds = 5 * 60;

/** A message may be delivered this much early without being queued again. */
const earlySeconds = 1;

interface PollContext {
  readonly connectionState: ConnectionState;
  readonly operation: Operation;
  readonly ticket: Ticket;
  readonly call: AlarmCall;
}

async function poll(ports: PollPorts, context: PollContext): Promise<void> {
  const first = await readAndDecide(ports, context, context.ticket);
  // When the operation URL reports the end, the proof follows at once, without a pause.
  const proofNow =
    first.step.kind === 'wait' && first.step.delaySeconds === 0 ? first.step.ticket : undefined;
  const { step, httpStatus } = proofNow ? await readAndDecide(ports, context, proofNow) : first;
  const lastHttpStatus = httpStatus ?? first.httpStatus ?? context.operation.lastHttpStatus;
  const operation = { ...context.operation, lastHttpStatus };
  if (step.kind === 'wait') return waitOn(ports, { ...context, operation }, step);
  const ticket = { ...(proofNow ?? context.ticket), polls: (proofNow ?? context.ticket).polls + 1 };
  await finish(ports, { ...context, operation: { ...operation, ticket } }, endOf(step, ticket));
}

async function readAndDecide(
  ports: PollPorts,
  context: PollContext,
  ticket: Ticket,
): Promise<{ step: Step; httpStatus: number | undefined }> {
  const reply = await readReply(ports, context, ticket);
  const step = nextStep(ticket, reply, ports.clock.now());
  const httpStatus = httpStatusOf(reply);
  if (step.kind !== 'wait' || step.glance !== true) return { step, httpStatus };
  const poll = await readConnection(ports, context);
  if (poll.kind !== 'connection') return { step, httpStatus };
  return { step: afterGlance(step, poll.connection, ports.clock.now()), httpStatus };
}

async function readReply(ports: PollPorts, context: PollContext, ticket: Ticket): Promise<Reply> {
  const { operationUrl } = ticket;
  if (operationUrl === undefined) return readConnection(ports, context);
  return orArmError(async () => ({
    kind: 'operation',
    report: await ports.operationReader.read(operationUrl),
  }));
}

function readConnection({ connections }: PollPorts, { connectionState }: PollContext): Promise<Reply> {
  return orArmError(async () => ({
    kind: 'connection',
    connection: await connections.get(connectionState.connection),
  }));
}

async function orArmError(read: () => Promise<Reply>): Promise<Reply> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArmError) return { kind: 'error', error };
    throw error;
  }
}

function httpStatusOf(reply: Reply): number | undefined {
  switch (reply.kind) {
    case 'operation':
      return reply.report.httpStatus;
    case 'connection':
      return reply.connection === undefined ? 404 : 200;
    case 'error':
      return reply.error.httpStatus;
  }
}

/**
 * Schedules the next poll. The alarm is set before the row is written: if the process dies in
 * between, the current message is redelivered and polls once more. In the other order, a process
 * that dies would leave a row that nothing polls.
 */
async function waitOn(
  ports: PollPorts,
  context: PollContext,
  step: Extract<Step, { kind: 'wait' }>,
): Promise<void> {
  const { operation, connectionState, call } = context;
  const now = ports.clock.now();
  await ports.alarm.ring({ ...call, poll: step.ticket.polls, attempt: undefined }, step.delaySeconds);
  const dueAt = addSeconds(now, step.delaySeconds).toISOString();
  const waiting = { ...operation, ticket: step.ticket, dueAt };
  const row = { ...connectionState, operation: waiting };
  if ((await saveRow(ports.operations, row, overtaken(ports, operation))) === undefined) return;
  ports.audit.note([
    {
      ...operationRecord(waiting, 'polled', now, `Not done yet; next poll in ${step.delaySeconds} s`),
      id: `${operation.id}|polled|${step.ticket.polls}`,
    },
  ]);
}

async function finish(
  ports: PollPorts,
  { connectionState, operation }: Pick<PollContext, 'connectionState' | 'operation'>,
  end: End,
): Promise<void> {
  const whenOvertaken = overtaken(ports, operation);
  const ended = await closeOperation(ports, { row: connectionState, operation, end, whenOvertaken });
  if (ended === undefined) return;
  await ports.onEnd(ended);
  await learnFrom(ports, connectionState.connection.target.type, ended);
}

/** Learns how long a write took. Only applied writes count: how long others went on says nothing. */
async function learnFrom(
  { durations, clock }: PollPorts,
  type: TargetType,
  { id, effect, state, ticket }: Operation,
): Promise<void> {
  if (state !== 'applied' || ticket?.timing === undefined) return;
  const { timing } = ticket;
  const observation = observationOf(timing, clock.now());
  await durations.learn({
    kind: { type, effect },
    operationId: id,
    durations: timing.durations,
    observation,
  });
}

/** Logs that another process has changed the row and continues the operation. */
function overtaken({ logger }: PollPorts, { id }: Operation): () => void {
  return () => logger.info(`${id}: another process polled it at the same time`);
}

function endOf(step: Exclude<Step, { kind: 'wait' }>, ticket: Ticket): End {
  switch (step.kind) {
    case 'done':
      return {
        state: step.outcome,
        reason: step.reason,
        ...(step.outcome === 'unproven' ? { error: step.reason } : {}),
        seen: step.seen,
      };
    case 'failed':
      return { state: 'failed', reason: 'Azure did not carry out the write', error: step.error };
    case 'expired':
      return {
        state: 'expired',
        reason: 'The deadline passed without proof',
        error: step.error,
        unconfirmed: !ticket.confirmed,
        undone: step.undone,
      };
  }
}
