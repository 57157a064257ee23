import type { RequestRecord } from '../azure';
import type { SendEvent } from '../azure/events/event-grid';
import type { JsonObject } from '../azure/http/message';
import { auditEventFrom, type AuditEvent } from './audit-event';

/** Callbacks of the local Azure. */
export interface SystemListeners {
  readonly onTelemetry: (envelope: JsonObject) => void;
  readonly onRequest: (record: RequestRecord) => void;
  readonly send: SendEvent;
}

export interface TimelineOptions {
  readonly print: (line: string) => void;
  readonly color: boolean;
  readonly onAudit: (event: AuditEvent) => void;
  readonly onRequest: (record: RequestRecord) => void;
}

/** Creates callbacks that print events, decisions, ARM's replies, polls and proofs as they happen. */
export function createTimeline(options: TimelineOptions): SystemListeners {
  const started = performance.now();
  function line(kind: string, what: string, text: string): void {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    options.print(
      `${seconds} s  ${paint(kind.padEnd(10), kind, options.color)} ${what.padEnd(30)} ${text}`.trimEnd(),
    );
  }
  const printedEvents = new Set<string>();
  /** Prints each kind of event once per subject, because they repeat. */
  function printEvent({ subject, what }: DeliveredEvent, status: number): void {
    const key = `${subject} ${what}`;
    if (!printedEvents.has(key)) line('event', nameOf(subject), `${what} → ${status}`);
    printedEvents.add(key);
  }
  return {
    onTelemetry: (envelope) => {
      const event = auditEventFrom(envelope);
      // A sweep without findings is not printed.
      if (event === undefined || event.kind === 'swept') return;
      line(event.kind, labelOf(event), describe(event));
      options.onAudit(event);
    },
    onRequest: options.onRequest,
    send: async (url, init) => {
      const { method, headers, body, signal } = init;
      const response = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
      for (const event of eventsIn(body)) printEvent(event, response.status);
      return { status: response.status, body: await response.text() };
    },
  };
}

/** Returns `target/endpoint`, the names that people gave. */
export function labelOf({
  target,
  endpoint,
  connection,
}: Pick<AuditEvent, 'target' | 'endpoint' | 'connection'>): string {
  return [nameOf(target), nameOf(endpoint ?? connection ?? '')].filter((name) => name !== '').join('/');
}

function describe(event: AuditEvent): string {
  const rules = event.rules.length === 0 ? '' : ` by ${event.rules.join(', ')}`;
  switch (event.kind) {
    case 'decided':
      return `${event.effect ?? ''}${rules}: ${event.reason}`;
    case 'requested':
      return `${event.effect ?? ''}: ${event.reason}`;
    case 'polled':
      return `poll ${event.polls ?? ''}: ${event.reason}`;
    case 'failed':
    case 'expired':
    case 'unproven':
    case 'abandoned':
      return `${event.reason}. ${event.error ?? ''}`;
    default:
      return event.polls === undefined || event.polls === '0'
        ? event.reason
        : `${event.reason}, after ${event.polls} ${event.polls === '1' ? 'poll' : 'polls'}`;
  }
}

const colors: Readonly<Record<string, number>> = {
  event: 90,
  decided: 36,
  requested: 33,
  polled: 90,
  applied: 32,
  superseded: 35,
  failed: 31,
  expired: 31,
  unproven: 31,
  abandoned: 31,
};

function paint(text: string, kind: string, color: boolean): string {
  const code = colors[kind];
  return color && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
}

interface DeliveredEvent {
  readonly subject: string;
  /** The name of the operation or of the notification. */
  readonly what: string;
}

interface EventBody {
  readonly eventType?: string;
  readonly type?: string;
  readonly subject?: string;
  readonly data?: { readonly operationName?: string };
}

/** Returns the events of a delivery that concern connections. Handshakes are skipped. */
function eventsIn(body: string | undefined): readonly DeliveredEvent[] {
  const parsed = JSON.parse(body ?? '[]') as EventBody | EventBody[];
  return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((event) => {
    const what = event.data?.operationName ?? event.eventType ?? event.type ?? '';
    if (!/privateEndpoint|ResourceNotifications/i.test(what)) return [];
    return [{ subject: event.subject ?? '', what: what.replace(/^Microsoft\./, '') }];
  });
}

/** Returns the name of the target or endpoint in an id at or below it. */
function nameOf(id: string): string {
  return /\/providers\/[^/]+\/[^/]+\/([^/]+)/i.exec(id)?.[1] ?? '';
}
