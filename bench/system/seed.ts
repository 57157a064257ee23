import { somebodyElse, type StartedAzure } from '../../dev/azure';
import { putResource } from '../../dev/lib/put-resource';
import { ownStoreTypes, type OwnStoreType } from '../../src/connections/target-type';

const owner = '33333333-3333-4333-8333-333333333333';
const landingZone = '11111111-1111-4111-8111-111111111111';
const network = `/subscriptions/${landingZone}/resourceGroups/network/providers/Microsoft.Network`;

/** Types of other families, whose providers answer a write in other ways. */
export const otherTypes = [
  // 200 with the new status: done at once.
  'Microsoft.Storage/storageAccounts',
  // 202 with an operation and no connection; Retry-After; the end is called Ready.
  'Microsoft.Sql/servers',
  // 202 with the connection, which shows the new status and Updating for a minute.
  'Microsoft.ServiceBus/namespaces',
] as const;

/** A type of which a bench makes targets. */
export type SeedType = OwnStoreType | (typeof otherTypes)[number];

const apiVersions: Readonly<Record<SeedType, string>> = {
  'Microsoft.KeyVault/vaults': '2024-11-01',
  'Microsoft.KeyVault/managedHSMs': '2024-11-01',
  'Microsoft.ApiManagement/service': '2024-05-01',
  'Microsoft.Compute/diskAccesses': '2025-01-02',
  'Microsoft.Storage/storageAccounts': '2023-05-01',
  'Microsoft.Sql/servers': '2021-11-01',
  'Microsoft.ServiceBus/namespaces': '2021-11-01',
};

export { ownStoreTypes, type OwnStoreType };

/**
 * Creates a target as its owner does and returns its id. `name` must be valid for the type.
 */
export async function seedTarget(
  azure: StartedAzure,
  { type, name, subscription = owner }: { type: SeedType; name: string; subscription?: string },
): Promise<string> {
  const id = `/subscriptions/${subscription}/resourceGroups/shared/providers/${type}/${name}`;
  await put(azure, id, apiVersions[type], {
    location: 'westeurope',
    tags: { env: 'prod' },
    properties: {},
  });
  return id;
}

/**
 * Adds a Pending connection without an event. Its endpoint is in a landing zone, so the policy approves it.
 * Returns its id.
 */
export function seedPending(azure: StartedAzure, targetId: string, name: string): string {
  return azure.control.seed({
    targetId,
    connectionName: name,
    endpointId: `${network}/privateEndpoints/${name}`,
    status: 'Pending',
    description: 'please',
    ageSeconds: 0,
  });
}

/** Requests a connection as a requester does, through an endpoint, with all events. */
export async function askForConnection(azure: StartedAzure, targetId: string, name: string): Promise<void> {
  const wanted = { privateLinkServiceId: targetId, groupIds: [], requestMessage: 'please' };
  await put(azure, `${network}/privateEndpoints/${name}`, '2024-05-01', {
    location: 'westeurope',
    properties: {
      subnet: { id: `${network}/virtualNetworks/hub/subnets/endpoints` },
      manualPrivateLinkServiceConnections: [{ name, properties: wanted }],
    },
  });
}

function put(azure: StartedAzure, id: string, apiVersion: string, body: object): Promise<void> {
  return putResource(azure, somebodyElse, { id, apiVersion, body });
}
