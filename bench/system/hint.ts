import { eventsAtOnce, pooled } from './pooled';

/**
 * Sends an event about each connection, or target, as Event Grid does unless batches are asked for: one in each delivery, and
 * some deliveries at the same time. Rejects if the app does not accept one.
 */
export function hintEach(webhook: string, ids: readonly string[]): Promise<void> {
  return pooled(ids, eventsAtOnce, (id) => hint(webhook, [id]));
}

/**
 * Sends an event about each connection, or target, as Event Grid does, many in one delivery. Rejects if the app does
 * not accept them.
 */
export async function hint(webhook: string, ids: readonly string[]): Promise<void> {
  const events = ids.map((id) => ({
    id,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    subject: id,
    eventTime: new Date().toISOString(),
    data: {
      operationName: 'Microsoft.KeyVault/vaults/privateEndpointConnections/write',
      resourceUri: id,
      status: 'Succeeded',
    },
    dataVersion: '2',
    topic: id.split('/').slice(0, 3).join('/'),
  }));
  const headers = { 'content-type': 'application/json', 'aeg-event-type': 'Notification' };
  const reply = await fetch(webhook, { method: 'POST', headers, body: JSON.stringify(events) });
  await reply.arrayBuffer();
  if (reply.status !== 202) throw new Error(`The app answered an event with ${reply.status}`);
}
