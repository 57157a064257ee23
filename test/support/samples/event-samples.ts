import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../data/events');

/** Returns all recorded and documented events by file name. */
export function eventFiles(): { name: string; event: Record<string, unknown> }[] {
  return readdirSync(folder).map((name) => ({ name, event: readEvent(name) }));
}

export function readEvent(name: string): Record<string, unknown> {
  const file = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
  return (file['event'] ?? file) as Record<string, unknown>;
}

export const subscription = 'baba41cf-c01d-4a55-b6c5-ca494b802be5';
export const group = `/subscriptions/${subscription}/resourceGroups/shared`;
export const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-shared`;
export const apim = `${group}/providers/Microsoft.ApiManagement/service/apim-shared`;
export const storageAccount = `${group}/providers/Microsoft.Storage/storageAccounts/data1`;
export const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/PE-1`;

/**
 * Returns a documented event of the subscription topic, with the operation's name and the resource's id,
 * without a body.
 */
export function operationEvent(
  kind: 'Write' | 'Action' | 'Delete',
  operationName: string,
  subject: string,
): Record<string, unknown> {
  return {
    id: '4db48cba-50a2-455a-93b4-de41a3b5b7f6',
    topic: `/subscriptions/${subscription}`,
    subject,
    eventType: `Microsoft.Resources.Resource${kind}Success`,
    eventTime: '2026-01-05T12:00:00.0000000Z',
    data: {
      resourceProvider: operationName.split('/')[0],
      resourceUri: subject,
      operationName,
      status: 'Succeeded',
      subscriptionId: subscription,
    },
    dataVersion: '2',
    metadataVersion: '1',
  };
}

interface EndpointEventOptions {
  readonly targets?: readonly string[];
  readonly manualTargets?: readonly string[];
  readonly type?: 'CreatedOrUpdated' | 'Deleted';
  readonly id?: string;
}

/** Returns the recorded event of a private endpoint with other targets. */
export function endpointEvent(options: EndpointEventOptions): Record<string, unknown> {
  const { targets = [], manualTargets = [], type = 'CreatedOrUpdated', id = endpoint } = options;
  const recorded = readEvent('arn-privateendpoint-createdorupdated.json') as unknown as RecordedEvent;
  const connectionTo = (privateLinkServiceId: string) => ({
    name: 'c',
    properties: { provisioningState: 'Succeeded', privateLinkServiceId, groupIds: ['vault'] },
  });
  const { resourceInfo } = recorded.data;
  return {
    ...recorded,
    subject: id,
    eventType: `Microsoft.ResourceNotifications.Resources.${type}`,
    data: {
      ...recorded.data,
      resourceInfo: {
        ...resourceInfo,
        id,
        properties: {
          ...resourceInfo.properties,
          privateLinkServiceConnections: targets.map(connectionTo),
          manualPrivateLinkServiceConnections: manualTargets.map(connectionTo),
        },
      },
    },
  };
}

interface RecordedEvent {
  readonly data: { readonly resourceInfo: { readonly properties: Record<string, unknown> } };
}

/** Returns the same event in the CloudEvents 1.0 schema. */
export function asCloudEvent(event: Record<string, unknown>): Record<string, unknown> {
  const { id, topic, subject, eventType, eventTime, data } = event;
  return { specversion: '1.0', id, source: topic, subject, type: eventType, time: eventTime, data };
}
