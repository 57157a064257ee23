import type { AuditLog } from '../../audit/audit-log';
import { sanitize } from '../../base/text';
import type { Clock } from '../../base/clock';
import { targetIdFrom } from '../../connections/resource-id';
import type { Logger } from '../../base/logger';
import { digest } from '../records';

/** The ports of `abandonMessage`. */
export interface AbandonMessagePorts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Records a queue message that failed repeatedly, or cannot be read, so that it never disappears
 * silently.
 * @throws PosternError LEDGER_UNAVAILABLE
 */
export async function abandonMessage(
  ports: AbandonMessagePorts,
  message: unknown,
  cause: string,
): Promise<void> {
  const text = JSON.stringify(message) ?? String(message);
  const target = targetIn(message);
  const reason = `Handling this message failed repeatedly: ${cause}. The next sweep reviews its target again`;
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
 * Finds the target that a message names: a review request names its target, an alarm its
 * connection; any other message names none. Only a valid target id counts, because anyone who can
 * write to the queue chooses the text, and targets become choices of the workbook and parts of its
 * queries.
 */
function targetIn(message: unknown): string {
  if (typeof message !== 'object' || message === null) return '';
  const { id, connectionId } = message as { id?: unknown; connectionId?: unknown };
  const text = typeof id === 'string' ? id : connectionId;
  return typeof text === 'string' ? (targetIdFrom(text.replace(connectionPart, ''))?.id ?? '') : '';
}

const connectionPart = /\/privateEndpointConnections\/[^/]*$/i;
