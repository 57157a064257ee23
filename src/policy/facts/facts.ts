/**
 * The facts that rules can read about one connection. A fact is absent if it does not exist or was
 * not read; then a condition that reads it fails, unless it checks with `has()` first.
 */
export interface Facts {
  readonly connection: ConnectionFacts;
  readonly endpoint: EndpointFacts | undefined;
  /** Our own resource that asks. Absent unless it is known, by Azure's word or by a proof. */
  readonly requester?: RequesterFacts | undefined;
  /**
   * For an endpoint of Microsoft: which resource of ours asked for it, or why that is not proven. For
   * people; no condition reads it.
   */
  readonly requesterProof?: string | undefined;
  readonly target: TargetFacts;
  /** The announcement of this request. Absent for every request that nobody has announced. */
  readonly expected?: ExpectedFacts | undefined;
  /**
   * The connections of the endpoint's subscription to this target, including this one. Absent
   * without an endpoint.
   */
  readonly consumer: ConsumerFacts | undefined;
  /**
   * For examples that a person writes: the groups of whose tags nothing is said. Reading these tags fails, and a check
   * for one of them is false. Absent for every connection that was read from Azure: unread tags fail both.
   */
  readonly unstatedTags?: readonly TaggedGroup[] | undefined;
}

/** A group of facts that has tags. */
export type TaggedGroup = 'endpoint' | 'requester' | 'target';

/** The facts about the connection itself. */
export interface ConnectionFacts {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** The request message while the connection is Pending, the provider's description afterwards. */
  readonly message: string;
  readonly groupIds: readonly string[];
  readonly provisioningState?: string | undefined;
  /** When Postern first saw the connection in its current status. */
  readonly firstSeen: Date;
}

/** The facts about the private endpoint. */
export interface EndpointFacts {
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /**
   * The facts from here on cost a call. They are absent if Postern is not allowed to read the
   * endpoint.
   */
  readonly tenantId?: string | undefined;
  readonly tenant?: TenantKind | undefined;
  readonly location?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly subnetId?: string | undefined;
  readonly virtualNetworkId?: string | undefined;
  readonly peeredNetworks?: readonly string[] | undefined;
  readonly manual?: boolean | undefined;
  readonly resourceGuid?: string | undefined;
}

/** Whose a tenant is: the target's, one in which services of Microsoft make endpoints, or another. */
export type TenantKind = 'own' | 'microsoft' | 'other';

/** The facts about our own resource that asks. All cost a call. */
export interface RequesterFacts {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly subscriptionId: string;
  /** The facts about the subscription are absent if Postern may not read it. */
  readonly subscriptionName?: string | undefined;
  readonly subscriptionTags?: Readonly<Record<string, string>> | undefined;
  /** Ids, nearest first, the root last. */
  readonly managementGroups?: readonly string[] | undefined;
  /** What proves it: the endpoint's tenant, its name, or its message. */
  readonly how: (typeof requesterProofs)[number];
}

/** What can prove that a resource of ours asks. */
export const requesterProofs = ['endpoint', 'name', 'message'] as const;

/** Returns an endpoint of our own tenant as the resource that asks: it asks for itself. */
export function endpointAsRequester({
  id,
  name,
  subscriptionId,
}: Pick<EndpointFacts, 'id' | 'name' | 'subscriptionId'>): RequesterFacts {
  return { id, type: 'Microsoft.Network/privateEndpoints', name, subscriptionId, how: 'endpoint' };
}

/** The facts about the target. */
export interface TargetFacts {
  readonly id: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** The facts from here on cost a call. */
  readonly tenantId?: string | undefined;
  readonly kind?: string | undefined;
  readonly location?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** The facts about the announcement of a request. */
export interface ExpectedFacts {
  /** Who announced it. */
  readonly by: string;
  readonly until: Date;
}

/** The numbers of connections by status. */
export interface ConsumerFacts {
  readonly pending: number;
  readonly approved: number;
  readonly rejected: number;
  readonly disconnected: number;
}
