import type { ArmPath } from '../arm/arm-path';

export interface RequiredPermission {
  readonly action: string;
  readonly scope: string;
}

/** Returns the RBAC permission that ARM requires; `undefined` where any valid token is enough. */
export function permissionOf(method: string, path: ArmPath): RequiredPermission | undefined {
  const verb = verbOf(method);
  switch (path.kind) {
    case 'target':
      return { action: `${path.profile.type}/${verb}`, scope: path.targetId };
    case 'connections':
      return { action: `${path.profile.type}/privateEndpointConnections/${verb}`, scope: path.targetId };
    case 'connection':
      return {
        action: `${path.profile.type}/privateEndpointConnections/${verb}`,
        scope: `${path.targetId}/privateEndpointConnections/${path.connectionName}`,
      };
    case 'operation-result':
      return {
        action: `${path.profile.type}/privateEndpointConnections/operationresults/read`,
        scope: `${path.targetId}/privateEndpointConnections/${path.connectionName}`,
      };
    case 'private-link-resources':
      return { action: `${path.profile.type}/privateLinkResources/${verb}`, scope: path.targetId };
    case 'endpoint':
      return {
        action: `Microsoft.Network/privateEndpoints/${verb}`,
        scope: `${groupScope(path)}/providers/Microsoft.Network/privateEndpoints/${path.name}`,
      };
    // Everything that is not a resource here: subscriptions, groups, lists, operations.
    default:
      return generalPermissionOf(path, verb);
  }
}

type GeneralPath = Exclude<ArmPath, { readonly profile: unknown } | { readonly kind: 'endpoint' }>;

function generalPermissionOf(path: GeneralPath, verb: string): RequiredPermission | undefined {
  switch (path.kind) {
    case 'resources':
      return {
        action: 'Microsoft.Resources/subscriptions/resources/read',
        scope: subscriptionScope(path),
      };
    case 'provider':
      return {
        action: `Microsoft.Resources/subscriptions/providers/${verb}`,
        scope: subscriptionScope(path),
      };
    case 'subscription':
      return { action: 'Microsoft.Resources/subscriptions/read', scope: subscriptionScope(path) };
    case 'resource-group':
      return { action: `Microsoft.Resources/subscriptions/resourceGroups/${verb}`, scope: groupScope(path) };
    case 'disk-operation':
      return {
        action: 'Microsoft.Compute/locations/diskOperations/read',
        scope: `${subscriptionScope(path)}/providers/Microsoft.Compute`,
      };
    case 'network-operation':
      return {
        action: 'Microsoft.Network/locations/operations/read',
        scope: `${subscriptionScope(path)}/providers/Microsoft.Network`,
      };
    case 'operation':
      return { action: path.action, scope: path.scope };
    case 'resource-graph':
      return queryPermission;
    case 'permissions':
      return {
        action: `Microsoft.Authorization/permissions/${verb}`,
        scope: `${path.scope}/providers/Microsoft.Authorization`,
      };
    case 'system-topics':
      return { action: `Microsoft.EventGrid/systemTopics/${verb}`, scope: subscriptionScope(path) };
    case 'event-subscriptions':
      return {
        action: `Microsoft.EventGrid/systemTopics/eventSubscriptions/${verb}`,
        scope: `${groupScope(path)}/providers/Microsoft.EventGrid/systemTopics/${path.topicName}`,
      };
    case 'role-definitions':
      return { action: `Microsoft.Authorization/roleDefinitions/${verb}`, scope: subscriptionScope(path) };
    case 'planted':
      return { action: `${path.type}/${verb}`, scope: path.id };
    case 'function-app': {
      const type = path.functionName === undefined ? 'sites' : 'sites/functions';
      return {
        action: `Microsoft.Web/${type}/${verb}`,
        scope: `${groupScope(path)}/providers/Microsoft.Web/sites/${path.name}`,
      };
    }
    case 'metadata':
    // Not refused but filtered: a caller sees every subscription on which, or within which, it has a role.
    case 'subscriptions':
    case 'unsupported':
      return undefined;
  }
}

/** The permission for a Resource Graph query, a POST that only reads. */
export const queryPermission: RequiredPermission = {
  action: 'Microsoft.ResourceGraph/resources/read',
  scope: '/providers/Microsoft.ResourceGraph',
};

function verbOf(method: string): string {
  switch (method) {
    case 'GET':
      return 'read';
    case 'DELETE':
      return 'delete';
    case 'POST':
      return 'action';
    default:
      return 'write';
  }
}

function subscriptionScope({ subscriptionId }: { readonly subscriptionId: string }): string {
  return `/subscriptions/${subscriptionId}`;
}

function groupScope(path: { readonly subscriptionId: string; readonly resourceGroup: string }): string {
  return `${subscriptionScope(path)}/resourceGroups/${path.resourceGroup}`;
}
