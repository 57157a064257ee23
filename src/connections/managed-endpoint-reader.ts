/**
 * Our own resources for which services of Microsoft make private endpoints, in subscriptions of Microsoft. The
 * resource has a link: what it asked its service to connect with. Every failure is an `ArmError`. Tenants are GUIDs.
 */
export interface ManagedEndpointReader {
  /**
   * Lists the links of a tenant's resources that Azure's index shows, whole or not at all. The index may be minutes
   * behind ARM.
   */
  listIndexed(tenantId: string): Promise<readonly ManagedLink[]>;

  /**
   * Lists the links of a tenant's resources that the index does not show: one read or more for each resource.
   * `undefined`: that would take more than 50 reads.
   */
  listOthers(tenantId: string): Promise<readonly ManagedLink[] | undefined>;

  /**
   * Reads from ARM, now, the links of a tenant's resources after which a service would have named these endpoints. A
   * name that no service gives is left out, and becomes part of no request.
   */
  findNamed(endpointNames: readonly string[], tenantId: string): Promise<readonly ManagedLink[]>;

  /** Reads a link from ARM, now; `undefined` when it is gone. */
  read(link: ManagedLink): Promise<ManagedLink | undefined>;
}

/** The types of resources that can have such links. */
export const managedOwnerTypes = [
  'Microsoft.Search/searchServices',
  'Microsoft.SignalRService/signalR',
  'Microsoft.SignalRService/webPubSub',
  'Microsoft.Dashboard/grafana',
  'Microsoft.DataFactory/factories',
  'Microsoft.Kusto/clusters',
  'Microsoft.StreamAnalytics/clusters',
  'Microsoft.Cdn/profiles',
] as const;

export type ManagedOwnerType = (typeof managedOwnerTypes)[number];

/** What one of our resources asked its service to connect with. Ids, groups and texts are verbatim. */
export interface ManagedLink {
  readonly id: string;
  /** In lower case. Links with the same key share one endpoint. */
  readonly endpointKey: string;
  readonly owner: ManagedOwner;
  readonly targetId: string;
  readonly groupIds: readonly string[];
  readonly tie: LinkTie;
  /**
   * The state of its endpoint's connection, as the service shows it; empty while it shows none yet. `undefined` for a
   * service that never shows it.
   */
  readonly status: string | undefined;
  /** `undefined` for a service that never shows it. */
  readonly provisioningState: string | undefined;
}

/** The resource that has a link. */
export interface ManagedOwner {
  readonly id: string;
  readonly type: ManagedOwnerType;
  readonly name: string;
  readonly subscriptionId: string;
}

/** What the target sees of a link: by this an endpoint of Microsoft is known as that of our resource. */
export type LinkTie =
  /** The service names the endpoint so. The name of the resource is unique in Azure. */
  | { readonly kind: 'name'; readonly endpointName: string }
  /**
   * The service passes this message on. `namePart`: the endpoint's name must contain it, too, because the service
   * does not show whether the link still asks.
   */
  | { readonly kind: 'message'; readonly message: string; readonly namePart?: string | undefined };
