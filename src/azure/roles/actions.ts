import { targetTypes, type TargetType } from '../../connections/target-type';

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

/** The actions for every call of the connection stores, the resource reader and the operation reader. */
export const armActions: Readonly<Record<TargetType, TargetActions>> = {
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

/** The actions for running `postern doctor`, beside Postern's own. The app never uses them. */
export const doctorActions: readonly string[] = [
  'Microsoft.Authorization/permissions/read',
  'Microsoft.Authorization/roleDefinitions/read',
  'Microsoft.Resources/subscriptions/providers/read',
  'Microsoft.EventGrid/systemTopics/read',
  'Microsoft.EventGrid/systemTopics/eventSubscriptions/read',
];

/** Lists the actions that Postern needs on a target of this type, or above it. */
export function actionsOnTarget(type: TargetType): readonly string[] {
  const { target, connections, approval, operations } = armActions[type];
  const below = operations.filter(({ heldOn }) => heldOn === 'target').map(({ action }) => action);
  const approvals = approval === undefined ? [] : [approval];
  return [target.read, connections.read, connections.write, connections.delete, ...approvals, ...below];
}

/**
 * Lists the actions that Postern needs on a watched subscription itself, or above it: a role on a resource
 * group does not cover them.
 */
export function actionsOnSubscription(types: readonly TargetType[] = targetTypes): readonly string[] {
  const operations = types
    .flatMap((type) => armActions[type].operations)
    .filter(({ heldOn }) => heldOn === 'subscription')
    .map(({ action }) => action);
  return [...operations, searchActions.graph, searchActions.list];
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
