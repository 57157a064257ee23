import type { Principal } from '../access/principals';
import { microsoftTenantId, type Tenants } from '../access/tenants';
import { managedServices, type LinkView, type ManagedServiceProfile } from './managed-services';
import type { PlantedResource } from './planted';
import { findEndpoint, findTarget, type World } from './world';

/** An endpoint that a Microsoft service creates for a customer, in a subscription that Microsoft owns. */
export interface ManagedEndpoint {
  readonly targetId: string;
  /** A word of `managedServices`, e.g. `data-factory`. */
  readonly service: string;
  /** The customer's factory, workspace, … Front Door does not show it. */
  readonly owner: string;
  /** The customer's name for the managed endpoint. */
  readonly name: string;
  /** The request message. Data Factory and Synapse do not support one. */
  readonly message?: string | undefined;
  /** The requested part of the target. Default: the target's first. */
  readonly groupId?: string | undefined;
  /** The resource group of the customer's resource, if it is ours: then ARM shows it and its link. */
  readonly ownerGroup?: string | undefined;
}

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
  wanted: ManagedEndpoint,
): { readonly endpointId: string; readonly body: object } {
  const { targetId, service, owner, name, groupId, message = '' } = wanted;
  const profile = profileOf(service);
  const isFrontDoor = service === 'front-door';
  const subscription = isFrontDoor ? frontDoorSubscription : networkSubscription;
  tenants.assign(microsoftTenantId, [subscription]);
  const group = isFrontDoor
    ? 'eafd-Prod-westeurope'
    : `vnet-92b2afd7-westeurope-${service === 'synapse' ? 56 : 55}-rg`;
  const endpointName = profile.endpointName(owner, name);
  const endpointId = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/${endpointName}`;
  const requestMessage = profile.passesMessage ? message : '';
  const groupIds = groupId === undefined ? [] : [groupId];
  const properties = { privateLinkServiceId: targetId, groupIds, requestMessage };
  const connections = [{ name: endpointName, properties }];
  return {
    endpointId,
    body: { location: 'westeurope', properties: { manualPrivateLinkServiceConnections: connections } },
  };
}

/**
 * Returns the customer's own side of a managed endpoint: the resource and what is below it, the link last. The
 * link shows the state of the endpoint's connection at the time of each answer.
 */
export function ownSideOf(world: World, wanted: ManagedEndpoint, endpointId: string): PlantedResource[] {
  const { ownerGroup, service, owner, name } = wanted;
  const profile = profileOf(service);
  if (ownerGroup === undefined) return [];
  const ownerId = `${ownerGroup}/providers/${profile.ownerType}/${owner}`;
  const levels: PlantedResource[] = [{ id: ownerId, body: () => ({ properties: {} }) }];
  for (const [word, levelName] of profile.below(name)) {
    const above = levels.at(-1)?.id ?? ownerId;
    levels.push({ id: `${above}/${word}/${levelName}`, body: () => ({ properties: {} }) });
  }
  const link = levels.pop();
  const body = (): ReturnType<PlantedResource['body']> => ({
    properties: profile.properties(viewOf(world, wanted, endpointId)),
  });
  return link === undefined || link.id === ownerId
    ? levels
    : [...levels, { id: link.id, body, graph: profile.inGraph }];
}

function viewOf(
  world: World,
  { targetId, message = '', groupId }: ManagedEndpoint,
  endpointId: string,
): LinkView {
  const endpoint = findEndpoint(world, endpointId);
  const request = endpoint?.requests.find((each) => each.targetId === targetId);
  const isSettled = endpoint?.provisioningState === 'Succeeded';
  return {
    targetId,
    groupId: groupId ?? findTarget(world, targetId)?.profile.privateLink.name ?? '',
    message,
    status:
      endpoint === undefined ? 'Disconnected' : request?.connectionId === undefined ? '' : request.status,
    provisioningState: isSettled || endpoint === undefined ? 'Succeeded' : 'Provisioning',
  };
}

function profileOf(service: string): ManagedServiceProfile {
  const profile = managedServices[service];
  if (profile === undefined)
    throw new Error(`There is no service ${service}; there are ${Object.keys(managedServices).join(', ')}.`);
  return profile;
}
