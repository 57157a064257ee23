import {
  armError,
  bodyObject,
  emptyResponse,
  type JsonObject,
  jsonResponse,
  type LocalResponse,
  notSupported,
  objectOf,
  textOf,
  textRecordOf,
} from '../../http/message';
import { dropConnection } from '../../model/operations';
import { findTarget, type Target, type World } from '../../model/world';
import type { ArmExchange } from '../arm-exchange';
import type { ArmPath, TargetPath } from '../arm-path';

/** Answers `GET | PUT | PATCH | DELETE` of a vault, an HSM, an API Management service or a disk access. */
export function answerTarget(exchange: ArmExchange, path: TargetPath): LocalResponse {
  const { world, request } = exchange;
  const target = findTarget(world, path.targetId);
  if (request.method === 'PUT') return putTarget(exchange, path, target);
  if (target === undefined) return request.method === 'DELETE' ? emptyResponse(204) : targetNotFound(path);
  switch (request.method) {
    case 'GET':
      return jsonResponse(200, target.profile.targetBody(target));
    case 'PATCH':
      return patchTarget(exchange, target);
    case 'DELETE':
      return conflictOf(target) ?? deleteTarget(exchange, target);
    default:
      return notSupported(`${request.method} on ${path.profile.type}`);
  }
}

/** Answers `GET …/privateLinkResources[/{name}]`. */
export function answerPrivateLinkResources(
  { world, request }: ArmExchange,
  path: TargetPath & { kind: 'private-link-resources' },
): LocalResponse {
  const target = findTarget(world, path.targetId);
  if (target === undefined) return targetNotFound(path);
  if (request.method !== 'GET') return notSupported(`${request.method} on private link resources`);
  const body = target.profile.privateLinkBody(target);
  if (path.item === undefined) return jsonResponse(200, { value: [body] });
  const isKnown = path.item.toLowerCase() === target.profile.privateLink.name.toLowerCase();
  return isKnown
    ? jsonResponse(200, body)
    : target.profile.error(404, 'ResourceNotFound', `There is no private link resource '${path.item}'.`);
}

/** Removes a target and its connections; their endpoints then show Disconnected. */
export function dropTarget(world: World, target: Target): void {
  world.targets.delete(target.id.toLowerCase());
  for (const connection of [...target.connections.values()]) dropConnection(world, connection);
}

function putTarget(exchange: ArmExchange, path: TargetPath, existing: Target | undefined): LocalResponse {
  const { world, request, actor, record } = exchange;
  const body = bodyObject(request);
  const location = textOf(body?.['location']) ?? existing?.location;
  if (body === undefined || location === undefined) {
    return armError(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  const busy = existing === undefined ? undefined : conflictOf(existing);
  if (busy !== undefined) return busy;
  const target = existing ?? newTarget(world, path, location);
  target.location = location;
  target.tags = textRecordOf(body['tags']);
  target.extras = extrasOf(body);
  target.properties = propertiesOf(body);
  world.targets.set(target.id.toLowerCase(), target);
  record.tookEffect = 'put';
  world.changed({ kind: 'target-written', target, created: existing === undefined, actor });
  return jsonResponse(existing === undefined ? 201 : 200, target.profile.targetBody(target));
}

function newTarget(world: World, path: TargetPath, location: string): Target {
  return {
    profile: path.profile,
    id: path.targetId,
    subscriptionId: path.subscriptionId,
    resourceGroup: path.resourceGroup,
    name: path.targetName,
    location,
    tags: {},
    extras: {},
    properties: {},
    createdAt: world.clock.now(),
    connections: new Map(),
    lock: undefined,
  };
}

function patchTarget({ world, request, actor, record }: ArmExchange, target: Target): LocalResponse {
  const body = bodyObject(request) ?? {};
  const unknown = Object.keys(body).filter((name) => name !== 'tags');
  if (unknown.length > 0) return notSupported(`PATCH of ${unknown.join(', ')}; only tags can be patched`);
  target.tags = textRecordOf(body['tags']);
  record.tookEffect = 'patch';
  world.changed({ kind: 'target-written', target, created: false, actor });
  return jsonResponse(200, target.profile.targetBody(target));
}

function deleteTarget({ world, actor, record }: ArmExchange, target: Target): LocalResponse {
  dropTarget(world, target);
  record.tookEffect = 'delete';
  world.changed({ kind: 'target-deleted', target, actor });
  return emptyResponse(200);
}

const ownProperties = new Set([
  'privateEndpointConnections',
  'provisioningState',
  'targetProvisioningState',
  'timeCreated',
  'createdAtUtc',
]);

function propertiesOf(body: JsonObject): JsonObject {
  const sent = Object.entries(objectOf(body['properties']) ?? {});
  return Object.fromEntries(sent.filter(([name]) => !ownProperties.has(name)));
}

const knownMembers = new Set(['id', 'name', 'type', 'location', 'tags', 'properties']);

function extrasOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !knownMembers.has(name)));
}

/** Returns ARM's own 404, without a call to the provider. */
export function targetNotFound(path: TargetPath): LocalResponse {
  const message =
    `The Resource '${path.profile.type}/${path.targetName}' under resource group '${path.resourceGroup}' was ` +
    'not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix';
  return armError(404, 'ResourceNotFound', message, { 'x-ms-failure-cause': 'gateway' });
}

/** Returns the provider's 404. */
export function connectionNotFound(
  { profile, name: targetName }: Pick<Target, 'profile' | 'name'>,
  name: string,
): LocalResponse {
  const message = `The private endpoint connection '${name}' of '${targetName}' was not found.`;
  return profile.error(404, 'ResourceNotFound', message);
}

export function endpointNotFound({ name, resourceGroup }: ArmPath & { kind: 'endpoint' }): LocalResponse {
  const message =
    `The Resource 'Microsoft.Network/privateEndpoints/${name}' under resource group '${resourceGroup}' was not ` +
    'found. For more details please go to https://aka.ms/ARMResourceNotFoundFix';
  return armError(404, 'ResourceNotFound', message, { 'x-ms-failure-cause': 'gateway' });
}

/** Returns the 409 for a second write while another one holds the target. */
export function conflictOf(target: Target): LocalResponse | undefined {
  if (target.lock === undefined) return undefined;
  const { code, message } = target.profile.conflict(target);
  return target.profile.error(409, code, message);
}
