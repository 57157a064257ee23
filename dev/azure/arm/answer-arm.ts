import { jsonResponse, notSupported, type LocalResponse } from '../http/message';
import type { HeldPermission } from '../access/roles';
import type { ArmExchange } from './arm-exchange';
import type { ArmPath } from './arm-path';
import { answerConnection, listConnections } from './routes/connection-routes';
import { answerEndpoint } from './routes/endpoint-routes';
import {
  pollDiskOperation,
  pollNetworkOperation,
  pollOperationResult,
  pollVaultOperation,
} from './routes/operation-routes';
import { answerPlanted } from './routes/planted-routes';
import { answerPrivateLinkResources, answerTarget } from './routes/target-routes';

/** Answers an authorized request to a resource. */
export function answerResource(exchange: ArmExchange, path: ArmPath): LocalResponse {
  switch (path.kind) {
    case 'target':
      return answerTarget(exchange, path);
    case 'connections':
      return listConnections(exchange, path);
    case 'connection':
      return isVaultPoll(exchange)
        ? pollVaultOperation(exchange, `${path.targetId}/privateEndpointConnections/${path.connectionName}`)
        : answerConnection(exchange, path);
    case 'operation-result':
      return pollOperationResult(
        exchange,
        `${path.targetId}/privateEndpointConnections/${path.connectionName}`,
        path.token,
      );
    case 'private-link-resources':
      return answerPrivateLinkResources(exchange, path);
    case 'disk-operation':
      return pollDiskOperation(exchange, path.operationId);
    case 'network-operation':
      return pollNetworkOperation(exchange, path.operationId);
    case 'operation':
      return pollDiskOperation(exchange, path.operationId);
    case 'endpoint':
      return answerEndpoint(exchange, path);
    case 'planted':
      return answerPlanted(exchange, path);
    case 'resource-group':
      return answerGroup(exchange, path);
    case 'metadata':
    case 'subscriptions':
    case 'subscription':
    case 'resources':
    case 'resource-graph':
    case 'permissions':
    case 'provider':
    case 'system-topics':
    case 'event-subscriptions':
    case 'role-definitions':
    case 'function-app':
    case 'unsupported':
      return notSupported(path.kind === 'unsupported' ? path.what : `${path.kind} here`);
  }
}

/** Answers the metadata request that `az cloud register` sends before it has a token. */
export function answerMetadata(origin: string): LocalResponse {
  return jsonResponse(200, {
    name: 'Local',
    resourceManager: origin,
    authentication: { loginEndpoint: `${origin}/login`, audiences: [origin], tenant: 'common' },
    // Azure CLI rejects a cloud without this URL, but never calls it.
    graphAudience: origin,
    suffixes: { keyVaultDns: '.vault.localhost' },
  });
}

export function answerSubscriptions(
  subscriptions: readonly string[],
  tenantId: string,
  only?: string,
): LocalResponse {
  const bodyOf = (subscriptionId: string, index: number): Record<string, string> => ({
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    displayName: `Local ${index + 1}`,
    state: 'Enabled',
    tenantId,
  });
  if (only !== undefined) return jsonResponse(200, bodyOf(only, 0));
  return jsonResponse(200, { value: subscriptions.map(bodyOf) });
}

/** Lists what the caller holds on a scope: one entry for each role assignment, not their union. */
export function answerPermissions(method: string, held: readonly HeldPermission[]): LocalResponse {
  if (method !== 'GET') return notSupported(`${method} on permissions`);
  const value = held.map(({ actions, notActions }) => ({
    actions,
    notActions,
    dataActions: [],
    notDataActions: [],
  }));
  return jsonResponse(200, { value });
}

/** Answers for a resource group. Every group exists without being created. */
function answerGroup(
  { request, world }: ArmExchange,
  { subscriptionId, resourceGroup }: ArmPath & { kind: 'resource-group' },
): LocalResponse {
  if (request.method !== 'GET')
    return notSupported(`${request.method} on a resource group; all of them exist`);
  const inside = [...world.targets.values()].find(
    (each) =>
      each.subscriptionId.toLowerCase() === subscriptionId.toLowerCase() &&
      each.resourceGroup.toLowerCase() === resourceGroup.toLowerCase(),
  );
  return jsonResponse(200, {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`,
    name: resourceGroup,
    type: 'Microsoft.Resources/resourceGroups',
    location: inside?.location ?? 'westeurope',
    properties: { provisioningState: 'Succeeded' },
  });
}

function isVaultPoll({ request, url }: ArmExchange): boolean {
  return request.method === 'GET' && url.searchParams.has('kv-operation');
}
