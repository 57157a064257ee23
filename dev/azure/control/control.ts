import { isByHand } from '../profiles';
import { dropTarget } from '../arm/routes/target-routes';
import type { DenyRule } from '../access/authorization';
import type { Router } from '../router';
import { addConnection } from '../model/connections';
import { seedManyTargets, type ManyTargets, type SeededTargets } from '../model/many-targets';
import type { EventGrid } from '../events/event-grid';
import type { SystemTopic } from '../events/system-topics';
import type { FaultPlan } from '../faults/fault-plan';
import type { Ingestion } from '../ingestion';
import {
  managedRequest,
  microsoftService,
  ownSideOf,
  type ManagedEndpoint,
} from '../model/managed-endpoints';
import { plant, type PlantedResource } from '../model/planted';
import { localRequest, type JsonObject, type LocalReply } from '../http/message';
import { dropConnection, operationSummary } from '../model/operations';
import type { Principal, TokenStore } from '../access/principals';
import type { RequestLog } from '../http/request-log';
import type { Tenants } from '../access/tenants';
import type { Topic } from '../events/topic';
import type { RoleAssignment } from '../access/roles';
import { findConnectionById, findTarget, type TargetProfile, type World } from '../model/world';

/** The interface for tests and people besides ARM, also served below `/_local/`. */
export interface Control {
  /** Returns everything that exists, in ARM's own bodies. */
  state(): JsonObject;
  /** Adds a connection without an endpoint to a target and returns its id. Publishes no event. */
  seed(wanted: SeededConnection): string;
  /**
   * Requests a connection as a Microsoft service does, from Microsoft's tenant, and returns the endpoint's
   * id.
   */
  requestManaged(wanted: ManagedEndpoint): Promise<string>;
  /** Plants a resource of a type that ARM only reads here, such as a virtual network. */
  plant(resource: PlantedResource): void;
  /** Removes a planted resource and what is below it. */
  uproot(id: string): void;
  /** Creates many targets with Pending connections. Publishes no event. */
  seedManyTargets(wanted: ManyTargets): SeededTargets;
  /**
   * Approves, rejects or deletes a connection through ARM as another principal. Returns the HTTP status, or 0
   * for a reset.
   */
  actAs(principal: Principal, action: ForeignAction): Promise<number>;
  /** Sends any request to ARM as a principal. */
  send(principal: Principal, method: string, pathAndQuery: string, body?: JsonObject): Promise<LocalReply>;
  /** Removes a target or a connection without an event. Returns false if it does not exist. */
  removeSilently(id: string): boolean;
}

export interface SeededConnection {
  readonly targetId: string;
  /** The requester's name for the connection; the provider derives the real name from it. */
  readonly connectionName: string;
  /** Default: an endpoint of another subscription that does not exist. */
  readonly endpointId?: string | undefined;
  /** Default: Disconnected. */
  readonly status?: string | undefined;
  readonly description?: string | undefined;
  /** The connection's age. Default: 30 days. */
  readonly ageSeconds?: number | undefined;
}

export interface ForeignAction {
  readonly connectionId: string;
  readonly kind: 'approve' | 'reject' | 'delete';
  readonly description?: string | undefined;
}

export interface ControlParts {
  readonly world: World;
  readonly profiles: readonly TargetProfile[];
  readonly router: Router;
  readonly tokens: TokenStore;
  readonly tenants: Tenants;
  readonly faults: FaultPlan;
  readonly deny: DenyRule[];
  readonly roles: RoleAssignment[];
  readonly systemTopics: SystemTopic[];
  readonly requests: RequestLog;
  readonly eventGrid: EventGrid;
  readonly ingestion: Ingestion;
  readonly topic: Topic;
}

export const somebodyElse: Principal = {
  appId: 'b0000000-0000-4000-8000-000000000001',
  objectId: 'b0000000-0000-4000-8000-000000000002',
};

const armOrigin = 'https://management.azure.com';

export function createControl(parts: ControlParts): Control {
  const { world } = parts;
  const send: Control['send'] = (principal, method, pathAndQuery, body) => {
    const { token } = parts.tokens.issue({ principal, audience: armOrigin });
    const headers = { authorization: `Bearer ${token}` };
    return parts.router.handle(
      localRequest(
        method,
        `${armOrigin}${pathAndQuery}`,
        body === undefined ? { headers } : { headers, body },
      ),
    );
  };
  return {
    state: () => ({ ...stateOf(world), tenants: parts.tenants.foreign }),
    seed: (wanted) => seed(world, wanted),
    requestManaged: async (wanted) => {
      const { endpointId, body } = managedRequest(parts.tenants, wanted);
      const reply = await send(
        microsoftService,
        'PUT',
        `${endpointId}?api-version=2024-05-01`,
        body as JsonObject,
      );
      if (reply.kind === 'reset' || reply.status >= 300) throw new Error(`ARM refused ${endpointId}`);
      for (const resource of ownSideOf(world, wanted, endpointId)) plant(world.planted, resource);
      return endpointId;
    },
    plant: (resource) => plant(world.planted, resource),
    uproot: (id) => {
      const isBelow = (key: string): boolean => `${key}/`.startsWith(`${id.toLowerCase()}/`);
      for (const key of [...world.planted.keys()].filter(isBelow)) world.planted.delete(key);
    },
    seedManyTargets: (wanted) =>
      seedManyTargets(
        world,
        parts.profiles.filter(({ type }) => wanted.types?.includes(type) ?? isByHand(type)),
        wanted,
      ),
    send,
    actAs: async (principal, action) => {
      const reply = await send(principal, ...foreignRequest(world, action));
      return reply.kind === 'reset' ? 0 : reply.status;
    },
    removeSilently: (id) => removeSilently(world, id),
  };
}

function stateOf(world: World): JsonObject {
  return {
    seconds: world.clock.seconds(),
    targets: [...world.targets.values()].map((target) => ({
      ...target.profile.targetBody(target),
      locked: target.lock !== undefined,
    })),
    connections: [...world.targets.values()].flatMap((target) =>
      [...target.connections.values()].map((each) => target.profile.connectionBody(each)),
    ),
    endpoints: [...world.endpoints.values()].map(({ id, provisioningState, requests }) => ({
      id,
      provisioningState,
      requests: requests.map(({ name, targetId, connectionId, status }) => ({
        name,
        targetId,
        connectionId,
        status,
      })),
    })),
    operations: [...world.operations.values()].map(operationSummary),
  };
}

function seed(world: World, wanted: SeededConnection): string {
  const target = findTarget(world, wanted.targetId);
  if (target === undefined) throw new Error(`The target ${wanted.targetId} does not exist.`);
  const connection = addConnection(world, target, {
    connectionName: wanted.connectionName,
    endpointId:
      wanted.endpointId ??
      `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/gone/providers/Microsoft.Network/privateEndpoints/${wanted.connectionName}`,
    groupIds: [],
    status: wanted.status ?? 'Disconnected',
    description: wanted.description,
    ageSeconds: wanted.ageSeconds ?? 30 * 86_400,
  });
  return connection.id;
}

function foreignRequest(
  world: World,
  { connectionId, kind, description }: ForeignAction,
): [method: string, path: string, body?: JsonObject] {
  const path = `${connectionId}?api-version=2021-08-01`;
  if (kind === 'delete') return ['DELETE', path];
  const endpointId = findConnectionById(world, connectionId)?.endpointId;
  const state = { status: kind === 'approve' ? 'Approved' : 'Rejected', description };
  const properties = { privateEndpoint: { id: endpointId }, privateLinkServiceConnectionState: state };
  return ['PUT', path, { id: connectionId, properties }];
}

function removeSilently(world: World, id: string): boolean {
  const target = findTarget(world, id);
  const connection = findConnectionById(world, id);
  if (target !== undefined) dropTarget(world, target);
  if (connection !== undefined) dropConnection(world, connection);
  return target !== undefined || connection !== undefined;
}
