import type { RunningHost } from '../host/start-host';

/** Returns the URL to which Event Grid delivers events for Postern, including its key. */
export function eventWebhookOf({ url, systemKey }: Pick<RunningHost, 'url' | 'systemKey'>): string {
  return `${url}/runtime/webhooks/eventgrid?functionName=onResourceEvent&code=${encodeURIComponent(systemKey)}`;
}
