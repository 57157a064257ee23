import { profileOf, targetTypeFrom } from '../../connections/target-type';
import { foldText } from '../../connections/fold-text';
import { factsProblem } from '../../policy/facts/fact-limits';
import type { Facts, TargetFacts, TenantKind } from '../../policy/facts/facts';
import { withTenantKind } from '../../policy/facts/tenant-kind';

/** What people did with a connection. `other`: neither approved, rejected nor waiting, such as Disconnected. */
export type Verdict = 'approved' | 'rejected' | 'pending' | 'other';

/** Why no policy could approve a connection, whatever its rules say. */
export type Unanswerable = 'noEndpoint' | 'beyondLimits' | 'typeNotAnswered';

/**
 * The facts about who asks that the requester cannot choose. Ids are spelled as in the facts. Names, messages, tags and
 * locations of the endpoint are left out.
 */
export interface Requester {
  readonly subscriptionId: string;
  readonly tenantId: string | undefined;
  readonly tenant: TenantKind | undefined;
  readonly virtualNetworkId: string | undefined;
  readonly peeredNetworks: readonly string[] | undefined;
  /** The subscription of our resource that asks; absent unless it is known to be ours. */
  readonly ownSubscriptionId: string | undefined;
  readonly managementGroups: readonly string[] | undefined;
  /** Our resource behind an endpoint that a service of Microsoft made. Absent for all other endpoints. */
  readonly behind:
    { readonly id: string; readonly type: string; readonly how: 'name' | 'message' } | undefined;
}

/** One connection, reduced to what may be learned from it. */
export interface Observation {
  readonly connectionId: string;
  readonly endpointId: string | undefined;
  readonly verdict: Verdict;
  readonly requester: Requester | undefined;
  readonly target: TargetFacts;
  readonly unanswerable: Unanswerable | undefined;
}

/**
 * Reduces the facts of a connection to the facts that the requester cannot choose. `microsoftTenants`: GUIDs in lower
 * case. Pure.
 */
export function observe(facts: Facts, microsoftTenants: ReadonlySet<string>): Observation {
  const known = withTenantKind(facts, microsoftTenants);
  return {
    connectionId: facts.connection.id,
    endpointId: facts.endpoint?.id,
    verdict: verdictOf(facts.connection.status),
    requester: requesterOf(known),
    target: targetOf(facts.target),
    unanswerable: unanswerableReason(facts),
  };
}

function verdictOf(status: string): Verdict {
  switch (foldText(status)) {
    case 'approved':
      return 'approved';
    case 'rejected':
      return 'rejected';
    case 'pending':
      return 'pending';
    default:
      return 'other';
  }
}

function requesterOf({ endpoint, requester }: Facts): Requester | undefined {
  if (endpoint === undefined) return undefined;
  const { subscriptionId, tenantId, tenant, virtualNetworkId, peeredNetworks } = endpoint;
  const behind =
    requester === undefined || requester.how === 'endpoint'
      ? undefined
      : { id: requester.id, type: requester.type, how: requester.how };
  return {
    subscriptionId,
    tenantId,
    tenant,
    virtualNetworkId,
    peeredNetworks,
    ownSubscriptionId: requester?.subscriptionId,
    managementGroups: requester?.managementGroups,
    behind,
  };
}

/** The name of a tag is without case, and its value is not. */
function targetOf({
  id,
  type,
  subscriptionId,
  resourceGroup,
  name,
  tenantId,
  ...rest
}: TargetFacts): TargetFacts {
  const { kind, location, tags } = rest;
  return { id, type, subscriptionId, resourceGroup, name, tenantId, kind, location, tags };
}

function unanswerableReason(facts: Facts): Unanswerable | undefined {
  if (facts.endpoint === undefined) return 'noEndpoint';
  if (factsProblem(facts, facts.connection.firstSeen) !== undefined) return 'beyondLimits';
  const type = targetTypeFrom(facts.target.type);
  return type === undefined || !profileOf(type).isWritable ? 'typeNotAnswered' : undefined;
}
