import type { AuditEvent } from './audit-event';

/** Returns `target/endpoint`, the names that people gave. */
export function labelOf({
  target,
  endpoint,
  connection,
}: Pick<AuditEvent, 'target' | 'endpoint' | 'connection'>): string {
  return [nameOf(target), nameOf(endpoint ?? connection ?? '')].filter((name) => name !== '').join('/');
}

/** Returns the name of the target or endpoint in an id at or below it. */
export function nameOf(id: string): string {
  return /\/providers\/[^/]+\/[^/]+\/([^/]+)/i.exec(id)?.[1] ?? '';
}

/** Says what an audit record means. What matters most comes first, because a narrow terminal cuts the rest. */
export function describe(event: AuditEvent): string {
  const rules = event.rules.length === 0 ? '' : ` by ${event.rules.join(', ')}`;
  switch (event.kind) {
    case 'decided':
      return `${auditPrefix(event)}${event.effect ?? ''}${rules}: ${event.reason}`;
    case 'requested':
      return `${event.effect ?? ''}: ${event.reason}`;
    case 'polled':
      return `poll ${event.polls ?? ''}: ${event.reason}`;
    case 'applied':
      return `${past[event.effect ?? ''] ?? 'done'}${afterPolls(event)}: ${event.reason}`;
    case 'failed':
    case 'expired':
    case 'unproven':
    case 'abandoned':
      return `${event.reason}. ${event.error ?? ''}`;
    default:
      return `${event.reason}${afterPolls(event)}`;
  }
}

const past: Readonly<Record<string, string>> = { approve: 'approved', reject: 'rejected', delete: 'deleted' };

/** In audit mode, an effect is recorded and never carried out. */
function auditPrefix({ mode, effect }: AuditEvent): string {
  return mode === 'audit' && effect !== 'hold' ? 'would ' : '';
}

function afterPolls({ polls }: AuditEvent): string {
  if (polls === undefined || polls === '0') return '';
  return ` after ${polls} ${polls === '1' ? 'poll' : 'polls'}`;
}
