import type { Principal } from '../access/principals';
import { microsoftTenantId, type Tenants } from '../access/tenants';

/** An endpoint that a Microsoft service creates for a customer, in a subscription that Microsoft owns. */
export interface ManagedEndpoint {
  readonly targetId: string;
  readonly service: ManagedService;
  /** The customer's factory or workspace. Front Door does not show it. */
  readonly owner: string;
  /** The customer's name for the managed endpoint. */
  readonly name: string;
  /** The request message. Data Factory and Synapse do not support one. */
  readonly message?: string | undefined;
}

export type ManagedService = 'data-factory' | 'synapse' | 'front-door';

/** The Microsoft service whose token creates the endpoint. */
export const microsoftService: Principal = {
  appId: 'c0000000-0000-4000-8000-000000000001',
  objectId: 'c0000000-0000-4000-8000-000000000002',
  tenantId: microsoftTenantId,
};

const networkSubscription = '92b2afd7-e3db-4660-90c5-0da4aebf53d4';
const frontDoorSubscription = 'c1bc5dd7-ea97-469c-89fa-8f26624902fd';

/** Returns the request as the Microsoft service sends it, and assigns its subscription to Microsoft. */
export function managedRequest(
  tenants: Tenants,
  { targetId, service, owner, name, message = '' }: ManagedEndpoint,
): { readonly endpointId: string; readonly body: object } {
  const isFrontDoor = service === 'front-door';
  const subscription = isFrontDoor ? frontDoorSubscription : networkSubscription;
  tenants.assign(microsoftTenantId, [subscription]);
  const group = isFrontDoor ? 'eafd-Prod-westeurope' : 'vnet-92b2afd7-westeurope-55-rg';
  const endpointName = isFrontDoor ? name : `${owner}.${name}`;
  const endpointId = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/${endpointName}`;
  const requestMessage = isFrontDoor ? message : '';
  const properties = { privateLinkServiceId: targetId, groupIds: [], requestMessage };
  const connections = [{ name: endpointName, properties }];
  return {
    endpointId,
    body: { location: 'westeurope', properties: { manualPrivateLinkServiceConnections: connections } },
  };
}
