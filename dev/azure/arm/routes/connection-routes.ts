import {
  bodyObject,
  emptyResponse,
  jsonResponse,
  type LocalResponse,
  notSupported,
  objectOf,
  textOf,
} from '../../http/message';
import { startOperation } from '../../model/operations';
import { type Connection, findConnection, findTarget, type Target, type WriteKind } from '../../model/world';
import { type ArmExchange, retryAfterOf } from '../arm-exchange';
import type { TargetPath } from '../arm-path';
import { conflictOf, connectionNotFound, targetNotFound } from './target-routes';

/** Answers `GET …/privateEndpointConnections`. */
export function listConnections(exchange: ArmExchange, path: TargetPath): LocalResponse {
  const target = findTarget(exchange.world, path.targetId);
  if (target === undefined) return targetNotFound(path);
  if (exchange.request.method !== 'GET') return notSupported(`${exchange.request.method} on a list`);
  const { profile } = target;
  const connections = [...target.connections.values()];
  if (profile.listsNewestFirst) connections.reverse();
  return jsonResponse(200, { value: connections.map((each) => profile.listItem(each)) });
}

/** Answers `GET | PUT | DELETE …/privateEndpointConnections/{name}`. */
export function answerConnection(
  exchange: ArmExchange,
  path: TargetPath & { kind: 'connection' },
): LocalResponse {
  const target = findTarget(exchange.world, path.targetId);
  if (target === undefined) return targetNotFound(path);
  const connection = findConnection(target, path.connectionName);
  switch (exchange.request.method) {
    case 'GET':
      return connection === undefined
        ? missingConnection(exchange, target, path.connectionName)
        : jsonResponse(200, target.profile.connectionBody(connection));
    case 'PUT':
    case 'PATCH':
      if (exchange.request.method !== (target.profile.method ?? 'PUT'))
        return target.profile.error(
          405,
          'MethodNotAllowed',
          `${exchange.request.method} is not allowed here.`,
        );
      return connection === undefined
        ? connectionNotFound(target, path.connectionName)
        : putConnection(exchange, connection);
    case 'DELETE':
      return connection === undefined ? emptyResponse(204) : deleteConnection(exchange, connection);
    default:
      return notSupported(`${exchange.request.method} on a private endpoint connection`);
  }
}

function putConnection(exchange: ArmExchange, connection: Connection): LocalResponse {
  const { profile } = connection.target;
  const body = bodyObject(exchange.request);
  if (body === undefined)
    return profile.error(400, 'InvalidRequestContent', 'The request content was invalid.');
  if (profile.needsBodyId && textOf(body['id']) === undefined) {
    return profile.error(
      400,
      'ApproveOrRejectPrivateEndpointConnectionBadRequest',
      'Private Endpoint Connection Request ID is unexpected null.',
    );
  }
  const state = objectOf(objectOf(body['properties'])?.['privateLinkServiceConnectionState']);
  const kind = kindOf(textOf(state?.['status']));
  if (kind === undefined) {
    const message = `The value '${textOf(state?.['status']) ?? 'null'}' of properties.privateLinkServiceConnectionState.status is not valid.`;
    return profile.error(400, 'InvalidParameter', message);
  }
  const wanted = kind === 'approve' ? 'Approved' : 'Rejected';
  // The lock is checked first: a provider that is busy does not read the request.
  const busy = conflictOf(connection.target);
  if (busy !== undefined) return busy;
  if (profile.ignoresSameStatus && connection.status === wanted) {
    return jsonResponse(200, profile.connectionBody(connection));
  }
  if (isRefused(exchange, connection, wanted)) {
    const { code, message } = profile.refusal(connection, wanted);
    return profile.error(400, code, message);
  }
  return begin(exchange, connection, kind, textOf(state?.['description']));
}

function deleteConnection(exchange: ArmExchange, connection: Connection): LocalResponse {
  return conflictOf(connection.target) ?? begin(exchange, connection, 'delete', undefined);
}

function begin(
  exchange: ArmExchange,
  connection: Connection,
  kind: WriteKind,
  description: string | undefined,
): LocalResponse {
  const { world, actor, record, url, apiVersion } = exchange;
  const { target } = connection;
  record.statusBefore = connection.status;
  const operation = startOperation(world, { kind, connection, description, actor, ...exchange.operation });
  record.tookEffect = kind;
  record.operationId = operation.id;
  const context = {
    operation,
    target,
    connection,
    origin: url.origin,
    apiVersion,
    retryAfter: retryAfterOf(world, target.profile),
  };
  return kind === 'delete' ? target.profile.deleteAccepted(context) : target.profile.writeAccepted(context);
}

function isRefused({ world }: ArmExchange, connection: Connection, wanted: string): boolean {
  if (connection.status === 'Disconnected') return true;
  const revives = connection.status === 'Rejected' && wanted === 'Approved';
  if (connection.target.profile.refuses?.(connection, wanted) === true)
    return !revives || !world.options.reviveRejectedEverywhere;
  return revives && !connection.target.profile.canReviveRejected && !world.options.reviveRejectedEverywhere;
}

function kindOf(status: string | undefined): 'approve' | 'reject' | undefined {
  if (status?.toLowerCase() === 'approved') return 'approve';
  return status?.toLowerCase() === 'rejected' ? 'reject' : undefined;
}

function missingConnection({ world }: ArmExchange, target: Target, name: string): LocalResponse {
  const knows204 = target.profile.type === 'Microsoft.KeyVault/vaults';
  if (knows204 && world.options.missingConnectionStatus === 204) return emptyResponse(204);
  return connectionNotFound(target, name);
}
