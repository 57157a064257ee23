import type { LocalClock } from './local-clock';
import type { PlantedResource } from './planted';
import type { JsonObject, LocalResponse } from '../http/message';
import type { Random } from './random';
import type { Timings } from './timings';
import type { WorldOptions } from './world-options';

/** Everything that exists in the local Azure. Keys are resource ids in lower case. */
export interface World {
  readonly clock: LocalClock;
  readonly random: Random;
  readonly options: WorldOptions;
  readonly targets: Map<string, Target>;
  readonly endpoints: Map<string, Endpoint>;
  /** Operations by id. Operation URLs never expire here. */
  readonly operations: Map<string, Operation>;
  /** Resources that are only read. */
  readonly planted: Map<string, PlantedResource>;
  /** Called for every change, in order. */
  readonly changed: (change: Change) => void;
}

export interface Target {
  readonly profile: TargetProfile;
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  location: string;
  tags: Readonly<Record<string, string>>;
  /** `sku`, `identity` and other members, returned as they were sent. */
  extras: JsonObject;
  properties: JsonObject;
  readonly createdAt: Date;
  /** Connections by name in lower case. */
  readonly connections: Map<string, Connection>;
  /** The write that locks the target, if any. */
  lock: TargetLock | undefined;
}

export interface TargetLock {
  readonly operationId: string;
  /** True if the connection has changed and only the target is still busy. */
  settling: boolean;
}

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly target: Target;
  readonly endpointId: string;
  readonly groupIds: readonly string[];
  status: string;
  description: string | undefined;
  /** Absent for types that have none. */
  provisioningState: string | undefined;
  etag: string | undefined;
  /** In seconds of the clock; negative for a seeded leftover. */
  readonly createdAtSeconds: number;
}

export type WriteKind = 'approve' | 'reject' | 'delete';

export interface Operation {
  readonly id: string;
  readonly kind: WriteKind;
  readonly targetId: string;
  readonly connectionId: string;
  readonly startedAt: Date;
  endedAt: Date | undefined;
  state: 'InProgress' | 'Succeeded' | 'Failed';
  error: { readonly code: string; readonly message: string } | undefined;
  /** The word that the URL shows instead of the truth: `InProgress` forever, any other word after the end. */
  readonly says: string | undefined;
}

/** A private endpoint, the requester's side of a connection. */
export interface Endpoint {
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly guid: string;
  location: string;
  tags: Readonly<Record<string, string>>;
  subnetId: string | undefined;
  provisioningState: string;
  /** The id of the network provider's own operation; `undefined` if none runs. */
  operationId: string | undefined;
  readonly requests: EndpointRequest[];
}

/** One connection that an endpoint requested, with the endpoint's copy of its state. */
export interface EndpointRequest {
  readonly name: string;
  readonly manual: boolean;
  readonly targetId: string;
  readonly groupIds: readonly string[];
  readonly requestMessage: string;
  /** Absent until the target's provider has registered the request. */
  connectionId: string | undefined;
  status: string;
  description: string;
}

/** The provisioning states of a type's connections. */
export interface ProfileStates {
  /** Returns the state in which nothing is in progress; `undefined` for a type that has none. */
  rest(status: string): string | undefined;
  /** The state while a change runs. */
  readonly working: string | undefined;
  /** Returns the status that shows while a change runs; `undefined` for the old or the new one. */
  transitionOf(kind: WriteKind): string | undefined;
}

/** The wire behavior of one resource provider. Defaults are recorded behavior, not what the swagger says. */
export interface TargetProfile {
  /** The type in ARM's own spelling, e.g. `Microsoft.KeyVault/managedHSMs`. */
  readonly type: string;
  readonly timings: Timings;
  readonly privateLink: {
    readonly name: string;
    readonly requiredMember: string;
    readonly zone: string;
  };
  /** Headers of every response that the provider itself makes. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Whether a write shows at once, as `Updating` with the new status (Key Vault), or stays hidden behind
   * `Succeeded` with the old status until it is done (API Management, disk accesses).
   */
  readonly showsNewStatusAtOnce: boolean;
  /** Default: `Updating` while a change runs, then `Succeeded`. */
  readonly states?: ProfileStates | undefined;
  /** The method that changes a connection. Default: PUT. */
  readonly method?: 'PUT' | 'PATCH' | undefined;
  /** Whether Resource Graph does not show the connections. */
  readonly isHiddenFromGraph?: boolean | undefined;
  /** Returns whether the provider refuses a change of status, besides those of a Rejected connection. */
  readonly refuses?: ((connection: Connection, wanted: string) => boolean) | undefined;
  readonly hasEtags: boolean;
  /** Whether lists are in reverse order of creation, as recorded for API Management. */
  readonly listsNewestFirst: boolean;
  /** Whether a Rejected connection may become Approved. Only Key Vault was recorded to allow it. */
  readonly canReviveRejected: boolean;
  /** Whether a request for the present status returns 200 without an operation. */
  readonly ignoresSameStatus: boolean;
  /** Whether the body of a PUT must carry the connection's `id`. */
  readonly needsBodyId: boolean;
  /** The description of an automatically approved connection. */
  readonly autoApprovedDescription: string | undefined;

  /** Returns the provider's name for a new connection. */
  nameConnection(request: { targetName: string; connectionName: string; guid: string }): string;
  /** Returns the description to store; `sent` is `undefined` for none or null. */
  storeDescription(sent: string | undefined): string | undefined;
  connectionBody(connection: Connection): JsonObject;
  listItem(connection: Connection): JsonObject;
  /** Returns the target's body, with its connections as `listItem` or `connectionBody` shows them. */
  targetBody(target: Target): JsonObject;
  privateLinkBody(target: Target): JsonObject;
  /** Returns the response to an accepted PUT. */
  writeAccepted(context: OperationContext): LocalResponse;
  deleteAccepted(context: OperationContext): LocalResponse;
  /** Returns the response of the operation URL. */
  poll(context: OperationContext & { readonly options: WorldOptions }): LocalResponse;
  error(status: number, code: string, message: string): LocalResponse;
  /** Returns the code and message of the 409 for a second write. */
  conflict(target: Target): { readonly code: string; readonly message: string };
  /** Returns the code and message of the 400 for a status change that the provider refuses. */
  refusal(connection: Connection, wanted: string): { readonly code: string; readonly message: string };
}

export interface OperationContext {
  readonly operation: Operation;
  readonly target: Target;
  /** The connection's present state; absent if it is gone. */
  readonly connection: Connection | undefined;
  /** The origin that the client used; operation URLs have it. */
  readonly origin: string;
  readonly apiVersion: string;
  /** The present `Retry-After`, in whole real seconds. Absent: not sent. */
  readonly retryAfter: string | undefined;
  /** The URL that was polled, with its origin. Absent in the first response. */
  readonly polledUrl?: URL | undefined;
}

/** The principal that acted; `undefined` if Azure acted by itself. */
export type Actor =
  { readonly appId: string; readonly objectId: string; readonly tenantId?: string | undefined } | undefined;

/** A change, for Event Grid and for the control plane. */
export type Change =
  | {
      readonly kind: 'target-written';
      readonly target: Target;
      readonly created: boolean;
      readonly actor: Actor;
    }
  | { readonly kind: 'target-deleted'; readonly target: Target; readonly actor: Actor }
  | { readonly kind: 'proxy-validated' | 'proxy-written' | 'proxy-deleted'; readonly connection: Connection }
  | { readonly kind: 'connection-written'; readonly connection: Connection; readonly actor: Actor }
  | { readonly kind: 'connection-deleted'; readonly connection: Connection; readonly actor: Actor }
  /** The connection left its target, for whatever reason. No event reports this. */
  | { readonly kind: 'connection-gone'; readonly connection: Connection }
  /** The endpoint's body changed, e.g. its copy of a connection's state. */
  | { readonly kind: 'endpoint-changed'; readonly endpoint: Endpoint }
  /** The requester's PUT ended. */
  | { readonly kind: 'endpoint-written'; readonly endpoint: Endpoint; readonly actor: Actor }
  | { readonly kind: 'endpoint-deleted'; readonly endpoint: Endpoint; readonly actor: Actor };

export function findTarget(world: World, id: string): Target | undefined {
  return world.targets.get(id.toLowerCase());
}

export function findConnection(target: Target, name: string): Connection | undefined {
  return target.connections.get(name.toLowerCase());
}

/** Returns the connection with this id, on whatever target; `undefined` if there is none. */
export function findConnectionById(world: World, id: string): Connection | undefined {
  const [targetId = '', name = ''] = id.split(/\/privateEndpointConnections\//i);
  const target = findTarget(world, targetId);
  return target === undefined ? undefined : findConnection(target, name);
}

export function findEndpoint(world: World, id: string): Endpoint | undefined {
  return world.endpoints.get(id.toLowerCase());
}

/** Returns the subscriptions of `listed`, then those with resources, each once regardless of casing. */
export function subscriptionsOf(world: World, listed: readonly string[]): string[] {
  const used = [...world.targets.values(), ...world.endpoints.values()].map((each) => each.subscriptionId);
  const known = new Map<string, string>();
  for (const id of [...listed, ...used]) if (!known.has(id.toLowerCase())) known.set(id.toLowerCase(), id);
  return [...known.values()];
}

/** Returns whether the connection is still on its target. Scheduled jobs check this first. */
export function isAlive(world: World, connection: Connection): boolean {
  const { target } = connection;
  return findTarget(world, target.id) === target && findConnection(target, connection.name) === connection;
}
