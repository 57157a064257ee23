import { armError, jsonResponse, type LocalRequest, type LocalResponse } from '../http/message';
import type { Principal, TokenStore } from './principals';
import type { RequiredPermission } from './required-permission';
import { assignmentsOf, holds, isWithin, namesAction, permissionsOn, type RoleAssignment } from './roles';
import { challengeOf } from './tenants';

/** Takes a permission away, from whoever has it. */
export interface DenyRule {
  /** The object id of the principal; absent: everybody. */
  readonly principal?: string | undefined;
  /** An RBAC action in any casing, `*` stands for anything, e.g. `Microsoft.KeyVault/*`. */
  readonly action: string;
  /** Everything at or below this id; absent: everywhere. */
  readonly scope?: string | undefined;
}

export interface Authentication {
  readonly tokens: TokenStore;
  readonly now: Date;
  readonly audiences: readonly string[];
  /** The tenant whose tokens would do; every 401 names it. Default: the home tenant. */
  readonly tenantId?: string | undefined;
}

/** The caller, or the 401 that he gets. */
export function authenticate(
  request: LocalRequest,
  { tokens, now, audiences, tenantId = tokens.tenantId }: Authentication,
): Principal | LocalResponse {
  const [scheme, token = ''] = (request.headers['authorization'] ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === '') {
    return unauthenticated(
      tenantId,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      "The authentication failed because of missing 'Authorization' header.",
    );
  }
  const issued = tokens.find(token);
  if (issued === undefined) {
    return unauthenticated(tenantId, 'InvalidAuthenticationToken', 'The access token is invalid.');
  }
  if (issued.expiresAt <= now) {
    const message = `The access token expiry UTC time '${issued.expiresAt.toISOString()}' is earlier than current UTC time '${now.toISOString()}'.`;
    return unauthenticated(tenantId, 'ExpiredAuthenticationToken', message);
  }
  const known = [...audiences, new URL(request.url).origin].map(plainAudience);
  if (!known.includes(plainAudience(issued.audience))) {
    const message = `The access token has been obtained for wrong audience or resource '${issued.audience}'. It should exactly match with one of the allowed audiences '${known.join("','")}'.`;
    return unauthenticated(tenantId, 'InvalidAuthenticationTokenAudience', message);
  }
  return issued.principal;
}

/** What decides about everybody's access. Both lists may change while the local Azure runs. */
export interface AccessRules {
  readonly deny: readonly DenyRule[];
  readonly roles: readonly RoleAssignment[];
}

/** Roles allow, rules deny, and denying wins. A principal without any role is allowed everything. */
export function isAllowed(
  principal: Principal,
  { action, scope }: RequiredPermission,
  rules: AccessRules,
): boolean {
  const held = permissionsOn(scope, assignmentsOf(principal, rules.roles));
  return held.some((each) => holds(each, action)) && !isDenied(principal, { action, scope }, rules);
}

/** The 403 for what is not allowed, in ARM's own words. */
export function authorize(
  principal: Principal,
  required: RequiredPermission,
  rules: AccessRules,
): LocalResponse | undefined {
  return isAllowed(principal, required, rules) ? undefined : refusal(principal, required);
}

/**
 * Resource Graph's own check, because roles are held on subscriptions and its path is above them: the action must be
 * held on, or in, one of the subscriptions that are asked about; of any, when none is named. Whether Azure asks for the
 * action below the tenant is not documented; this is the strict reading.
 */
export function authorizeQuery(
  principal: Principal,
  asked: { readonly required: RequiredPermission; readonly subscriptions: readonly string[] },
  rules: AccessRules,
): LocalResponse | undefined {
  const { required, subscriptions } = asked;
  if (isDenied(principal, required, rules)) return refusal(principal, required);
  const roles = assignmentsOf(principal, rules.roles);
  if (roles === undefined) return undefined;
  const isAsked = (scope: string): boolean =>
    subscriptions.length === 0 || subscriptions.some((id) => touches(scope, id));
  const mayAsk = roles.some(
    ({ scope, actions, notActions = [] }) =>
      isAsked(scope) && holds({ actions, notActions }, required.action),
  );
  if (mayAsk) return undefined;
  const message = 'Access is denied to the requested resource. The user might not have enough permission.';
  return jsonResponse(403, {
    error: {
      code: 'AccessDenied',
      message: 'Please provide below info when asking for support.',
      details: [{ code: 'AccessDenied', message }],
    },
  });
}

/** Whether the principal has a role on the subscription, above it or somewhere in it. */
export function seesSubscription(principal: Principal, subscriptionId: string, rules: AccessRules): boolean {
  const roles = assignmentsOf(principal, rules.roles);
  return roles === undefined || roles.some(({ scope }) => touches(scope, subscriptionId));
}

function touches(scope: string, subscriptionId: string): boolean {
  const subscription = `/subscriptions/${subscriptionId}`;
  return isWithin(scope, subscription) || isWithin(subscription, scope);
}

function isDenied(principal: Principal, { action, scope }: RequiredPermission, rules: AccessRules): boolean {
  return rules.deny.some(
    (rule) =>
      (rule.principal === undefined || rule.principal === principal.objectId) &&
      namesAction(rule.action, action) &&
      (rule.scope === undefined || isWithin(scope, rule.scope)),
  );
}

function refusal({ appId, objectId }: Principal, { action, scope }: RequiredPermission): LocalResponse {
  const message =
    `The client '${appId}' with object id '${objectId}' does not have authorization to ` +
    `perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, ` +
    'please refresh your credentials.';
  return armError(403, 'AuthorizationFailed', message, { 'x-ms-failure-cause': 'gateway' });
}

function unauthenticated(
  tenantId: string,
  code: string,
  message: string,
  description: string = message,
): LocalResponse {
  const challenge = challengeOf(tenantId, description);
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
