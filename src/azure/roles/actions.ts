import type { ManagedOwnerType } from '../../connections/managed-endpoint-reader';
import {
  isOwnStoreType,
  type OwnStoreType,
  ownStoreTypes,
  type TargetType,
} from '../../connections/target-type';
import listedActions from './type-actions.json';

/**
 * The RBAC actions that calls to one type of target need, in the spelling of Microsoft's lists of provider
 * operations.
 */
export interface TargetActions {
  readonly target: { readonly read: string };
  readonly connections: { readonly read: string; readonly write: string; readonly delete: string };
  /**
   * The action "Approve or reject a connection", where Azure lists it. No call names it, but Azure's own
   * approver role has it beside the write of the connection, and approvals were refused without it. It grants
   * nothing to an identity that may write the state but cannot create endpoints.
   */
  readonly approval: string | undefined;
  /** The actions on operation URLs, where those are not the connection's own. */
  readonly operations: readonly OperationAction[];
}

export interface OperationAction {
  readonly action: string;
  /** The scope of the role: operation URLs of a region are below the subscription, not below the target. */
  readonly heldOn: 'target' | 'subscription';
  /**
   * Whether Azure lists the action. Azure requires even an unlisted one, but refuses a role definition that
   * names it.
   */
  readonly isDocumented: boolean;
}

/** The actions for every call of the types with a store of their own, the resource reader and the operation reader. */
export const armActions: Readonly<Record<OwnStoreType, TargetActions>> = {
  'Microsoft.KeyVault/vaults': {
    ...actionsOf('Microsoft.KeyVault/vaults'),
    approval: 'Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action',
  },
  'Microsoft.KeyVault/managedHSMs': {
    ...actionsOf('Microsoft.KeyVault/managedHSMs'),
    approval: 'Microsoft.KeyVault/managedHSMs/PrivateEndpointConnectionsApproval/action',
  },
  // The only type without an approval action.
  'Microsoft.ApiManagement/service': actionsOf('Microsoft.ApiManagement/service', {
    action: 'Microsoft.ApiManagement/service/privateEndpointConnections/operationresults/read',
    heldOn: 'target',
    isDocumented: false,
  }),
  'Microsoft.Compute/diskAccesses': {
    ...actionsOf('Microsoft.Compute/diskAccesses', {
      action: 'Microsoft.Compute/locations/diskOperations/read',
      heldOn: 'subscription',
      isDocumented: true,
    }),
    approval: 'Microsoft.Compute/diskAccesses/privateEndpointConnectionsApproval/action',
  },
};

/**
 * The actions for every call of the finders, whatever the types. Listing subscriptions needs none: ARM shows
 * those where the caller has a role.
 */
export const searchActions = {
  graph: 'Microsoft.ResourceGraph/resources/read',
  list: 'Microsoft.Resources/subscriptions/resources/read',
} as const;

/** The action for policies that read the requester's endpoint, on the requester's subscription. */
export const endpointAction = 'Microsoft.Network/privateEndpoints/read';

/** The action for policies that read where the requester lives, on the requester's subscription. */
export const subscriptionAction = 'Microsoft.Resources/subscriptions/read';

/** The action for policies that read the peerings of the requester's network, on that network. */
export const networkAction = 'Microsoft.Network/virtualNetworks/read';

/**
 * The actions for policies that read which resource of ours is behind a managed endpoint, on the subscriptions of
 * such resources: the index shows only what may be read. Azure lists no action for managed endpoints of Grafana, so
 * that no role can name one: there it takes a wider role, such as Reader.
 */
export const managedEndpointActions: Readonly<Record<ManagedOwnerType, readonly string[]>> = {
  'Microsoft.Search/searchServices': [
    'Microsoft.Search/searchServices/read',
    'Microsoft.Search/searchServices/sharedPrivateLinkResources/read',
  ],
  'Microsoft.SignalRService/signalR': [
    'Microsoft.SignalRService/SignalR/read',
    'Microsoft.SignalRService/SignalR/sharedPrivateLinkResources/read',
  ],
  'Microsoft.SignalRService/webPubSub': [
    'Microsoft.SignalRService/WebPubSub/read',
    'Microsoft.SignalRService/WebPubSub/sharedPrivateLinkResources/read',
  ],
  'Microsoft.Dashboard/grafana': [],
  'Microsoft.DataFactory/factories': [
    'Microsoft.DataFactory/factories/read',
    'Microsoft.DataFactory/factories/managedVirtualNetworks/read',
    'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints/read',
  ],
  'Microsoft.Kusto/clusters': [
    'Microsoft.Kusto/Clusters/read',
    'Microsoft.Kusto/Clusters/ManagedPrivateEndpoints/read',
  ],
  'Microsoft.StreamAnalytics/clusters': [
    'Microsoft.StreamAnalytics/clusters/Read',
    'Microsoft.StreamAnalytics/clusters/privateEndpoints/Read',
  ],
  'Microsoft.Cdn/profiles': [
    'Microsoft.Cdn/profiles/read',
    'Microsoft.Cdn/profiles/origingroups/read',
    'Microsoft.Cdn/profiles/origingroups/origins/read',
  ],
};

/** Lists the actions for managed endpoints of all services. */
export const allManagedEndpointActions: readonly string[] = Object.values(managedEndpointActions).flat();

/** The actions for running `postern doctor`, beside Postern's own. The app never uses them. */
export const doctorActions: readonly string[] = [
  'Microsoft.Authorization/permissions/read',
  'Microsoft.Authorization/roleDefinitions/read',
  'Microsoft.Resources/subscriptions/providers/read',
  'Microsoft.EventGrid/systemTopics/read',
  'Microsoft.EventGrid/systemTopics/eventSubscriptions/read',
];

/** The actions of one type of target as far as Azure lists them: no role can name any other. */
interface ListedActions {
  readonly target?: string | undefined;
  readonly read?: string | undefined;
  readonly write?: string | undefined;
  readonly delete?: string | undefined;
  readonly approval?: string | undefined;
  /** Actions on connections that are listed below another name, or the wildcard that covers one that is not listed. */
  readonly elsewhere?: readonly string[] | undefined;
  /** The reads of operation URLs, of the target and of its region. */
  readonly operations?: readonly string[] | undefined;
  readonly note?: string | undefined;
}

/** Lists the actions that Postern needs on a target of this type, or above it. */
export function actionsOnTarget(type: TargetType): readonly string[] {
  if (!isOwnStoreType(type))
    return [...namedOf(type), ...operationsOf(type).filter((action) => isBelow(type, action))];
  const { target, connections, approval, operations } = armActions[type];
  const below = operations.filter(({ heldOn }) => heldOn === 'target').map(({ action }) => action);
  const approvals = approval === undefined ? [] : [approval];
  return [target.read, connections.read, connections.write, connections.delete, ...approvals, ...below];
}

/**
 * Lists the actions that Postern needs on a watched subscription itself, or above it: a role on a resource
 * group does not cover them.
 */
export function actionsOnSubscription(types: readonly TargetType[] = ownStoreTypes): readonly string[] {
  return [...new Set(types.flatMap(regionalActionsOf)), searchActions.graph, searchActions.list];
}

/** Describes the calls of a type that no role can cover, for people; returns `undefined` if all are covered. */
export function unlistedActionsOf(type: TargetType): string | undefined {
  if (isOwnStoreType(type)) return undefined;
  const { target, read, write, delete: remove, elsewhere, note } = listedOf(type);
  const calls = { target, read, write, delete: remove };
  const missing = Object.entries(calls).flatMap(([call, action]) => (action === undefined ? [call] : []));
  if (missing.length === 0) return undefined;
  const instead = elsewhere === undefined ? '' : ` (the role names ${elsewhere.join(', ')} instead)`;
  return `Azure lists no action for: ${missing.join(', ')}${instead}${note === undefined ? '' : `; ${note}`}`;
}

/** Lists the actions on operation URLs of a type that lie below the subscription, not below the target. */
export function regionalActionsOf(type: TargetType): readonly string[] {
  if (!isOwnStoreType(type)) return operationsOf(type).filter((action) => !isBelow(type, action));
  return armActions[type].operations
    .filter(({ heldOn }) => heldOn === 'subscription')
    .map(({ action }) => action);
}

function namedOf(type: TargetType): readonly string[] {
  const { target, read, write, delete: remove, approval, elsewhere = [] } = listedOf(type);
  return [target, read, write, remove, approval, ...elsewhere].flatMap((action) => action ?? []);
}

function operationsOf(type: TargetType): readonly string[] {
  return listedOf(type).operations ?? [];
}

function isBelow(type: TargetType, action: string): boolean {
  return action.toLowerCase().startsWith(`${type.toLowerCase()}/`);
}

/** Returns the listed actions; of a type that was added by a setting, those of the usual pattern. */
function listedOf(type: TargetType): ListedActions {
  const listed = (listedActions as Readonly<Record<string, ListedActions | undefined>>)[type];
  if (listed !== undefined) return listed;
  const { target, connections } = actionsOf(type);
  return { target: target.read, ...connections };
}

function actionsOf(type: TargetType, ...operations: readonly OperationAction[]): TargetActions {
  const connections = `${type}/privateEndpointConnections`;
  return {
    target: { read: `${type}/read` },
    connections: {
      read: `${connections}/read`,
      write: `${connections}/write`,
      delete: `${connections}/delete`,
    },
    approval: undefined,
    operations,
  };
}
