import * as z from 'zod';
import { firstProblem, PosternError } from '../base/errors';
import type { AlarmCall } from './alarm';

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
