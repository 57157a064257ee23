import type { Principal } from '../access/principals';
import { microsoftTenantId, type Tenants } from '../access/tenants';

/** An endpoint that a service of Microsoft makes for a customer, in a subscription that Microsoft owns. */
export interface ManagedEndpoint {
  readonly targetId: string;
  readonly service: ManagedService;
  /** The customer's factory or workspace; Front Door does not tell it. */
  readonly owner: string;
  /** What the customer calls the managed endpoint. */
  readonly name: string;
  /** Data Factory and Synapse let nobody say one. */
  readonly message?: string | undefined;
}

export type ManagedService = 'data-factory' | 'synapse' | 'front-door';

/** Microsoft's service: whose token makes the endpoint. */
export const microsoftService: Principal = {
  appId: 'c0000000-0000-4000-8000-000000000001',
  objectId: 'c0000000-0000-4000-8000-000000000002',
  tenantId: microsoftTenantId,
};

const networkSubscription = '92b2afd7-e3db-4660-90c5-0da4aebf53d4';
const frontDoorSubscription = 'c1bc5dd7-ea97-469c-89fa-8f26624902fd';

/** The request for it, as Microsoft's service sends it. Its subscription is Microsoft's from then on. */
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
