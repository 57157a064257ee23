import { hasStatus, type Connection } from '../../connections/connection';
import type { EndpointDetails, TargetDetails } from '../../connections/connection-store';
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
  /** The endpoint's subscription, if it was read. */
  readonly subscription?: SubscriptionDetails | undefined;
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
  { endpointDetails: details, tenants }: FactSources,
): EndpointFacts | undefined {
  if (connection.endpoint === undefined) return undefined;
  const { id, subscriptionId, resourceGroup, name } = connection.endpoint;
  const subnetId = details?.subnetId;
  return {
    id,
    subscriptionId,
    resourceGroup,
    name,
    tenantId: tenants?.endpoint,
    location: details?.location,
    tags: details?.tags,
    subnetId,
    virtualNetworkId: subnetId?.replace(/\/subnets\/[^/]*$/i, ''),
  };
}

/**
 * Returns our resource that asks. An endpoint of ours asks for itself: its subscription is Azure's
 * word, and belongs to our tenant. Whatever its id looks like, an endpoint of another tenant is not
 * ours.
 */
function requesterFacts(
  { endpoint }: Connection,
  tenants: KnownTenants | undefined,
): RequesterFacts | undefined {
  const isOurs = tenants?.endpoint !== undefined && tenants.endpoint === tenants.target;
  if (endpoint === undefined || !isOurs) return undefined;
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
