import { armError, jsonResponse, type LocalResponse } from '../../http/message';
import { retryAfterText } from '../../model/local-clock';
import { findConnectionById, findTarget, type Operation, type World } from '../../model/world';
import { retryAfterOf, type ArmExchange } from '../arm-exchange';

/** Answers Key Vault's operation URL: the connection's own path with a token that holds kind and start. */
export function pollVaultOperation(exchange: ArmExchange, connectionId: string): LocalResponse {
  const token = exchange.url.searchParams.get('kv-operation') ?? '';
  const text = Buffer.from(token, 'base64url').toString();
  const operation = operationsOf(exchange.world, connectionId).find(
    ({ kind, startedAt }) =>
      text.includes(`privateEndpointConnections/${kind}"`) &&
      text.includes(startedAt.toISOString().replace('Z', '')),
  );
  return answer(exchange, operation);
}

/** Answers API Management's operation URL: `…/privateEndpointConnections/{name}/operationresults/{token}`. */
export function pollOperationResult(
  exchange: ArmExchange,
  connectionId: string,
  token: string,
): LocalResponse {
  const text = Buffer.from(token, 'base64').toString();
  const operation = operationsOf(exchange.world, connectionId).find(({ id }) =>
    text.endsWith(`_${id.slice(0, 8)}`),
  );
  return answer(exchange, operation);
}

/**
 * Answers the operation URL of disk accesses:
 * `/subscriptions/{s}/providers/Microsoft.Compute/locations/{l}/DiskOperations/{id}`.
 */
export function pollDiskOperation(exchange: ArmExchange, operationId: string): LocalResponse {
  return answer(exchange, exchange.world.operations.get(operationId.toLowerCase()));
}

/**
 * Answers the network provider's operation URL. Every response has `Retry-After`, because `az` waits half a
 * minute without it.
 */
export function pollNetworkOperation({ world }: ArmExchange, operationId: string): LocalResponse {
  const running = [...world.endpoints.values()].some((each) => each.operationId === operationId);
  const headers = { 'retry-after': retryAfterText(world.clock, 10) };
  return jsonResponse(200, { status: running ? 'InProgress' : 'Succeeded' }, headers);
}

function answer(exchange: ArmExchange, operation: Operation | undefined): LocalResponse {
  const { world, url, apiVersion, record } = exchange;
  const target = operation === undefined ? undefined : findTarget(world, operation.targetId);
  if (operation === undefined || target === undefined) {
    return armError(404, 'OperationNotFound', 'The operation was not found.');
  }
  record.operationId = operation.id;
  record.target = operation.targetId;
  record.connection = operation.connectionId;
  const { says, state } = operation;
  if (says !== undefined && says !== 'InProgress' && state !== 'InProgress')
    return jsonResponse(200, { status: says });
  return target.profile.poll({
    operation: says === 'InProgress' ? { ...operation, state: 'InProgress', endedAt: undefined } : operation,
    target,
    connection: findConnectionById(world, operation.connectionId),
    origin: url.origin,
    apiVersion,
    retryAfter: retryAfterOf(world, target.profile),
    polledUrl: url,
    options: world.options,
  });
}

function operationsOf(world: World, connectionId: string): Operation[] {
  const key = connectionId.toLowerCase();
  return [...world.operations.values()].filter((each) => each.connectionId.toLowerCase() === key);
}
