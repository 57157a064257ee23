import { dropConnection } from '../model/operations';
import { dropTarget } from '../arm/routes/target-routes';
import type { FaultPlan } from './fault-plan';
import type { FiredFault, StatusEffect } from './fault-rule';
import {
  armError,
  emptyResponse,
  objectOf,
  parseJson,
  type LocalReply,
  type LocalResponse,
} from '../http/message';
import type { RequestRecord } from '../http/request-log';
import { findConnectionById, findTarget, type World } from '../model/world';

/** Returns the reply that a fault sends before any work; `undefined` if the request is to be handled. */
export function applyBefore(fired: readonly FiredFault[]): LocalReply | undefined {
  for (const { effect } of fired) {
    if (effect.kind === 'reset' && effect.when === 'before') return { kind: 'reset' };
    if (effect.kind === 'status' && effect.when !== 'after') return statusReply(effect);
  }
  return undefined;
}

/** Returns the reply as the client gets it after the work was done. */
export function applyAfter(right: LocalResponse, fired: readonly FiredFault[]): LocalReply {
  let reply: LocalReply = right;
  for (const { effect } of fired) {
    if (reply.kind === 'reset') return reply;
    switch (effect.kind) {
      case 'reset':
        reply = { kind: 'reset' };
        break;
      case 'status':
        reply = statusReply(effect);
        break;
      case 'empty-body':
        reply = { ...reply, body: '' };
        break;
      case 'malformed-body':
        reply = {
          ...reply,
          body: reply.body === '' ? '{"error":' : reply.body.slice(0, Math.ceil(reply.body.length / 2)),
        };
        break;
      case 'huge-body':
        reply = { ...reply, body: padded(reply.body, effect.bytes) };
        break;
      case 'foreign-operation-url':
        reply = { ...reply, headers: foreign(reply.headers, effect.origin) };
        break;
      case 'slow':
      case 'operation-fails':
      case 'vanish':
      case 'afterwards':
      // Applied by ARM's gateway, which knows what the path names.
      case 'not-found':
      case 'shorter-list':
      case 'endpoint-shown':
      case 'provisioning-state':
      case 'connection-status':
      case 'operation-says':
      case 'delete-undone':
        break;
    }
  }
  return reply;
}

/** Removes what a rule wants removed, without an event. */
export function removeSilently(
  world: World,
  record: RequestRecord,
  fired: readonly FiredFault[],
  when: 'before' | 'after',
): void {
  for (const { effect } of fired) {
    if (effect.kind !== 'vanish' || effect.when !== when) continue;
    const target = record.target === undefined ? undefined : findTarget(world, record.target);
    const connection =
      record.connection === undefined ? undefined : findConnectionById(world, record.connection);
    if (effect.what === 'target' && target !== undefined) dropTarget(world, target);
    if (effect.what === 'connection' && connection !== undefined) dropConnection(world, connection);
  }
}

/** Adds the rules that follow a write, once it has taken effect. */
export function beginAfterwards(
  faults: FaultPlan,
  { tookEffect, connection }: RequestRecord,
  fired: readonly FiredFault[],
): void {
  if (tookEffect === undefined) return;
  for (const { effect } of fired)
    if (effect.kind === 'afterwards') faults.add({ connection, ...effect.rule });
}

const usualErrors: Readonly<Record<number, readonly [code: string, message: string]>> = {
  403: ['AuthorizationFailed', 'The client does not have authorization to perform this action.'],
  404: ['ResourceNotFound', 'The resource was not found.'],
  409: ['Conflict', 'Another operation is in progress on the resource.'],
  429: ['TooManyRequests', 'Too many requests. Please try again later.'],
  500: ['InternalServerError', 'Encountered internal server error.'],
  502: ['BadGateway', 'The gateway received an invalid response.'],
  503: ['ServiceUnavailable', 'The service is unavailable.'],
  504: ['GatewayTimeout', 'The gateway did not receive a response within the specified time period.'],
};

function statusReply(effect: StatusEffect): LocalResponse {
  const [code, message] = usualErrors[effect.status] ?? ['LocalFault', 'A requested fault.'];
  const headers: Record<string, string> =
    effect.retryAfterSeconds === undefined ? {} : { 'retry-after': String(effect.retryAfterSeconds) };
  if (effect.body === '') return emptyResponse(effect.status, headers);
  if (effect.body !== undefined)
    return { kind: 'response', status: effect.status, headers, body: effect.body };
  return armError(effect.status, effect.code ?? code, effect.message ?? message, headers);
}

function padded(body: string, bytes: number): string {
  return JSON.stringify({ ...objectOf(parseJson(body)), padding: 'x'.repeat(bytes) });
}

function foreign(headers: Readonly<Record<string, string>>, origin: string): Record<string, string> {
  const moved = ['location', 'azure-asyncoperation'].flatMap((name): [string, string][] => {
    const url = headers[name];
    return url === undefined ? [] : [[name, url.replace(new URL(url).origin, origin)]];
  });
  return { ...headers, ...Object.fromEntries(moved) };
}
