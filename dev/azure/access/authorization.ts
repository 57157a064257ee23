import { armError, jsonResponse, type LocalRequest, type LocalResponse } from '../http/message';
import type { Principal, TokenStore } from './principals';
import type { RequiredPermission } from './required-permission';
import { assignmentsOf, holds, isWithin, namesAction, permissionsOn, type RoleAssignment } from './roles';
import { challengeOf } from './tenants';

/** A rule that denies an action, whoever's role grants it. */
export interface DenyRule {
  /** The object id of the principal. Absent: every principal. */
  readonly principal?: string | undefined;
  /** An RBAC action in any casing, `*` stands for anything, e.g. `Microsoft.KeyVault/*`. */
  readonly action: string;
  /** A resource id; the rule applies to it and below. Absent: everywhere. */
  readonly scope?: string | undefined;
}

export interface Authentication {
  readonly tokens: TokenStore;
  readonly now: Date;
  readonly audiences: readonly string[];
  /** The tenant that a valid token would come from; every 401 names it. Default: the home tenant. */
  readonly tenantId?: string | undefined;
}

/** Returns the caller, or the 401 response. */
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

/** The rules that decide about access. Both lists may change while the local Azure runs. */
export interface AccessRules {
  readonly deny: readonly DenyRule[];
  readonly roles: readonly RoleAssignment[];
}

/**
 * Returns whether a role grants the action and no rule denies it. A principal without any role is allowed
 * everything.
 */
export function isAllowed(
  principal: Principal,
  { action, scope }: RequiredPermission,
  rules: AccessRules,
): boolean {
  const held = permissionsOn(scope, assignmentsOf(principal, rules.roles));
  return held.some((each) => holds(each, action)) && !isDenied(principal, { action, scope }, rules);
}

/** Returns ARM's 403 response if the action is not allowed. */
export function authorize(
  principal: Principal,
  required: RequiredPermission,
  rules: AccessRules,
): LocalResponse | undefined {
  return isAllowed(principal, required, rules) ? undefined : refusal(principal, required);
}

/**
 * Returns Resource Graph's 403 response if the query is not allowed. Roles are held on subscriptions, and the
 * path of a query is above them: the action must be held on, or within, one of the queried subscriptions, or
 * on any subscription if the query names none. Azure does not document whether it checks the action below the
 * tenant; this is the strict reading.
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

/** Returns whether the principal has a role on the subscription, above it or within it. */
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

/** Normalizes an audience. Loopback has two names here, and a token for one is valid for the other. */
function plainAudience(audience: string): string {
  return audience
    .toLowerCase()
    .replace(/\/\.default$/, '')
    .replace(/\/+$/, '')
    .replace('//localhost', '//127.0.0.1');
}
