import {
  armError,
  bodyObject,
  emptyResponse,
  type Json,
  type JsonObject,
  jsonResponse,
  listOf,
  type LocalResponse,
  notSupported,
  objectOf,
  textOf,
  textRecordOf,
} from '../../http/message';
import { disconnectByConsumer, registerRequest } from '../../model/connections';
import { retryAfterText } from '../../model/local-clock';
import { setStatus } from '../../model/operations';
import {
  type Endpoint,
  type EndpointRequest,
  findConnectionById,
  findEndpoint,
  findTarget,
  type World,
} from '../../model/world';
import { isKnownType } from '../../profiles';
import type { ArmExchange } from '../arm-exchange';
import type { ArmPath } from '../arm-path';
import { endpointBody } from '../endpoint-body';
import { endpointNotFound } from './target-routes';

type EndpointPath = ArmPath & { kind: 'endpoint' };

/** Answers `GET | PUT | DELETE` of `Microsoft.Network/privateEndpoints`, the requester's side. */
export function answerEndpoint(exchange: ArmExchange, path: EndpointPath): LocalResponse {
  const { world, request } = exchange;
  const id = endpointIdOf(path);
  const endpoint = findEndpoint(world, id);
  switch (request.method) {
    case 'GET':
      return endpoint === undefined ? endpointNotFound(path) : jsonResponse(200, endpointBody(endpoint));
    case 'PUT':
      return putEndpoint(exchange, path, endpoint);
    case 'DELETE':
      return endpoint === undefined ? emptyResponse(204) : deleteEndpoint(exchange, endpoint);
    default:
      return notSupported(`${request.method} on a private endpoint`);
  }
}

function putEndpoint(
  exchange: ArmExchange,
  path: EndpointPath,
  existing: Endpoint | undefined,
): LocalResponse {
  const { world, request, record } = exchange;
  const body = bodyObject(request);
  const properties = objectOf(body?.['properties']);
  if (body === undefined || properties === undefined) {
    return armError(400, 'InvalidRequestContent', 'The request content was invalid.');
  }
  const wanted = requestsOf(properties);
  if (wanted.length === 0)
    return armError(400, 'PrivateEndpointHasNoConnections', 'No private link service connection was given.');
  const problem = problemOf(world, wanted) ?? linkProblem(exchange, path, wanted);
  if (problem !== undefined) return problem;
  const endpoint = existing ?? newEndpoint(world, path);
  endpoint.location = textOf(body['location']) ?? endpoint.location;
  endpoint.tags = textRecordOf(body['tags']);
  endpoint.subnetId = textOf(objectOf(properties['subnet'])?.['id']) ?? endpoint.subnetId;
  endpoint.provisioningState = 'Updating';
  endpoint.operationId = world.random.guid();
  world.endpoints.set(endpoint.id.toLowerCase(), endpoint);
  record.tookEffect = 'put';
  const added = mergeRequests(world, endpoint, wanted);
  world.changed({ kind: 'endpoint-changed', endpoint });
  scheduleReady(exchange, endpoint, added);
  return jsonResponse(
    existing === undefined ? 201 : 200,
    endpointBody(endpoint),
    operationHeaders(exchange, endpoint),
  );
}

/**
 * Adds new requests, which wait for their registration. A repeated request that was Rejected becomes Pending
 * again.
 */
function mergeRequests(
  world: World,
  endpoint: Endpoint,
  wanted: readonly EndpointRequest[],
): EndpointRequest[] {
  const added: EndpointRequest[] = [];
  for (const request of wanted) {
    const known = endpoint.requests.find(({ name }) => name.toLowerCase() === request.name.toLowerCase());
    if (known === undefined) {
      endpoint.requests.push(request);
      added.push(request);
      continue;
    }
    const connection =
      known.connectionId === undefined ? undefined : findConnectionById(world, known.connectionId);
    if (connection?.status !== 'Rejected' || connection.target.lock !== undefined) continue;
    const description = request.requestMessage === '' ? undefined : request.requestMessage;
    setStatus(world, connection, { status: 'Pending', description });
    world.changed({ kind: 'proxy-written', connection });
  }
  return added;
}

function scheduleReady(
  { world, actor }: ArmExchange,
  endpoint: Endpoint,
  added: readonly EndpointRequest[],
): void {
  const { operationId } = endpoint;
  const isCurrent = (): boolean => findEndpoint(world, endpoint.id) === endpoint;
  world.clock.schedule(world.options.registerSeconds, () => {
    if (isCurrent()) for (const request of added) registerRequest(world, endpoint, request);
  });
  world.clock.schedule(Math.max(world.options.endpointReadySeconds, world.options.registerSeconds), () => {
    if (!isCurrent() || endpoint.operationId !== operationId) return;
    endpoint.provisioningState = 'Succeeded';
    endpoint.operationId = undefined;
    world.changed({ kind: 'endpoint-written', endpoint, actor });
    world.changed({ kind: 'endpoint-changed', endpoint });
  });
}

function deleteEndpoint(exchange: ArmExchange, endpoint: Endpoint): LocalResponse {
  const { world, actor, record } = exchange;
  endpoint.provisioningState = 'Deleting';
  endpoint.operationId = world.random.guid();
  record.tookEffect = 'delete';
  for (const { connectionId } of endpoint.requests) {
    const connection = connectionId === undefined ? undefined : findConnectionById(world, connectionId);
    if (connection !== undefined) disconnectByConsumer(world, connection);
  }
  world.clock.schedule(world.options.consumerDeleteSeconds, () => {
    if (findEndpoint(world, endpoint.id) !== endpoint) return;
    world.endpoints.delete(endpoint.id.toLowerCase());
    world.changed({ kind: 'endpoint-deleted', endpoint, actor });
  });
  return emptyResponse(202, operationHeaders(exchange, endpoint));
}

function operationHeaders(
  { world, url, apiVersion }: ArmExchange,
  endpoint: Endpoint,
): Record<string, string> {
  const base = `${url.origin}/subscriptions/${endpoint.subscriptionId}/providers/Microsoft.Network/locations`;
  const region = endpoint.location.toLowerCase().replace(/ /g, '');
  return {
    'azure-asyncoperation': `${base}/${region}/operations/${endpoint.operationId}?api-version=${apiVersion}`,
    'retry-after': retryAfterText(world.clock, 10),
  };
}

function newEndpoint(world: World, path: EndpointPath): Endpoint {
  return {
    id: endpointIdOf(path),
    subscriptionId: path.subscriptionId,
    resourceGroup: path.resourceGroup,
    name: path.name,
    guid: world.random.guid(),
    location: 'westeurope',
    tags: {},
    subnetId: undefined,
    provisioningState: 'Updating',
    operationId: undefined,
    requests: [],
  };
}

function requestsOf(properties: JsonObject): EndpointRequest[] {
  const read = (list: Json | undefined, manual: boolean): EndpointRequest[] =>
    listOf(list).map((item) => {
      const sent = objectOf(objectOf(item)?.['properties']);
      const requestMessage = textOf(sent?.['requestMessage']) ?? '';
      return {
        name: textOf(objectOf(item)?.['name']) ?? '',
        manual,
        targetId: textOf(sent?.['privateLinkServiceId']) ?? '',
        groupIds: listOf(sent?.['groupIds']).filter((id) => typeof id === 'string'),
        requestMessage,
        connectionId: undefined,
        status: 'Pending',
        description: 'Awaiting Approval',
      };
    });
  return [
    ...read(properties['privateLinkServiceConnections'], false),
    ...read(properties['manualPrivateLinkServiceConnections'], true),
  ];
}

function problemOf(world: World, requests: readonly EndpointRequest[]): LocalResponse | undefined {
  for (const { name, targetId, requestMessage } of requests) {
    if (name === '')
      return armError(400, 'InvalidRequestFormat', 'A private link service connection has no name.');
    if (requestMessage.length > 140) {
      return armError(400, 'InvalidRequestFormat', 'The request message is longer than 140 characters.');
    }
    const type = targetId.split('/').slice(6, 8).join('/');
    if (!isKnownType(type)) return notSupported(`private endpoints to ${type || targetId}`);
    if (findTarget(world, targetId) === undefined) {
      const message = `The Resource '${targetId}' was not found.`;
      return armError(404, 'ResourceNotFound', message);
    }
  }
  return undefined;
}

/**
 * Refuses an automatic approval unless the requester may write the target, which a principal of another
 * tenant never may.
 */
function linkProblem(
  { tenants, actor }: ArmExchange,
  path: EndpointPath,
  requests: readonly EndpointRequest[],
): LocalResponse | undefined {
  const tenant = actor?.tenantId ?? tenants.home;
  for (const { manual, targetId } of requests) {
    const [, , subscriptionId = ''] = targetId.split('/');
    if (manual || tenants.tenantOf(subscriptionId) === tenant) continue;
    const message =
      `The client '${actor?.appId}' with object id '${actor?.objectId}' has permission to perform action ` +
      `'Microsoft.Network/privateEndpoints/write' on scope '${endpointIdOf(path)}'; however, the current tenant ` +
      `'${tenant}' is not authorized to access linked subscription '${subscriptionId}'.`;
    return armError(403, 'LinkedAuthorizationFailed', message, { 'x-ms-failure-cause': 'gateway' });
  }
  return undefined;
}

function endpointIdOf({ subscriptionId, resourceGroup, name }: EndpointPath): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/privateEndpoints/${name}`;
}
