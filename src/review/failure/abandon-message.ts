import type { AuditLog } from '../../audit/audit-log';
import { sanitize } from '../../base/text';
import type { Clock } from '../../base/clock';
import { targetIdFrom } from '../../connections/resource-id';
import type { Logger } from '../../base/logger';
import { digest } from '../records';

export interface AbandonMessagePorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A queue message that failed again and again, or cannot even be read, is told of: never silence. */
export async function abandonMessage(
  ports: AbandonMessagePorts,
  message: unknown,
  cause: string,
): Promise<void> {
  const text = JSON.stringify(message) ?? String(message);
  const target = targetIn(message);
  const reason = `Handling this message failed again and again: ${cause}. The sweep comes back to its target`;
  ports.logger.error(`Abandoned: ${sanitize(text)}. ${reason}`);
  const at = ports.clock.now().toISOString();
  await ports.audit.record([
    {
      version: 1,
      id: `${digest(text)}|abandoned`,
      kind: 'abandoned',
      at,
      target,
      reason,
      message: sanitize(text),
    },
  ]);
}

/**
 * A review names its target, an alarm its connection; anything else names none. Only what can be a target's id counts: a
 * message is anybody's who can write to the queue, and targets become choices of the workbook and parts of its queries.
 */
function targetIn(message: unknown): string {
  if (typeof message !== 'object' || message === null) return '';
  const { id, connectionId } = message as { id?: unknown; connectionId?: unknown };
  const text = typeof id === 'string' ? id : connectionId;
  return typeof text === 'string' ? (targetIdFrom(text.replace(connectionPart, ''))?.id ?? '') : '';
}

const connectionPart = /\/privateEndpointConnections\/[^/]*$/i;
