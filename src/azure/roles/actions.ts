import { targetTypes, type TargetType } from '../../connections/target-type';

/** The RBAC actions that the calls to one kind of target need, as Microsoft's pages of provider operations spell them. */
export interface TargetActions {
  readonly target: { readonly read: string };
  readonly connections: { readonly read: string; readonly write: string; readonly delete: string };
  /**
   * "Approve or reject a connection", where Azure lists it. No call names it, but Azure's own approver role holds it beside the write of
   * the connection, and approvals were refused without it. It gives nothing to whoever may write the state but cannot make endpoints.
   */
  readonly approval: string | undefined;
  /** For the URLs on which the provider reports on its operations, where those are not the connection's own. */
  readonly operations: readonly OperationAction[];
}

export interface OperationAction {
  readonly action: string;
  /** Where a role must hold it: operation URLs of a region are below the subscription, not below the target. */
  readonly heldOn: 'target' | 'subscription';
  /** False: Azure asks for it, but no page lists it, and a role definition that names it is refused. */
  readonly isDocumented: boolean;
}

/** Every call of the connection stores, the resource reader and the operation reader. */
export const armActions: Readonly<Record<TargetType, TargetActions>> = {
  'Microsoft.KeyVault/vaults': {
    ...actionsOf('Microsoft.KeyVault/vaults'),
    approval: 'Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action',
  },
  'Microsoft.KeyVault/managedHSMs': {
    ...actionsOf('Microsoft.KeyVault/managedHSMs'),
    approval: 'Microsoft.KeyVault/managedHSMs/PrivateEndpointConnectionsApproval/action',
  },
  // The one without an approval of its own.
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

/** Every call of the finders, whatever the types. A list of subscriptions needs none: ARM shows what one has a role on. */
export const searchActions = {
  graph: 'Microsoft.ResourceGraph/resources/read',
  list: 'Microsoft.Resources/subscriptions/resources/read',
} as const;

/** What a policy that reads the requester's endpoint needs on the requester's subscription. */
export const endpointAction = 'Microsoft.Network/privateEndpoints/read';

/** What whoever runs `postern doctor` needs beside what Postern itself may do. The app never calls these. */
export const doctorActions: readonly string[] = [
  'Microsoft.Authorization/permissions/read',
  'Microsoft.Authorization/roleDefinitions/read',
  'Microsoft.Resources/subscriptions/providers/read',
  'Microsoft.EventGrid/systemTopics/read',
  'Microsoft.EventGrid/systemTopics/eventSubscriptions/read',
];

/** What Postern needs on a target of this type, or above it. */
export function actionsOnTarget(type: TargetType): readonly string[] {
  const { target, connections, approval, operations } = armActions[type];
  const below = operations.filter(({ heldOn }) => heldOn === 'target').map(({ action }) => action);
  const approvals = approval === undefined ? [] : [approval];
  return [target.read, connections.read, connections.write, connections.delete, ...approvals, ...below];
}

/** What Postern needs on a watched subscription itself, or above it: a resource group's role does not cover it. */
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
