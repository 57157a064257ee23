import type { JsonObject } from '../http/message';
import {
  isAlive,
  type Actor,
  type Connection,
  type Operation,
  type Target,
  type TargetProfile,
  type World,
  type WriteKind,
} from './world';

export interface WriteOrder {
  readonly kind: WriteKind;
  readonly connection: Connection;
  /** The description that was sent; `undefined` for none or null. */
  readonly description: string | undefined;
  readonly actor: Actor;
  /** The error with which the operation ends. */
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
  /** The word that the operation's URL shows; see `Operation`. */
  readonly says?: string | undefined;
  /** True for a delete that reports success but deletes nothing. */
  readonly undone?: boolean | undefined;
}

/** Starts an approval, a rejection or a delete. The caller has checked that the target is not locked. */
export function startOperation(world: World, order: WriteOrder): Operation {
  const { connection, kind } = order;
  const { target } = connection;
  const operation: Operation = {
    id: world.random.guid(),
    kind,
    targetId: target.id,
    connectionId: connection.id,
    startedAt: world.clock.now(),
    endedAt: undefined,
    state: 'InProgress',
    error: undefined,
    says: order.says,
  };
  world.operations.set(operation.id, operation);
  target.lock = { operationId: operation.id, settling: false };
  if (kind === 'delete') startDelete(world, order, operation);
  else startChange(world, order, operation, kind);
  return operation;
}

/** Removes a connection from its target, for whatever reason, and ends its running operation. */
export function dropConnection(world: World, connection: Connection): void {
  const { target } = connection;
  target.connections.delete(connection.name.toLowerCase());
  for (const operation of world.operations.values()) {
    if (operation.connectionId === connection.id && operation.state === 'InProgress') {
      if (operation.kind === 'delete') end(world, operation, undefined);
      else
        end(world, operation, {
          code: 'ResourceNotFound',
          message: `The private endpoint connection '${connection.name}' was not found.`,
        });
      if (target.lock?.operationId === operation.id) target.lock = undefined;
    }
  }
  mirror(world, connection, 'Disconnected');
  world.changed({ kind: 'connection-gone', connection });
}

/** Sets the connection's state at the provider, and the endpoint's copy of it. */
export function setStatus(
  world: World,
  connection: Connection,
  state: { status: string; description: string | undefined },
): void {
  connection.status = state.status;
  connection.description = state.description;
  mirror(world, connection, state.status);
}

export function newEtag(world: World, target: Target): string | undefined {
  return target.profile.hasEtags ? world.random.hex(32) : undefined;
}

/** Returns an operation for the control plane. */
export function operationSummary(operation: Operation): JsonObject {
  return {
    id: operation.id,
    kind: operation.kind,
    connectionId: operation.connectionId,
    state: operation.state,
    startedAt: operation.startedAt.toISOString(),
    endedAt: operation.endedAt?.toISOString(),
  };
}

function startDelete(world: World, order: WriteOrder, operation: Operation): void {
  const { connection } = order;
  const { profile } = connection.target;
  const before = connection.provisioningState;
  if (profile.showsNewStatusAtOnce) {
    connection.provisioningState = 'Deleting';
    connection.etag = newEtag(world, connection.target);
  }
  world.clock.schedule(profile.timings.deleteSeconds, () => {
    if (operation.state !== 'InProgress') return;
    if (order.failure !== undefined || order.undone === true) {
      connection.provisioningState = before;
      end(world, operation, order.failure);
    } else {
      end(world, operation, undefined);
      dropConnection(world, connection);
      world.changed({ kind: 'connection-deleted', connection, actor: order.actor });
    }
    settleTarget(world, connection.target, operation);
  });
}

function startChange(
  world: World,
  order: WriteOrder,
  operation: Operation,
  kind: 'approve' | 'reject',
): void {
  const { connection, actor } = order;
  const { profile } = connection.target;
  const { timings } = profile;
  const before = { status: connection.status, description: connection.description };
  const wanted = {
    status: kind === 'approve' ? 'Approved' : 'Rejected',
    description: profile.storeDescription(order.description),
  };
  if (profile.showsNewStatusAtOnce) {
    Object.assign(connection, wanted, { status: profile.states?.transitionOf(kind) ?? wanted.status });
    connection.provisioningState = workingState(profile);
    connection.etag = newEtag(world, connection.target);
    world.changed({ kind: 'connection-written', connection, actor });
  } else if (kind === 'approve' && timings.updatingAfterSeconds !== undefined) {
    world.clock.schedule(timings.updatingAfterSeconds, () => {
      if (operation.state === 'InProgress') connection.provisioningState = workingState(profile);
    });
  }
  world.clock.schedule(kind === 'approve' ? timings.approveSeconds : timings.rejectSeconds, () => {
    if (operation.state !== 'InProgress' || !isAlive(world, connection)) return;
    const failure = connection.status === 'Disconnected' ? requesterLeft : order.failure;
    finishChange(world, { ...order, failure, wanted, before }, operation);
    const wasShown = profile.showsNewStatusAtOnce && profile.states?.transitionOf(kind) === undefined;
    if (!wasShown && failure === undefined) {
      world.changed({ kind: 'connection-written', connection, actor });
    }
    settleTarget(world, connection.target, operation);
  });
}

const requesterLeft = {
  code: 'PrivateEndpointConnectionDisconnected',
  message: 'The private endpoint was deleted in the meantime.',
};

interface Finish extends WriteOrder {
  readonly wanted: { status: string; description: string | undefined };
  readonly before: { status: string; description: string | undefined };
}

function finishChange(
  world: World,
  { connection, wanted, before, failure }: Finish,
  operation: Operation,
): void {
  const { profile } = connection.target;
  connection.etag = newEtag(world, connection.target);
  end(world, operation, failure);
  if (failure === undefined) {
    connection.provisioningState = restingState(profile, wanted.status);
    setStatus(world, connection, wanted);
    return;
  }
  if (failure === requesterLeft) {
    connection.provisioningState = restingState(profile, connection.status);
    return;
  }
  // A failed change was never recorded; here the old status comes back.
  connection.provisioningState = profile.showsNewStatusAtOnce
    ? 'Failed'
    : restingState(profile, before.status);
  setStatus(world, connection, before);
}

/** Returns the provisioning state of a connection at rest; `undefined` for a type that has none. */
export function restingState({ states }: TargetProfile, status: string): string | undefined {
  return states === undefined ? 'Succeeded' : states.rest(status);
}

function workingState({ states }: TargetProfile): string | undefined {
  return states === undefined ? 'Updating' : states.working;
}

/** Unlocks the target, at once or after its own settling time. */
function settleTarget(world: World, target: Target, operation: Operation): void {
  const { lock } = target;
  if (lock?.operationId !== operation.id) return;
  const { lockSeconds } = target.profile.timings;
  if (lockSeconds === 0) {
    target.lock = undefined;
    return;
  }
  lock.settling = true;
  world.clock.schedule(lockSeconds, () => {
    if (target.lock === lock) target.lock = undefined;
  });
}

function end(world: World, operation: Operation, error: Operation['error']): void {
  operation.endedAt = world.clock.now();
  operation.state = error === undefined ? 'Succeeded' : 'Failed';
  operation.error = error;
}

/** Copies a connection's state to the endpoint that requested it. */
function mirror(world: World, connection: Connection, status: string): void {
  const endpoint = world.endpoints.get(connection.endpointId.toLowerCase());
  const request = endpoint?.requests.find(({ connectionId }) => connectionId === connection.id);
  if (endpoint === undefined || request === undefined) return;
  const description = connection.description ?? '';
  if (request.status === status && request.description === description) return;
  request.status = status;
  request.description = description;
  world.changed({ kind: 'endpoint-changed', endpoint });
}
