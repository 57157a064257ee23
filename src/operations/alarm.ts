import * as z from '../base/schema/schema';
import { firstProblem, PosternError } from '../base/errors';
import type { HiddenMessage } from '../base/hidden-message';

/**
 * A queue message that names the operation to poll. Its durable row is authoritative; the message
 * only triggers the poll.
 */
export interface AlarmCall {
  readonly version: 1;
  readonly connectionId: string;
  readonly operationId: string;
  /**
   * The number of the poll that this triggers. If that poll was already made, the call is stale.
   */
  readonly poll: number;
  /** The number of the alarms that poll the operation; the call is void if the ticket has another one. Absent: 0. */
  readonly alarm?: number | undefined;
  /** Whether the call may not be the only one: it then makes all others void. */
  readonly isRenewed?: boolean | undefined;
  /** How many polls in a row, up to the one that set this alarm, set the next alarm before their work. Absent: 0. */
  readonly early?: number | undefined;
  /** The sum of all waits of the operation up to this poll, and the last poll that found it running, in seconds. */
  readonly waitedSeconds?: number | undefined;
  readonly runningAt?: number | undefined;
  /** The wait that ARM asked for at the last poll, in seconds. Absent: none. */
  readonly retryAfterSeconds?: number | undefined;
  /** How many times storage was unavailable when this poll was due. Absent: never. */
  readonly attempt?: number | undefined;
  readonly traceId?: string | undefined;
}

/** The operations queue as the use cases see it. */
export interface Alarm {
  /** Delivers `call` to the poller after `delaySeconds` (0 to 604,800). */
  ring(call: AlarmCall, delaySeconds: number): Promise<HiddenMessage>;
}

const seconds = z.number().check(z.minimum(0), z.maximum(31_536_000));

const schema = z.object({
  version: z.literal(1),
  connectionId: z.string().check(z.minLength(1), z.maxLength(2048)),
  operationId: z.string().check(z.regex(/^[0-9a-f]{32}\.\d{1,4}$/)),
  poll: z.int().check(z.minimum(0)),
  alarm: z.optional(z.int().check(z.minimum(0))),
  isRenewed: z.optional(z.boolean()),
  early: z.optional(z.int().check(z.minimum(0))),
  waitedSeconds: z.optional(seconds),
  runningAt: z.optional(seconds),
  retryAfterSeconds: z.optional(seconds),
  attempt: z.optional(z.int().check(z.minimum(0))),
  /**
   * An invalid trace id may be any text and is not worth rejecting the message: it counts as
   * absent.
   */
  traceId: z.catch(z.optional(z.string().check(z.regex(/^[\w-]{1,100}$/))), undefined),
});

/**
 * Parses a message of the operations queue.
 * @throws PosternError MESSAGE_INVALID that names the field.
 */
export function parseAlarmCall(message: unknown): AlarmCall {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new PosternError('MESSAGE_INVALID', `operations message: ${firstProblem(parsed.error)}`);
}
