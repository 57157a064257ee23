import { dropConnection, newEtag, restingState, setStatus } from './operations';
import {
  findTarget,
  isAlive,
  type Connection,
  type Endpoint,
  type EndpointRequest,
  type Target,
  type World,
} from './world';

/** Registers a request at the target's provider: its connection appears, Pending or approved at once. */
export function registerRequest(world: World, endpoint: Endpoint, request: EndpointRequest): void {
  const target = findTarget(world, request.targetId);
  if (target === undefined) {
    request.status = 'Disconnected';
    return;
  }
  const { profile } = target;
  const approved = !request.manual;
  const description = approved
    ? profile.autoApprovedDescription
    : request.requestMessage === ''
      ? undefined
      : request.requestMessage;
  const connection = addConnection(world, target, {
    connectionName: request.name,
    endpointId: endpoint.id,
    groupIds: request.groupIds,
    status: approved ? 'Approved' : 'Pending',
    description,
  });
  request.connectionId = connection.id;
  request.status = connection.status;
  request.description = description ?? '';
  world.changed({ kind: 'proxy-validated', connection });
  world.changed({ kind: 'proxy-written', connection });
}

export interface NewConnection {
  readonly connectionName: string;
  readonly endpointId: string;
  readonly groupIds: readonly string[];
  readonly status: string;
  readonly description: string | undefined;
  /** The age of the connection. */
  readonly ageSeconds?: number | undefined;
}

/** Adds a connection to a target, with the name that the target's provider gives it. */
export function addConnection(world: World, target: Target, wanted: NewConnection): Connection {
  const guid = world.random.guid();
  const given = target.profile.nameConnection({
    targetName: target.name,
    connectionName: wanted.connectionName,
    guid,
  });
  // It was never recorded what happens if two requesters choose the same name; here the second one gets
  // another name.
  const name = target.connections.has(given.toLowerCase()) ? `${given}.${guid}` : given;
  const connection: Connection = {
    id: `${target.id}/privateEndpointConnections/${name}`,
    name,
    target,
    endpointId: wanted.endpointId,
    groupIds: wanted.groupIds.length === 0 ? [target.profile.privateLink.name] : wanted.groupIds,
    status: wanted.status,
    description: wanted.description,
    provisioningState: restingState(target.profile, wanted.status),
    etag: undefined,
    createdAtSeconds: world.clock.seconds() - (wanted.ageSeconds ?? 0),
  };
  target.connections.set(name.toLowerCase(), connection);
  return connection;
}

/**
 * Disconnects a connection whose requester deleted the endpoint. It stays Disconnected for a moment or
 * permanently.
 */
export function disconnectByConsumer(world: World, connection: Connection): void {
  const { consumerDeleteSeconds, leaveDisconnected } = world.options;
  setStatus(world, connection, { status: 'Disconnected', description: connection.description });
  connection.etag = newEtag(world, connection.target);
  world.changed({ kind: 'proxy-deleted', connection });
  if (leaveDisconnected) return;
  world.clock.schedule(consumerDeleteSeconds, () => {
    if (isAlive(world, connection)) dropConnection(world, connection);
  });
}
