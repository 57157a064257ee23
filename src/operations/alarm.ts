import * as z from 'zod';
import { firstProblem, PosternError } from '../base/errors';

/** Names the operation that is to be looked at again. The durable row is the truth, this only wakes somebody. */
export interface AlarmCall {
  readonly version: 1;
  readonly connectionId: string;
  readonly operationId: string;
  /** Which poll this wakes: one that was made already makes the call stale. */
  readonly poll: number;
  /** How often storage was away when this was to be looked at. Absent: never. */
  readonly attempt?: number | undefined;
  readonly traceId?: string | undefined;
}

/** The operations queue, as the use cases see it. */
export interface Alarm {
  /** Wakes the poller after `delaySeconds` (0 to 604,800). */
  ring(call: AlarmCall, delaySeconds: number): Promise<void>;
}

const schema = z.object({
  version: z.literal(1),
  connectionId: z.string().min(1).max(2048),
  operationId: z.string().regex(/^[0-9a-f]{32}\.\d{1,4}$/),
  poll: z.int().min(0),
  attempt: z.int().min(0).optional(),
  /** A bad one is anybody's text, and not worth a message: it counts as absent. */
  traceId: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional()
    .catch(undefined),
});

/** @throws PosternError MESSAGE_INVALID that names the field. */
export function parseAlarmCall(message: unknown): AlarmCall {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new PosternError('MESSAGE_INVALID', `operations message: ${firstProblem(parsed.error)}`);
}
