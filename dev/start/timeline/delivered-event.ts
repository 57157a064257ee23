/** An event that Event Grid has delivered to the app. */
export interface DeliveredEvent {
  readonly subject: string;
  /** The name of the operation or of the notification. */
  readonly what: string;
  /** The app's HTTP status. */
  readonly status: number;
}

interface EventBody {
  readonly eventType?: string;
  readonly type?: string;
  readonly subject?: string;
  readonly data?: { readonly operationName?: string };
}

/** Returns the events of a delivery that concern connections. Handshakes are skipped. */
export function eventsIn(body: string | undefined, status: number): readonly DeliveredEvent[] {
  const parsed = JSON.parse(body ?? '[]') as EventBody | EventBody[];
  return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((event) => {
    const what = event.data?.operationName ?? event.eventType ?? event.type ?? '';
    if (!/privateEndpoint|ResourceNotifications/i.test(what)) return [];
    return [{ subject: event.subject ?? '', what: what.replace(/^Microsoft\./, ''), status }];
  });
}

/** Counts a burst of events: how many resources it is about, and what the app did not accept. */
export function burstText(events: readonly DeliveredEvent[]): string {
  const ids = new Set(events.map(({ subject }) => resourceOf(subject)));
  const endpoints = [...ids].filter((id) => id.includes('/microsoft.network/privateendpoints/')).length;
  const about = [counted(ids.size - endpoints, 'target'), counted(endpoints, 'endpoint')];
  const refused = events.filter(({ status }) => status >= 300);
  const statuses = [...new Set(refused.map(({ status }) => status))].join(', ');
  const trouble = refused.length === 0 ? '' : `${refused.length} answered ${statuses}; `;
  return `${trouble}for ${about.filter((part) => part !== '').join(' and ')}`;
}

/** Returns `3 targets`, `1 target`, or nothing for none. */
function counted(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Returns the id of the target or endpoint at or above a subject, in lower case. */
function resourceOf(subject: string): string {
  const id = subject.toLowerCase();
  return /^.*?\/providers\/[^/]+\/[^/]+\/[^/]+/.exec(id)?.[0] ?? id;
}
