import type { Clock } from '../../base/clock';
import type { HiddenMessage } from '../../base/hidden-message';
import type { Alarm, AlarmCall } from '../alarm';
import { ifRunning } from '../next-step';
import type { Operation, Ticket } from '../operation';

/** Whether the operation has ended, or the next poll goes on. */
export type Polled = 'ended' | 'goes on';

/** The alarm of the next poll, which has been set. */
export interface NextAlarm {
  readonly message: HiddenMessage;
  /** When it rings, in seconds from when it was set. */
  readonly seconds: number;
}

/** The call of a poll, and the operation that it is about. */
export interface PollCall {
  readonly operation: Operation;
  readonly ticket: Ticket;
  readonly call: AlarmCall;
  /** Whether the next alarm may be set before the work. */
  readonly isSafe: boolean;
}

/**
 * Sets the next alarm, does the work, and removes the alarm unless the work leaves it for the next poll. If the process
 * dies in between, the alarm rings. The first poll, which most often is the last, sets none: if its process dies, the queue
 * delivers the call again. Nor does a call that may itself be what ends processes: it would multiply.
 */
export async function underAlarm(
  ports: { readonly alarm: Alarm; readonly clock: Clock },
  { operation, ticket, call, isSafe }: PollCall,
  work: (next: NextAlarm | undefined) => Promise<Polled>,
): Promise<void> {
  if (!isSafe) return void (await work(undefined));
  const next = ifRunning(ticket, ports.clock.now(), call.retryAfterSeconds);
  const { waitedSeconds, runningAt } = next.ticket.timing ?? {};
  const seconds = next.delaySeconds;
  const following = { ...nextCall(call, operation), early: (call.early ?? 0) + 1, waitedSeconds, runningAt };
  const message = await ports.alarm.ring(following, seconds);
  let polled: Polled;
  try {
    polled = await work({ message, seconds });
  } catch (error) {
    // The call itself comes again: this alarm would be a second one.
    await message.remove();
    throw error;
  }
  if (polled === 'ended') await message.remove();
}

/**
 * The most polls in a row that set the next alarm before their work. Each of them may have ended its process; one that sets
 * it afterwards shows that none did, and if it ends the process, too, its message is given up after five deliveries.
 */
const mostEarly = 8;

/** Tells whether the next alarm may be set before the work of a call. */
export function isSafe({ poll, early = 0 }: AlarmCall, deliveries: number): boolean {
  return poll > 0 && deliveries === 1 && early < mostEarly;
}

/** Returns the call of the poll that follows. */
export function nextCall(
  { connectionId, poll, retryAfterSeconds, traceId }: AlarmCall,
  { id, ticket }: Operation,
): AlarmCall {
  const polls = Math.max(poll, ticket?.polls ?? 0) + 1;
  const { alarm } = ticket ?? {};
  return { version: 1, connectionId, operationId: id, poll: polls, alarm, retryAfterSeconds, traceId };
}
