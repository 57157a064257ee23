import { answerMetadata, answerPermissions, answerResource, answerSubscriptions } from './answer-arm';
import type { ArmExchange } from './arm-exchange';
import { parseArmPath, type ArmPath } from './arm-path';
import { notFound } from './not-found';
import { answerFunctionApp, isDeployed, listRoleDefinitions, type Deployed } from './deployed';
import { answerProvider, unknownVersion, type KnownVersions } from './routes/provider-routes';
import { answerResourceList, type MayRead } from './resource-list';
import {
  authorize,
  authorizeQuery,
  isAllowed,
  seesSubscription,
  type AccessRules,
  type DenyRule,
} from '../access/authorization';
import { listEventSubscriptions, listSystemTopics, type SystemTopic } from '../events/system-topics';
import type { FiredFault } from '../faults/fault-rule';
import { withLies, operationLies, saysNotFound } from '../faults/lies';
import { plantedRows, type PlantedRow } from './planted-query';
import { typeOfId } from '../model/planted';
import { answerGraph, subscriptionsIn, type GraphOptions } from './resource-graph';
import { retryAfterText, type LocalClock } from '../model/local-clock';
import { armError, notSupported, type LocalRequest, type LocalResponse } from '../http/message';
import type { Principal, TokenStore } from '../access/principals';
import type { RequestRecord } from '../http/request-log';
import { permissionOf, queryPermission } from '../access/required-permission';
import { groupRow, subscriptionRow, type SubscriptionPlaces } from '../access/subscriptions';
import { assignmentsOf, permissionsOn, type RoleAssignment } from '../access/roles';
import type { Throttle } from './throttle';
import { isForeign, tenantOfPath, wrongTenant, type Tenants } from '../access/tenants';
import { subscriptionsOf, type TargetProfile, type World } from '../model/world';

export interface ArmParts {
  readonly clock: LocalClock;
  readonly world: World;
  readonly tokens: TokenStore;
  readonly tenants: Tenants;
  readonly places: SubscriptionPlaces;
  readonly deny: readonly DenyRule[];
  readonly roles: readonly RoleAssignment[];
  readonly systemTopics: readonly SystemTopic[];
  readonly deployed: Deployed;
  readonly profiles: readonly TargetProfile[];
  readonly throttle: Throttle;
  readonly subscriptions: readonly string[];
  readonly graph: GraphOptions;
  readonly apiVersions: KnownVersions;
}

export interface ArmStep {
  readonly record: RequestRecord;
  readonly url: URL;
  readonly fired: readonly FiredFault[];
  readonly caller: Principal | LocalResponse;
}

/**
 * Answers as ARM's gateway: checks token, api-version, RBAC and rate limits, then calls the resource
 * provider.
 */
export function answerArm(parts: ArmParts, request: LocalRequest, step: ArmStep): LocalResponse {
  const { url, caller } = step;
  const path = parseArmPath(url.pathname, parts.profiles);
  if (path.kind === 'metadata') return answerMetadata(url.origin);
  const refusal = refuseOtherTenant(parts, url, caller);
  if (refusal !== undefined) return refusal;
  if (path.kind === 'unsupported') return notSupported(path.what);
  if ('kind' in caller) return caller;
  const problem =
    apiVersionProblem(url.searchParams.get('api-version')) ?? unknownVersion(url, parts.apiVersions);
  if (problem !== undefined) return problem;
  if (path.kind === 'resource-graph') return withLies(answerQuery(parts, request, caller), step.fired);
  const permission = permissionOf(request.method, path);
  const denied = permission === undefined ? undefined : authorize(caller, permission, parts);
  if (denied !== undefined) return denied;
  if (path.kind === 'subscriptions') return answerSubscriptionList(parts, caller);
  if (path.kind === 'subscription')
    return answerSubscriptions(
      [path.subscriptionId],
      tenantOfPath(parts.tenants, url.pathname),
      path.subscriptionId,
    );
  return throttled(parts, { method: request.method, path, caller }, () =>
    answerWithin(parts, request, { ...step, caller, path }),
  );
}

/** Refuses a request below another tenant's subscription, whatever its token and its path. */
function refuseOtherTenant(
  { tenants }: ArmParts,
  url: URL,
  caller: Principal | LocalResponse,
): LocalResponse | undefined {
  const tenant = tenantOfPath(tenants, url.pathname);
  if ('kind' in caller) return tenant === tenants.home ? undefined : caller;
  const own = caller.tenantId ?? tenants.home;
  return tenant === own || !/^\/subscriptions\/[^/]/i.test(url.pathname)
    ? undefined
    : wrongTenant(own, tenant);
}

type PathWithin = ArmPath & { readonly subscriptionId: string };

function answerWithin(
  parts: ArmParts,
  request: LocalRequest,
  { url, caller, path, record, fired }: ArmStep & { readonly caller: Principal; readonly path: PathWithin },
): LocalResponse {
  const { world, systemTopics } = parts;
  const { method } = request;
  switch (path.kind) {
    case 'resources': {
      const { subscriptionId } = path;
      return answerResourceList(world, { request, url, subscriptionId, mayRead: mayRead(caller, parts) });
    }
    case 'permissions':
      return answerPermissions(method, permissionsOn(path.scope, assignmentsOf(caller, parts.roles)));
    case 'provider':
      return answerProvider(method, path, parts.apiVersions);
    case 'system-topics':
      return listSystemTopics(systemTopics, { method, url, ...path });
    case 'event-subscriptions':
      return listEventSubscriptions(systemTopics, { method, url, ...path });
    case 'role-definitions':
      return listRoleDefinitions(parts.deployed, method, path);
    case 'function-app':
      return answerFunctionApp(parts.deployed, method, path);
    case 'target':
      // A site is a function app of the deployment, or a target like any other.
      if (isDeployed(parts.deployed, path.targetId))
        return answerFunctionApp(parts.deployed, method, {
          ...path,
          name: path.targetName,
          functionName: undefined,
        });
      return answerAsProvider(parts, request, { url, caller, path, record, fired });
    default:
      return answerAsProvider(parts, request, { url, caller, path, record, fired });
  }
}

function answerAsProvider(
  { world, tenants }: ArmParts,
  request: LocalRequest,
  { url, caller, path, record, fired }: ArmStep & { readonly caller: Principal; readonly path: PathWithin },
): LocalResponse {
  const apiVersion = url.searchParams.get('api-version') ?? '';
  const operation = operationLies(fired);
  const exchange = { world, tenants, request, url, apiVersion, actor: caller, record, operation };
  return withProviderHeaders(answerOrLie(exchange, path, fired), path);
}

function answerOrLie(exchange: ArmExchange, path: PathWithin, fired: readonly FiredFault[]): LocalResponse {
  const lost = saysNotFound(fired);
  if (lost?.when === 'before') return notFound(path, lost.what);
  const right = answerResource(exchange, path);
  if (lost !== undefined) return notFound(path, lost.what);
  // An endpoint shows its own copy of the state, without the lie.
  return path.kind === 'endpoint' ? right : withLies(right, fired);
}

function mayRead(caller: Principal, parts: AccessRules & Pick<ArmParts, 'tenants'>): MayRead {
  return ({ profile, id, subscriptionId }) =>
    !isForeign(parts.tenants, caller, subscriptionId) &&
    isAllowed(caller, { action: `${profile.type}/read`, scope: id }, parts);
}

function answerSubscriptionList(parts: ArmParts, caller: Principal): LocalResponse {
  const all = subscriptionsOf(parts.world, parts.subscriptions);
  const seen = all.filter(
    (subscriptionId) =>
      !isForeign(parts.tenants, caller, subscriptionId) && seesSubscription(caller, subscriptionId, parts),
  );
  return answerSubscriptions(seen, caller.tenantId ?? parts.tenants.home);
}

function answerQuery(parts: ArmParts, request: LocalRequest, caller: Principal): LocalResponse {
  const asked = { required: queryPermission, subscriptions: subscriptionsIn(request) };
  const denied = authorizeQuery(caller, asked, parts);
  if (denied !== undefined) return denied;
  const containers = {
    subscriptions: () => visibleSubscriptions(parts, caller),
    groups: () => visibleGroups(parts, caller),
  };
  const planted = (query: string): ReturnType<typeof plantedRows> =>
    plantedRows(query, visiblePlanted(parts, caller), (id) => parts.tenants.tenantOf(id));
  const options = { ...parts.graph, mayRead: mayRead(caller, parts), containers, planted };
  return limitedQuery(parts, caller, () => answerGraph(parts.world, request, options));
}

/**
 * Lists the subscriptions that Resource Graph shows to a caller: those of its tenant, and those of others that were
 * delegated to it. What the caller may not read is left out without a sign.
 */
function visibleSubscriptions(parts: ArmParts, caller: Principal): readonly Record<string, string>[] {
  const { world, places, tenants } = parts;
  const ids = new Set(
    [...subscriptionsOf(world, parts.subscriptions), ...places.ids].map((id) => id.toLowerCase()),
  );
  return [...ids]
    .filter((id) => !isForeign(tenants, caller, id) || places.of(id).isDelegated === true)
    .filter((id) =>
      isAllowed(
        caller,
        { action: 'Microsoft.Resources/subscriptions/read', scope: `/subscriptions/${id}` },
        parts,
      ),
    )
    .toSorted()
    .map((id) => subscriptionRow(id, places.of(id), tenants));
}

/** Lists the planted resources that the caller may read; those of a delegated subscription are among them. */
function visiblePlanted(parts: ArmParts, caller: Principal): readonly PlantedRow[] {
  const { world, places, tenants } = parts;
  return [...world.planted.values()]
    .map((resource) => {
      const [, , subscriptionId = ''] = resource.id.split('/');
      return { resource, type: typeOfId(resource.id) ?? '', subscriptionId };
    })
    .filter(
      ({ resource, type, subscriptionId }) =>
        (!isForeign(tenants, caller, subscriptionId) || places.of(subscriptionId).isDelegated === true) &&
        (resource.graph === 'embedded' ||
          isAllowed(caller, { action: `${type}/read`, scope: resource.id }, parts)),
    );
}

/** Lists the management groups of the caller's tenant that it may read. Nobody can delegate a group. */
function visibleGroups(parts: ArmParts, caller: Principal): readonly Record<string, string>[] {
  const { places, tenants } = parts;
  const own = places.ids.filter((id) => !isForeign(tenants, caller, id));
  const names = new Set(own.flatMap((id) => (places.of(id).groups ?? []).map(({ name }) => name)));
  return [...names]
    .toSorted()
    .map((name) => groupRow(name, caller.tenantId ?? tenants.home))
    .filter(({ id }) =>
      isAllowed(caller, { action: 'Microsoft.Management/managementGroups/read', scope: id }, parts),
    );
}

function throttled(
  { throttle, clock }: ArmParts,
  { method, path, caller }: { method: string; path: ArmPath & { subscriptionId: string }; caller: Principal },
  answer: () => LocalResponse,
): LocalResponse {
  const { subscriptionId } = path;
  const spent = throttle.take({ subscriptionId, principal: caller.objectId, method });
  if (!spent.exceeded) {
    const reply = answer();
    return { ...reply, headers: { ...reply.headers, ...spent.headers } };
  }
  const seconds = retryAfterText(clock, spent.waitSeconds);
  const message = `Number of requests for subscription '${subscriptionId}' and operation '${method}' exceeded the backend storage limit. Please try again after '${seconds}' seconds.`;
  return armError(429, 'SubscriptionRequestsThrottled', message, {
    ...spent.headers,
    'retry-after': seconds,
    'x-ms-failure-cause': 'gateway',
  });
}

function limitedQuery(
  { throttle, clock }: ArmParts,
  caller: Principal,
  answer: () => LocalResponse,
): LocalResponse {
  const { headers, exceeded, waitSeconds } = throttle.takeQuery(caller.objectId);
  if (!exceeded) {
    const reply = answer();
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }
  const message = 'Client application has been throttled and should not attempt to repeat the request.';
  return armError(429, 'RateLimiting', message, {
    ...headers,
    'retry-after': retryAfterText(clock, waitSeconds),
  });
}

/** Adds the provider's headers, except to replies that ARM's gateway made itself. */
function withProviderHeaders(reply: LocalResponse, path: ArmPath): LocalResponse {
  if (!('profile' in path) || reply.headers['x-ms-failure-cause'] === 'gateway') return reply;
  const { profile } = path;
  const isDisk = profile.type === 'Microsoft.Compute/diskAccesses';
  // The disk provider indents its JSON.
  const body =
    isDisk && reply.body !== ''
      ? JSON.stringify(JSON.parse(reply.body), undefined, 2).replace(/\n/g, '\r\n')
      : reply.body;
  return { ...reply, body, headers: { ...reply.headers, ...profile.headers } };
}

function apiVersionProblem(apiVersion: string | null): LocalResponse | undefined {
  if (apiVersion === null || apiVersion === '') {
    const message = 'The api-version query parameter (?api-version=) is required for all requests.';
    return armError(400, 'MissingApiVersionParameter', message);
  }
  if (/^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i.test(apiVersion)) return undefined;
  return armError(400, 'InvalidApiVersionParameter', `The api-version '${apiVersion}' is invalid.`);
}
