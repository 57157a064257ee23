import type { LocalClock } from './local-clock';
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
  /** By operation id, for as long as the world lives: operation URLs do not expire here. */
  readonly operations: Map<string, Operation>;
  /** Told of every change, in order. */
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
  /** `sku`, `identity` and the like, echoed as they came. */
  extras: JsonObject;
  properties: JsonObject;
  readonly createdAt: Date;
  /** By name in lower case. */
  readonly connections: Map<string, Connection>;
  /** The write that holds the target, if any: no other write gets in. */
  lock: TargetLock | undefined;
}

export interface TargetLock {
  readonly operationId: string;
  /** True when the connection has changed and only the target is still busy. */
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
  provisioningState: string;
  etag: string | undefined;
  /** In seconds of the clock; negative for a leftover that was planted as old. */
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
  /** What its URL says instead of the truth: `InProgress` for ever, any other word once it has ended. */
  readonly says: string | undefined;
}

/** A private endpoint: the requester's side. */
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
  /** The network provider's own operation: `undefined` when none runs. */
  operationId: string | undefined;
  readonly requests: EndpointRequest[];
}

/** One connection that an endpoint asked for, with its copy of the connection's state. */
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

/** How one resource provider behaves on the wire. Defaults are what was recorded, not what the swagger says. */
export interface TargetProfile {
  /** In ARM's own spelling, e.g. `Microsoft.KeyVault/managedHSMs`. */
  readonly type: string;
  readonly timings: Timings;
  readonly privateLink: {
    readonly name: string;
    readonly requiredMember: string;
    readonly zone: string;
  };
  /** Headers of every answer that the provider itself gives. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Whether a write is visible at once, as `Updating` with the new status (Key Vault), or hides behind
   * `Succeeded` with the old one until it is done (API Management, disk accesses).
   */
  readonly showsNewStatusAtOnce: boolean;
  readonly hasEtags: boolean;
  /** The order of lists: as made, or the other way round, as API Management was seen to do it. */
  readonly listsNewestFirst: boolean;
  /** Whether a Rejected connection may become Approved: only Key Vault is on record. */
  readonly canReviveRejected: boolean;
  /** Whether asking for the status that is there already is answered with 200 and nothing done. */
  readonly ignoresSameStatus: boolean;
  /** Whether the body of a PUT must carry the connection's `id`. */
  readonly needsBodyId: boolean;
  /** What an automatically approved connection says. */
  readonly autoApprovedDescription: string | undefined;

  /** The name that the provider gives a new connection. */
  nameConnection(request: { targetName: string; connectionName: string; guid: string }): string;
  /** The stored description for one that was sent; `undefined` when none or null was sent. */
  storeDescription(sent: string | undefined): string | undefined;
  connectionBody(connection: Connection): JsonObject;
  listItem(connection: Connection): JsonObject;
  /** The target's own body; `embedded` holds its connections as `listItem` or `connectionBody` shows them. */
  targetBody(target: Target): JsonObject;
  privateLinkBody(target: Target): JsonObject;
  /** The first answer to a PUT that was taken. */
  writeAccepted(context: OperationContext): LocalResponse;
  deleteAccepted(context: OperationContext): LocalResponse;
  /** The answer of the operation URL. */
  poll(context: OperationContext & { readonly options: WorldOptions }): LocalResponse;
  error(status: number, code: string, message: string): LocalResponse;
  /** The code and message of the 409 for a second write. */
  conflict(target: Target): { readonly code: string; readonly message: string };
  /** The code and message of the 400 for a change of status that the provider refuses. */
  refusal(connection: Connection, wanted: string): { readonly code: string; readonly message: string };
}

export interface OperationContext {
  readonly operation: Operation;
  readonly target: Target;
  /** As it is now; absent when it is gone. */
  readonly connection: Connection | undefined;
  /** Where operation URLs point: the origin that the client used. */
  readonly origin: string;
  readonly apiVersion: string;
  /** The present `Retry-After`, in whole real seconds; absent: not sent. */
  readonly retryAfter: string | undefined;
  /** The URL that was polled, its origin included; absent in the first answer. */
  readonly polledUrl?: URL | undefined;
}

/** Who did it; `undefined` when Azure did it by itself. */
export type Actor =
  { readonly appId: string; readonly objectId: string; readonly tenantId?: string | undefined } | undefined;

/** What happened, for Event Grid and for the control plane. */
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
  /** It is not on its target any more, for whatever reason; no event tells of it. */
  | { readonly kind: 'connection-gone'; readonly connection: Connection }
  /** The endpoint's body changed, e.g. its copy of a connection's state. */
  | { readonly kind: 'endpoint-changed'; readonly endpoint: Endpoint }
  /** The requester's PUT has come to its end. */
  | { readonly kind: 'endpoint-written'; readonly endpoint: Endpoint; readonly actor: Actor }
  | { readonly kind: 'endpoint-deleted'; readonly endpoint: Endpoint; readonly actor: Actor };

export function findTarget(world: World, id: string): Target | undefined {
  return world.targets.get(id.toLowerCase());
}

export function findConnection(target: Target, name: string): Connection | undefined {
  return target.connections.get(name.toLowerCase());
}

/** The connection with this id, on whatever target; `undefined` when there is none. */
export function findConnectionById(world: World, id: string): Connection | undefined {
  const [targetId = '', name = ''] = id.split(/\/privateEndpointConnections\//i);
  const target = findTarget(world, targetId);
  return target === undefined ? undefined : findConnection(target, name);
}

export function findEndpoint(world: World, id: string): Endpoint | undefined {
  return world.endpoints.get(id.toLowerCase());
}

/** The subscriptions of `listed`, then those in which there is anything, each once whatever its casing. */
export function subscriptionsOf(world: World, listed: readonly string[]): string[] {
  const used = [...world.targets.values(), ...world.endpoints.values()].map((each) => each.subscriptionId);
  const known = new Map<string, string>();
  for (const id of [...listed, ...used]) if (!known.has(id.toLowerCase())) known.set(id.toLowerCase(), id);
  return [...known.values()];
}

/** True while the connection is on its target; jobs that were scheduled for it ask this first. */
export function isAlive(world: World, connection: Connection): boolean {
  const { target } = connection;
  return findTarget(world, target.id) === target && findConnection(target, connection.name) === connection;
}
