import type { AuditLog } from '../audit/audit-log';
import { harmless } from '../audit/harmless';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { digest } from './records';

export interface AbandonMessageOptions {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A queue message that failed again and again, or cannot even be read, is told of: never silence. */
export async function abandonMessage(
  options: AbandonMessageOptions,
  message: unknown,
  cause: string,
): Promise<void> {
  const text = JSON.stringify(message) ?? String(message);
  const target = targetIn(message);
  const reason = `Handling this message failed again and again: ${cause}. The sweep comes back to its target`;
  options.logger.error(`Abandoned: ${harmless(text)}. ${reason}`);
  const at = options.clock.now().toISOString();
  await options.audit.record([
    {
      version: 1,
      id: `${digest(text)}|abandoned`,
      kind: 'abandoned',
      at,
      target,
      reason,
      message: harmless(text),
    },
  ]);
}

/** A review names its target or an endpoint, an alarm its connection; anything else names none. */
function targetIn(message: unknown): string {
  if (typeof message !== 'object' || message === null) return '';
  const { id, connectionId } = message as { id?: unknown; connectionId?: unknown };
  if (typeof id === 'string') return harmless(id);
  return typeof connectionId === 'string' ? harmless(connectionId.replace(connectionPart, '')) : '';
}

const connectionPart = /\/privateEndpointConnections\/[^/]*$/i;
