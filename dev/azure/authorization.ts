import type { ArmPath } from './arm/arm-path';
import { armError, type LocalRequest, type LocalResponse } from './local-message';
import type { Principal, TokenStore } from './principals';

/** Takes a permission away. Everything that no rule names is allowed. */
export interface DenyRule {
  /** The object id of the principal; absent: everybody. */
  readonly principal?: string | undefined;
  /** An RBAC action in any casing, `*` stands for anything, e.g. `Microsoft.KeyVault/*`. */
  readonly action: string;
  /** Everything at or below this id; absent: everywhere. */
  readonly scope?: string | undefined;
}

/** The caller, or the 401 that he gets. */
export function authenticate(
  request: LocalRequest,
  { tokens, now, audiences }: { tokens: TokenStore; now: Date; audiences: readonly string[] },
): Principal | LocalResponse {
  const [scheme, token = ''] = (request.headers['authorization'] ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === '') {
    return unauthenticated(
      tokens,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const issued = tokens.find(token);
  if (issued === undefined) {
    return unauthenticated(tokens, 'InvalidAuthenticationToken', 'The access token is invalid.');
  }
  if (issued.expiresAt <= now) {
    const message = `The access token expiry UTC time '${issued.expiresAt.toISOString()}' is earlier than current UTC time '${now.toISOString()}'.`;
    return unauthenticated(tokens, 'ExpiredAuthenticationToken', message);
  }
  const known = [...audiences, new URL(request.url).origin].map(plainAudience);
  if (!known.includes(plainAudience(issued.audience))) {
    const message = `The access token has been obtained for wrong audience or resource '${issued.audience}'. It should exactly match with one of the allowed audiences '${known.join("','")}'.`;
    return unauthenticated(tokens, 'InvalidAuthenticationTokenAudience', message);
  }
  return issued.principal;
}

/** The 403 that a rule asks for, in ARM's own words. */
export function authorize(
  principal: Principal,
  { action, scope }: RequiredPermission,
  rules: readonly DenyRule[],
): LocalResponse | undefined {
  const isDenied = rules.some(
    (rule) =>
      (rule.principal === undefined || rule.principal === principal.objectId) &&
      patternOf(rule.action).test(action) &&
      (rule.scope === undefined || scope.toLowerCase().startsWith(rule.scope.toLowerCase())),
  );
  if (!isDenied) return undefined;
  const message =
    `The client '${principal.appId}' with object id '${principal.objectId}' does not have authorization to ` +
    `perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, ` +
    'please refresh your credentials.';
  return armError(403, 'AuthorizationFailed', message, { 'x-ms-failure-cause': 'gateway' });
}

export interface RequiredPermission {
  readonly action: string;
  readonly scope: string;
}

/** What ARM asks RBAC for; `undefined` where everybody with a token gets in. */
export function permissionOf(method: string, path: ArmPath): RequiredPermission | undefined {
  const verb =
    method === 'GET' ? 'read' : method === 'DELETE' ? 'delete' : method === 'POST' ? 'action' : 'write';
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
    case 'disk-operation':
      return {
        action: 'Microsoft.Compute/locations/diskOperations/read',
        scope: `/subscriptions/${path.subscriptionId}/providers/Microsoft.Compute`,
      };
    case 'endpoint':
      return {
        action: `Microsoft.Network/privateEndpoints/${verb}`,
        scope: `/subscriptions/${path.subscriptionId}/resourceGroups/${path.resourceGroup}/providers/Microsoft.Network/privateEndpoints/${path.name}`,
      };
    case 'resources':
      return {
        action: 'Microsoft.Resources/subscriptions/resources/read',
        scope: `/subscriptions/${path.subscriptionId}`,
      };
    case 'resource-graph':
      return {
        action: 'Microsoft.ResourceGraph/resources/read',
        scope: '/providers/Microsoft.ResourceGraph',
      };
    case 'metadata':
    case 'subscriptions':
    case 'subscription':
    case 'resource-group':
    case 'network-operation':
    case 'unsupported':
      return undefined;
  }
}

function unauthenticated(tokens: TokenStore, code: string, message: string): LocalResponse {
  const challenge = `Bearer authorization_uri="https://login.windows.net/${tokens.tenantId}", error="invalid_token", error_description="${message.replace(/"/g, "'")}"`;
  return armError(401, code, message, { 'www-authenticate': challenge, 'x-ms-failure-cause': 'gateway' });
}

/** Loopback has two names here, and a token for one is good for the other. */
function plainAudience(audience: string): string {
  return audience
    .toLowerCase()
    .replace(/\/\.default$/, '')
    .replace(/\/+$/, '')
    .replace('//localhost', '//127.0.0.1');
}

function patternOf(action: string): RegExp {
  const text = action.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${text}$`, 'i');
}
