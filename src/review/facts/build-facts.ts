import { hasStatus, type Connection } from '../../connections/connection';
import type { EndpointDetails, NetworkDetails, TargetDetails } from '../../connections/connection-store';
import { idKey } from '../../connections/resource-id';
import type { ManagedOwner } from '../../connections/managed-endpoint-reader';
import type { SubscriptionDetails } from '../../connections/subscription-reader';
import type { Announcement } from './announcement';
import {
  type ConsumerFacts,
  endpointAsRequester,
  type ExpectedFacts,
  type EndpointFacts,
  type Facts,
  type RequesterFacts,
} from '../../policy/facts/facts';

/** What the facts of one connection are made of. */
export interface FactSources {
  readonly connection: Connection;
  readonly firstSeen: string;
  /** All connections of the target, for the counts. */
  readonly all: readonly Connection[];
  readonly targetDetails: TargetDetails | undefined;
  readonly endpointDetails: EndpointDetails | undefined;
  /** The endpoint's network. Default: unknown. */
  readonly network?: NetworkDetails | undefined;
  /** The tenants of the subscriptions. Default: unknown. */
  readonly tenants?: KnownTenants | undefined;
  /** What was announced of the connection. Default: nothing. */
  readonly announcement?: Announcement | undefined;
}

/** What is known about the tenants of a request. GUIDs in lower case. */
export interface KnownTenants {
  /** The tenant of the target's subscription. */
  readonly target: string | undefined;
  /** The tenant of the endpoint's subscription. */
  readonly endpoint: string | undefined;
  /** The requester's subscription, if it was read. */
  readonly subscription?: SubscriptionDetails | undefined;
  /** The resource of ours behind an endpoint of Microsoft, if it is proven. */
  readonly managedBy?: ProvenRequester | undefined;
}

/** Our resource behind an endpoint of Microsoft, and what proves it. */
export interface ProvenRequester {
  readonly owner: ManagedOwner;
  readonly how: RequesterFacts['how'];
}

/**
 * Builds the facts that the policy sees. The target is spelled as in ARM's reply; what was not read
 * stays absent. Pure.
 */
export function factsFrom(sources: FactSources): Facts {
  const { connection, targetDetails } = sources;
  const { subscriptionId, resourceGroup, name, id, type } = connection.id.target;
  return {
    connection: {
      id: connection.id.id,
      name: connection.id.name,
      status: connection.status,
      message: connection.message,
      groupIds: connection.groupIds,
      provisioningState: connection.provisioningState,
      firstSeen: new Date(sources.firstSeen),
    },
    endpoint: endpointFacts(connection, sources),
    requester: requesterFacts(connection, sources.tenants),
    target: {
      id,
      type,
      subscriptionId,
      resourceGroup,
      name,
      tenantId: sources.tenants?.target,
      kind: targetDetails?.kind,
      location: targetDetails?.location,
      tags: targetDetails?.tags,
    },
    expected: expectedFacts(sources),
    consumer: consumerFacts(connection, sources.all),
  };
}

function expectedFacts({ announcement }: FactSources): ExpectedFacts | undefined {
  if (announcement?.kind !== 'expected') return undefined;
  const { by, until } = announcement.request;
  return { by, until };
}

function endpointFacts(
  connection: Connection,
  { endpointDetails: details, network, tenants }: FactSources,
): EndpointFacts | undefined {
  if (connection.endpoint === undefined) return undefined;
  const { id, subscriptionId, resourceGroup, name } = connection.endpoint;
  return {
    id,
    subscriptionId,
    resourceGroup,
    name,
    tenantId: tenants?.endpoint,
    location: details?.location,
    tags: details?.tags,
    subnetId: details?.subnetId,
    virtualNetworkId: networkIdOf(details),
    peeredNetworks: network?.peeredNetworks,
    manual: details && isManual(details, connection.id.target.key),
    resourceGuid: details?.resourceGuid,
  };
}

/** Returns the id of the network in which an endpoint is. */
export function networkIdOf(details: Pick<EndpointDetails, 'subnetId'> | undefined): string | undefined {
  return details?.subnetId?.replace(/\/subnets\/[^/]*$/i, '');
}

/** Tells whether an endpoint asks a target for a manual approval; unknown unless it asks in one way only. */
function isManual(
  { targetIds, manualTargetIds = [] }: EndpointDetails,
  targetKey: string,
): boolean | undefined {
  const countIn = (ids: readonly string[]): number => ids.filter((id) => idKey(id) === targetKey).length;
  const [all, manual] = [countIn(targetIds), countIn(manualTargetIds)];
  if (all === 0 || (manual > 0 && manual < all)) return undefined;
  return manual > 0;
}

/**
 * Returns our resource that asks. An endpoint of ours asks for itself: its subscription is Azure's
 * word, and belongs to our tenant. Whatever its id looks like, an endpoint of another tenant is not
 * ours, unless it is proven that one of our resources asked a service of Microsoft for it.
 */
function requesterFacts(
  { endpoint }: Connection,
  tenants: KnownTenants | undefined,
): RequesterFacts | undefined {
  if (endpoint === undefined || tenants === undefined) return undefined;
  if (tenants.managedBy !== undefined) {
    const { owner, how } = tenants.managedBy;
    return { ...owner, how, ...subscriptionFacts(tenants) };
  }
  const isOurs = tenants.endpoint !== undefined && tenants.endpoint === tenants.target;
  if (!isOurs) return undefined;
  return { ...endpointAsRequester(endpoint), ...subscriptionFacts(tenants) };
}

/** A subscription that a customer delegates to us is listed, too, and is not ours. */
function subscriptionFacts({ target, subscription }: KnownTenants): Partial<RequesterFacts> {
  if (subscription === undefined || subscription.tenantId !== target) return {};
  const { name, tags, managementGroups } = subscription;
  return {
    subscriptionName: name,
    subscriptionTags: tags,
    // No groups at all means that they could not be read: every subscription is below the root.
    managementGroups: managementGroups.length === 0 ? undefined : managementGroups,
  };
}

function consumerFacts(connection: Connection, all: readonly Connection[]): ConsumerFacts | undefined {
  const subscription = connection.endpoint?.subscriptionId.toLowerCase();
  if (subscription === undefined) return undefined;
  const own = all.filter((other) => other.endpoint?.subscriptionId.toLowerCase() === subscription);
  const count = (status: string): number => own.filter((other) => hasStatus(other, status)).length;
  return {
    pending: count('Pending'),
    approved: count('Approved'),
    rejected: count('Rejected'),
    disconnected: count('Disconnected'),
  };
}
