import { microsoftService, somebodyElse, type Principal, type LocalAzure } from '../azure';
import { putResource } from '../lib/put-resource';
import type { PlannedConnection } from './plan/draw-connections';
import { movers, partnersTenantId, strangersTenantId } from './plan/requesters';

/** A principal of another tenant. */
export const stranger: Principal = {
  appId: 'd0000000-0000-4000-8000-000000000001',
  objectId: 'd0000000-0000-4000-8000-000000000002',
  tenantId: strangersTenantId,
};

/** A principal of a partner's tenant. */
export const partner: Principal = {
  appId: 'd0000000-0000-4000-8000-000000000003',
  objectId: 'd0000000-0000-4000-8000-000000000004',
  tenantId: partnersTenantId,
};

/** Returns the principal that creates the endpoint; it owns the subscription. */
export function requesterOf({ tenants }: LocalAzure, { requester }: PlannedConnection): Principal {
  if (requester === 'managed') return microsoftService;
  if (requester === 'partner' || requester === 'returner') return partner;
  if (requester === 'copycat') return stranger;
  if (requester === 'mover' && tenants.tenantOf(movers[0]!) === strangersTenantId) return stranger;
  return requester === 'stranger' || requester === 'asker' ? stranger : somebodyElse;
}

/**
 * Creates the requester's endpoint, which requests the connection.
 * @throws Error if ARM refuses it.
 */
export async function requestConnection(azure: LocalAzure, planned: PlannedConnection): Promise<void> {
  const { endpointId, targetId, name, message, tags } = planned;
  const properties = {
    subnet: { id: endpointId.replace(/privateEndpoints.*/, 'virtualNetworks/hub/subnets/endpoints') },
    manualPrivateLinkServiceConnections: [
      { name, properties: { privateLinkServiceId: targetId, groupIds: [], requestMessage: message } },
    ],
  };
  await putResource(azure, requesterOf(azure, planned), {
    id: endpointId,
    apiVersion: '2024-05-01',
    body: { location: 'westeurope', tags, properties },
  });
}

/** Deletes the requester's endpoint. Returns the HTTP status, or `undefined` if the connection was cut. */
export async function deleteEndpoint(
  azure: LocalAzure,
  planned: PlannedConnection,
): Promise<number | undefined> {
  const path = `${planned.endpointId}?api-version=2024-05-01`;
  const reply = await azure.control.send(requesterOf(azure, planned), 'DELETE', path);
  return reply.kind === 'reset' ? undefined : reply.status;
}
