import { z } from 'zod';
import { PosternError } from '../errors';
import type { AlarmCall } from './alarm';

const schema = z.object({
  version: z.literal(1),
  connectionId: z.string().min(1).max(2048),
  operationId: z.string().regex(/^[0-9a-f]{32}\.\d{1,4}$/),
  poll: z.int().min(0),
  attempt: z.int().min(0).optional(),
  traceId: z.string().max(100).optional(),
});

/** @throws PosternError MESSAGE_INVALID that names the field. */
export function parseAlarmCall(message: unknown): AlarmCall {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new PosternError('MESSAGE_INVALID', `operations message: ${z.prettifyError(parsed.error)}`);
}
