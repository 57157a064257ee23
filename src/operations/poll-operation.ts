import type { Pace } from '../connections/pace';
import type { AuditLog } from '../audit/audit-log';
import { addSeconds, isFromTheFuture, secondsUntil } from '../base/clock';
import { describeError, isStorageError } from '../base/errors';
import type { Logger } from '../base/logger';
import { parseConnectionId } from '../connections/resource-id';
import type { TargetType } from '../connections/target-type';
import type { Alarm, AlarmCall } from './alarm';
import { closeOperation, type End, endOf, operationRecord } from './end-operation';
import { afterGlance, nextStep } from './next-step';
import { isOpen, isUnconfirmed, type Operation, type ConnectionState, type Ticket } from './operation';
import { type OperationStore, saveRow } from './operation-store';
import type { KnownDurations } from './pace/known-durations';
import { observationOf } from './pace/timing';
import { isSafe, nextCall, type NextAlarm, type PollCall, type Polled, underAlarm } from './poll/next-alarm';
import { readConnection, type Reading, type ReadPorts, readReply } from './poll/read-connection';
import { pause, type Reply, type Step, wait } from './proof/step';
import { backoffSeconds } from './retry';

/** The ports of `createPollOperation`. */
export interface PollPorts extends ReadPorts {
  readonly operations: OperationStore;
  readonly audit: AuditLog;
  readonly alarm: Alarm;
  readonly logger: Logger;
  readonly pace: Pace;
  readonly durations: Pick<KnownDurations, 'learn'>;
  /**
   * Reviews the connection's target, or queues a review: an operation has ended, and others, or hints,
   * may be waiting for that. `reading`: what the target's connections were when the end was proven.
   */
  readonly onEnd: (operation: Operation, reading?: Reading) => Promise<void>;
}

/**
 * Polls one operation once. `deliveries`: how many times the queue has delivered the call, 1 at first.
 */
export type PollOperation = (call: AlarmCall, deliveries?: number) => Promise<void>;

/**
 * Creates the poller of operations. Each call sets the next alarm, reads the operation URL, the
 * connection or both, and then leaves the alarm for the next poll, or ends the operation and removes
 * it. The next alarm is set first so that it also stands for this poll if the process dies. Calls are
 * safe to run twice, early, late and at the same time as another one. While storage is unavailable,
 * the call is queued again with a growing delay.
 * @throws (the returned function) a storage error only if the queue is unavailable, too; the
 *   message then stays in its queue. All other errors are thrown as they are.
 */
export function createPollOperation(ports: PollPorts): PollOperation {
  return async (call, deliveries = 1) => {
    try {
      await answer(ports, call, deliveries);
    } catch (error) {
      if (!isStorageError(error)) throw error;
      await pollLater(ports, call, error);
    }
  };
}

async function answer(ports: PollPorts, call: AlarmCall, deliveries: number): Promise<void> {
  const connectionState = await ports.operations.get(parseConnectionId(call.connectionId));
  const operation = connectionState?.operation;
  if (connectionState === undefined || operation?.id !== call.operationId) return;
  if (isOpen(operation) && operation.ending !== undefined) {
    const { ending } = operation;
    const ended = { connectionState, operation };
    const { ticket } = operation;
    if (ticket === undefined) return void (await finish(ports, ended, { end: ending }));
    return underAlarm(ports, { operation, ticket, call, isSafe: isSafe(call, deliveries) }, () =>
      finish(ports, ended, { end: ending }),
    );
  }
  // A planned operation has no alarm: this one belongs to a write that was postponed.
  if (operation.state === 'planned') return;
  if (operation.state !== 'running' || operation.ticket === undefined) return ports.onEnd(operation);
  const { ticket } = operation;
  if (call.poll < ticket.polls) return;
  await tell(ports, operation);
  const isRenewed = call.isRenewed === true || deliveries > 1;
  if (!isRenewed && (call.alarm ?? 0) !== (ticket.alarm ?? 0)) return;
  const early = secondsUntil(ports.clock.now(), new Date(operation.dueAt ?? 0)) - earlySeconds;
  if (early > 0 && !isFromTheFuture(operation.startedAt, ports.clock.now()))
    return void (await ports.alarm.ring(call, early));
  const polls = Math.max(ticket.polls, call.poll);
  const context = {
    connectionState,
    operation: { ...operation, untold: undefined },
    ticket: { ...ticket, polls, timing: timingAt(call, ticket) },
    call,
    isSafe: isSafe(call, deliveries),
  };
  const alone = isRenewed ? await replaceAlarms(ports, context) : context;
  if (alone === undefined) return;
  await underAlarm(ports, alone, (next) => poll(ports, alone, next));
}

/**
 * Makes all other alarms of the operation void: this call was delivered again, or replaces one that was lost, and the
 * other one may still be there.
 */
async function replaceAlarms(ports: PollPorts, context: PollContext): Promise<PollContext | undefined> {
  const ticket = { ...context.ticket, alarm: (context.ticket.alarm ?? 0) + 1 };
  const operation = { ...context.operation, ticket };
  const row = { ...context.connectionState, operation };
  const connectionState = await saveRow(ports.operations, row, overtaken(ports, operation));
  if (connectionState !== undefined) return { ...context, connectionState, operation, ticket };
  await ports.alarm.ring({ ...context.call, isRenewed: true }, earlySeconds);
  return undefined;
}

/**
 * Records what the ledger may not have yet: the process that began the write may have died before it did.
 */
async function tell({ audit }: PollPorts, { untold = [] }: Operation): Promise<void> {
  await audit.record(untold);
}

/**
 * Queues the call again with a delay. Otherwise five quick deliveries would make the message
 * poison. If the queue is unavailable, too, the message stays where it is.
 */
async function pollLater(ports: PollPorts, call: AlarmCall, error: unknown): Promise<void> {
  const { attempt = 0 } = call;
  const wait = backoffSeconds(attempt, ports.pace.backoffSeconds, longestBackoffSeconds);
  ports.logger.warn(`${call.operationId}: polled again in ${wait} s. ${describeError(error)}`);
  // The alarm of the next poll may have been set, although nobody told so.
  await ports.alarm.ring({ ...call, isRenewed: true, attempt: attempt + 1 }, wait);
}

const longestBackoffSeconds = 5 * 60;

/** A message may be delivered this much early without being queued again. */
const earlySeconds = 1;

interface PollContext extends PollCall {
  readonly connectionState: ConnectionState;
}

async function poll(ports: PollPorts, context: PollContext, next: NextAlarm | undefined): Promise<Polled> {
  const first = await readAndDecide(ports, context, context.ticket);
  // When the operation URL reports the end, the proof follows at once, without a pause.
  const proofNow =
    first.step.kind === 'wait' && first.step.delaySeconds === 0 ? first.step.ticket : undefined;
  const last = proofNow ? await readAndDecide(ports, context, proofNow) : first;
  const { httpStatus, reading } = last;
  const step = believed(last.step, context, ports.clock.now());
  const lastHttpStatus = httpStatus ?? first.httpStatus ?? context.operation.lastHttpStatus;
  const operation = { ...context.operation, lastHttpStatus };
  if (step.kind === 'wait') return waitOn(ports, { ...context, operation }, { step, next });
  const ticket = { ...(proofNow ?? context.ticket), polls: (proofNow ?? context.ticket).polls + 1 };
  return finish(
    ports,
    { ...context, operation: { ...operation, ticket } },
    { end: endOf(step, ticket), reading },
  );
}

/**
 * The most seconds from the start of a write until it has reached Azure, or never will: longer than its request may
 * take, because a request may go on after its sender has given it up.
 */
const arrivalSeconds = 60;

/**
 * Does not believe the failure of a write that ARM never confirmed while the write may still be on its way: the bad state may
 * be that of an earlier attempt. If it were believed, the next write would leave, and meet this one.
 */
function believed(step: Step, { operation, ticket }: PollContext, now: Date): Step {
  if (ticket.confirmed || step.kind !== 'failed') return step;
  const left = arrivalSeconds - secondsUntil(new Date(operation.startedAt ?? 0), now);
  if (left <= 0) return step;
  const delaySeconds = Math.min(arrivalSeconds, Math.max(pause(ticket), Math.ceil(left)));
  return wait({ ...ticket, polls: ticket.polls + 1 }, delaySeconds, now);
}

async function readAndDecide(
  ports: PollPorts,
  context: PollContext,
  ticket: Ticket,
): Promise<{ step: Step; httpStatus: number | undefined; reading?: Reading | undefined }> {
  const { reply, reading } = await readReply(ports, context, ticket);
  const step = nextStep(ticket, reply, ports.clock.now());
  const httpStatus = httpStatusOf(reply);
  if (step.kind !== 'wait' || step.glance !== true) return { step, httpStatus, reading };
  const glance = await readConnection(ports, context);
  if (glance.reply.kind !== 'connection') return { step, httpStatus };
  const seen = afterGlance(step, glance.reply.connection, ports.clock.now());
  return { step: seen, httpStatus, reading: glance.reading };
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
 * Leaves the operation to the next poll, whose alarm has been set. The row is only saved if the next poll must know
 * more than the alarm tells it, or if the operation would soon look as if its alarm were lost.
 */
async function waitOn(
  ports: PollPorts,
  context: PollContext,
  { step, next }: { readonly step: Extract<Step, { kind: 'wait' }>; readonly next: NextAlarm | undefined },
): Promise<Polled> {
  const { operation, connectionState, ticket, call } = context;
  const now = ports.clock.now();
  const { delaySeconds } = step;
  const following = nextCall(call, operation);
  const isMoved = next !== undefined && Math.abs(delaySeconds - next.seconds) >= 1;
  const { waitedSeconds, runningAt } = step.ticket.timing ?? {};
  if (next === undefined) await ports.alarm.ring({ ...following, waitedSeconds, runningAt }, delaySeconds);
  else if (isMoved) await next.message.hide(delaySeconds);
  const dueAt = addSeconds(now, delaySeconds);
  // A poll that read twice counts once: otherwise its next alarm would be void.
  const waiting = {
    ...operation,
    ticket: { ...step.ticket, polls: following.poll },
    dueAt: dueAt.toISOString(),
  };
  const isKnown = !isMoved && !isNews(step.ticket, ticket) && !isUnconfirmed(operation);
  if (!isKnown || looksLost(operation, dueAt, ports.pace)) {
    const row = { ...connectionState, operation: waiting };
    if ((await saveRow(ports.operations, row, overtaken(ports, operation))) === undefined) return 'goes on';
  }
  ports.audit.note([
    {
      ...operationRecord(waiting, 'polled', now, `Not done yet; next poll in ${step.delaySeconds} s`),
      id: `${operation.id}|polled|${following.poll}`,
    },
  ]);
  return 'goes on';
}

/** Tells whether a poll has learned more than that time has passed. */
function isNews(after: Ticket, before: Ticket): boolean {
  return withoutTime(after) !== withoutTime(before);
}

function withoutTime({ timing, ...ticket }: Ticket): string {
  const { durations, endedAt } = timing ?? {};
  return JSON.stringify({ ...ticket, polls: 0, timing: [durations, endedAt] });
}

/** Returns what is known of the operation's duration: the alarm tells what the row may not. */
function timingAt({ waitedSeconds = 0, runningAt = 0 }: AlarmCall, { timing }: Ticket): Ticket['timing'] {
  if (timing === undefined || waitedSeconds <= timing.waitedSeconds) return timing;
  return { ...timing, waitedSeconds, runningAt: Math.max(runningAt, timing.runningAt) };
}

/** Tells whether the row, if it is not saved, would look as if its alarm were lost before the next poll or soon after. */
function looksLost({ dueAt }: Operation, nextAt: Date, { overdueSeconds }: Pace): boolean {
  return addSeconds(new Date(dueAt ?? 0), overdueSeconds / 2) < nextAt;
}

async function finish(
  ports: PollPorts,
  { connectionState, operation }: Pick<PollContext, 'connectionState' | 'operation'>,
  { end, reading }: { readonly end: End; readonly reading?: Reading | undefined },
): Promise<Polled> {
  const whenOvertaken = overtaken(ports, operation);
  const ended = await closeOperation(ports, { row: connectionState, operation, end, whenOvertaken });
  if (ended !== undefined) {
    await ports.onEnd(ended, reading);
    await learnFrom(ports, connectionState.connection.target.type, ended);
    return 'ended';
  }
  const row = await ports.operations.get(connectionState.connection);
  if (row?.operation === undefined || !hasOnlyBecomeAwaited(row.operation, operation)) return 'goes on';
  return finish(ports, { connectionState: row, operation: { ...operation, isAwaited: true } }, { end });
}

/** Tells whether a hint has begun to wait for the operation since it was read, and nothing else has happened to it. */
function hasOnlyBecomeAwaited(now: Operation, before: Operation): boolean {
  const isSame = now.id === before.id && now.ticket?.alarm === before.ticket?.alarm;
  const isStillOpen = now.state === 'running' && now.ending === undefined;
  return isSame && isStillOpen && now.isAwaited === true && before.isAwaited !== true;
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
