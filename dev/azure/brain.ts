import { answerMetadata, answerResource, answerSubscriptions } from './arm/answer-arm';
import { parseArmPath, type ArmPath } from './arm/arm-path';
import { answerResourceList, type MayRead } from './arm/resource-list';
import { applyAfter, applyBefore, vanish } from './apply-faults';
import { authenticate, authorize, permissionOf, type DenyRule } from './authorization';
import type { Control } from './control';
import type { FaultPlan, FiredFault } from './faults';
import { answerGraph, type GraphOptions } from './graph';
import { answerIdentity, type IdentityOptions } from './identity';
import { isIngestionPath, type Ingestion } from './ingestion';
import { retryAfterText, type LocalClock } from './local-clock';
import {
  armError,
  emptyResponse,
  notSupported,
  type LocalReply,
  type LocalRequest,
  type LocalResponse,
} from './local-message';
import type { Principal, TokenStore } from './principals';
import type { TargetProfile } from './profiles/target-profile';
import type { RequestArea, RequestLog, RequestRecord } from './request-log';
import { dressArmResponse } from './response-headers';
import type { Throttle } from './throttle';
import { subscriptionsOf, type World } from './world';

/** Answers requests, whichever mount they came through. Never throws. */
export interface Brain {
  /** Everything that is served over TLS: ARM, Resource Graph, ingestion, `/_local/…`. */
  handle(request: LocalRequest): Promise<LocalReply>;
  /** The managed identity endpoint, which App Service serves over plain http. */
  handleIdentity(request: LocalRequest): Promise<LocalReply>;
}

export interface BrainParts {
  readonly clock: LocalClock;
  readonly world: World;
  readonly tokens: TokenStore;
  readonly identity: IdentityOptions;
  readonly faults: FaultPlan;
  readonly deny: readonly DenyRule[];
  readonly requests: RequestLog;
  readonly ingestion: Ingestion;
  readonly profiles: readonly TargetProfile[];
  readonly throttle: Throttle;
  readonly subscriptions: readonly string[];
  readonly graph: GraphOptions;
  readonly onRequest: (record: RequestRecord) => void;
  readonly control: () => Control;
}

export function createBrain(parts: BrainParts): Brain {
  return {
    handle: (request) => {
      const { pathname } = new URL(request.url);
      if (/^\/_local(\/|$)/i.test(pathname)) return parts.control().answer(request);
      if (isIngestionPath(pathname)) {
        return observe(parts, request, 'ingestion', () => parts.ingestion.answer(request));
      }
      const area = /resourcegraph/i.test(pathname) ? 'graph' : 'arm';
      return observe(parts, request, area, (step) => answerArm(parts, request, step));
    },
    handleIdentity: (request) =>
      observe(parts, request, 'identity', () =>
        answerIdentity(request, { options: parts.identity, tokens: parts.tokens }),
      ),
  };
}

interface Step {
  readonly record: RequestRecord;
  readonly url: URL;
  readonly fired: readonly FiredFault[];
  readonly caller: Principal | LocalResponse;
}

/** Writes the request down, lets the faults have their way, and answers. */
async function observe(
  parts: BrainParts,
  request: LocalRequest,
  area: RequestArea,
  answer: (step: Step) => LocalResponse,
): Promise<LocalReply> {
  const { clock, world } = parts;
  const url = new URL(request.url);
  const path = url.pathname + url.search;
  const record = parts.requests.begin({
    area,
    method: request.method,
    path,
    startedSeconds: clock.seconds(),
    clientRequestId: request.headers['x-ms-client-request-id'],
  });
  const caller = authenticate(request, {
    tokens: parts.tokens,
    now: clock.now(),
    audiences: ['https://management.azure.com', 'https://management.core.windows.net'],
  });
  if (!('kind' in caller)) record.principal = caller.objectId;
  noteIds(record, parseArmPath(url.pathname, parts.profiles));
  const fired = parts.faults.draw({ method: request.method, path, principal: record.principal });
  record.faults.push(...fired.map(({ id }) => id));
  vanish(world, record, fired, 'before');
  const early = applyBefore(fired);
  const right = early === undefined ? answer({ record, url, fired, caller }) : undefined;
  if (right !== undefined) vanish(world, record, fired, 'after');
  const slow = fired.reduce((sum, { effect }) => sum + (effect.kind === 'slow' ? effect.seconds : 0), 0);
  if (slow > 0) await clock.sleep(slow);
  const reply = early ?? applyAfter(right ?? emptyResponse(500), fired);
  return finish(parts, record, reply, request);
}

function finish(
  parts: BrainParts,
  record: RequestRecord,
  reply: LocalReply,
  request: LocalRequest,
): LocalReply {
  const { clock, world } = parts;
  const dressed =
    reply.kind === 'reset'
      ? reply
      : dressArmResponse(reply, { request, random: world.random, now: clock.now() });
  record.status = reply.kind === 'reset' ? 'reset' : reply.status;
  record.endedSeconds = clock.seconds();
  record.endedRealMs = Date.now();
  parts.onRequest(record);
  return dressed;
}

function answerArm(parts: BrainParts, request: LocalRequest, step: Step): LocalResponse {
  const { world, profiles, tokens } = parts;
  const { url, caller, record } = step;
  const path = parseArmPath(url.pathname, profiles);
  if (path.kind === 'metadata') return answerMetadata(url.origin);
  if (path.kind === 'unsupported') return notSupported(path.what);
  if ('kind' in caller) return caller;
  const apiVersion = url.searchParams.get('api-version');
  const problem = apiVersionProblem(apiVersion);
  if (problem !== undefined || apiVersion === null) return problem ?? emptyResponse(400);
  const permission = permissionOf(request.method, path);
  const denied = permission === undefined ? undefined : authorize(caller, permission, parts.deny);
  if (denied !== undefined) return denied;
  const mayRead: MayRead = ({ profile, id }) =>
    authorize(caller, { action: `${profile.type}/read`, scope: id }, parts.deny) === undefined;
  if (path.kind === 'resource-graph') {
    return limitedQuery(parts, caller, () => answerGraph(world, request, { ...parts.graph, mayRead }));
  }
  if (path.kind === 'subscriptions') {
    return answerSubscriptions(subscriptionsOf(world, parts.subscriptions), tokens.tenantId);
  }
  if (path.kind === 'subscription')
    return answerSubscriptions(parts.subscriptions, tokens.tenantId, path.subscriptionId);
  const operationFailure = failureOf(step.fired);
  const exchange = { world, request, url, apiVersion, actor: caller, record, operationFailure };
  return throttled(parts, { method: request.method, path, caller }, () =>
    path.kind === 'resources'
      ? answerResourceList(world, { request, url, subscriptionId: path.subscriptionId, mayRead })
      : withProviderHeaders(answerResource(exchange, path), path),
  );
}

function throttled(
  { throttle, clock }: BrainParts,
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
  { throttle, clock }: BrainParts,
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

/** What ARM's gateway answers itself carries none of the provider's headers. */
function withProviderHeaders(reply: LocalResponse, path: ArmPath): LocalResponse {
  if (!('profile' in path) || reply.headers['x-ms-failure-cause'] === 'gateway') return reply;
  const { profile } = path;
  const isDisk = profile.type === 'Microsoft.Compute/diskAccesses';
  // The disk provider writes its JSON for readers.
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

function failureOf(fired: readonly FiredFault[]): { code: string; message: string } | undefined {
  for (const { effect } of fired) {
    if (effect.kind !== 'operation-fails') continue;
    return {
      code: effect.code ?? 'InternalServerError',
      message: effect.message ?? 'An internal error occurred.',
    };
  }
  return undefined;
}

function noteIds(record: RequestRecord, path: ArmPath): void {
  if (!('targetId' in path)) return;
  record.target = path.targetId;
  if ('connectionName' in path) {
    record.connection = `${path.targetId}/privateEndpointConnections/${path.connectionName}`;
  }
}
