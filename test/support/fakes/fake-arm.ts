import type { Connection } from '../../../src/connections/connection';
import type {
  ConnectionListing,
  ConnectionStore,
  ConnectionWrite,
  EndpointDetails,
  Fence,
  NetworkDetails,
  OperationReader,
  OperationReport,
  ResourceReader,
  TargetDetails,
  WriteReply,
} from '../../../src/connections/connection-store';
import {
  connectionIdOf,
  parseEndpointId,
  type ConnectionId,
  type TargetId,
} from '../../../src/connections/resource-id';

import type { SubscriptionDetails } from '../../../src/connections/subscription-reader';
import type { OwnSubscriptions } from '../../../src/review/facts/own-subscriptions';
import type { Tenants } from '../../../src/review/facts/tenants';

export interface SeededConnection {
  readonly name: string;
  readonly status?: string;
  readonly message?: string;
  readonly subscription?: string;
  readonly provisioningState?: string | undefined;
}

/** ARM in memory. Its contents and the next replies can be set at any time. */
export class FakeArm implements ConnectionStore, OperationReader, ResourceReader, Tenants, OwnSubscriptions {
  readonly writes: ConnectionWrite[] = [];
  readonly calls: string[] = [];
  /** The next replies to writes. If empty, a write returns 202 and changes nothing yet. */
  readonly writeReplies: (WriteReply | Error)[] = [];
  readonly reports: (OperationReport | Error)[] = [];
  listFailure: Error | undefined;
  getFailure: Error | undefined;
  targetDetails: TargetDetails | Error | undefined = {
    provisioningState: 'Succeeded',
    kind: undefined,
    location: 'westeurope',
    tags: {},
  };
  endpoints = new Map<string, EndpointDetails | Error>();
  readonly networks = new Map<string, NetworkDetails | Error>();
  /** The tenants of subscriptions, or why they are not told. All others are not told. */
  /** The subscriptions that may be read, by id, or why they cannot be. */
  readonly subscriptions = new Map<string, SubscriptionDetails | Error>();
  readonly tenants = new Map<string, string | Error>();
  targetExists = true;
  malformed: { id: string; problem: string }[] = [];
  /** Whether an accepted write takes effect at once. */
  appliesWrites = false;
  /** Runs right before a write takes effect, e.g. to act as another principal. */
  beforeWrite: () => void = () => undefined;
  private connections: Connection[] = [];

  constructor(readonly target: TargetId) {}

  seed(seeded: SeededConnection): Connection {
    const subscription = seeded.subscription ?? '11111111-1111-1111-1111-111111111111';
    const endpointText = `/subscriptions/${subscription}/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-${seeded.name}`;
    const connection: Connection = {
      id: connectionIdOf(this.target, seeded.name),
      endpoint: parseEndpointId(endpointText),
      endpointText,
      status: seeded.status ?? 'Pending',
      message: seeded.message ?? '',
      provisioningState: 'provisioningState' in seeded ? seeded.provisioningState : 'Succeeded',
      groupIds: [],
      etag: undefined,
    };
    this.remove(seeded.name);
    this.connections.push(connection);
    return connection;
  }

  async find(subscriptionId: string): Promise<SubscriptionDetails | undefined> {
    this.calls.push('subscription');
    const found = this.subscriptions.get(subscriptionId);
    if (found instanceof Error) throw found;
    return found;
  }

  async tenantOf(subscriptionId: string, maxAgeSeconds?: number): Promise<string | undefined> {
    this.calls.push(maxAgeSeconds === undefined ? 'tenant' : 'tenant again');
    const tenant = this.tenants.get(subscriptionId);
    if (tenant instanceof Error) throw tenant;
    return tenant;
  }

  change(name: string, change: Partial<Connection>): void {
    this.connections = this.connections.map((connection) =>
      connection.id.name === name ? { ...connection, ...change } : connection,
    );
  }

  /** Returns a connection as it is now. */
  seeded(name: string): Connection {
    const found = this.connections.find(({ id }) => id.name === name);
    if (found === undefined) throw new Error(`There is no connection ${name}.`);
    return found;
  }

  remove(name: string): void {
    this.connections = this.connections.filter((connection) => connection.id.name !== name);
  }

  async list(): Promise<ConnectionListing | undefined> {
    this.calls.push('list');
    if (this.listFailure !== undefined) throw this.listFailure;
    return this.targetExists ? { connections: [...this.connections], malformed: this.malformed } : undefined;
  }

  async get(id: ConnectionId): Promise<Connection | undefined> {
    this.calls.push('get');
    if (this.getFailure !== undefined) throw this.getFailure;
    return this.connections.find((connection) => connection.id.key === id.key);
  }

  async write(write: ConnectionWrite, fence: Fence): Promise<WriteReply> {
    fence();
    this.beforeWrite();
    this.calls.push('write');
    this.writes.push(write);
    const reply = this.writeReplies.shift() ?? { kind: 'accepted', httpStatus: 202 };
    if (reply instanceof Error) throw reply;
    if (this.appliesWrites && reply.kind === 'accepted') this.apply(write);
    return reply;
  }

  private apply({ connection, effect, description }: ConnectionWrite): void {
    const { name } = connection.id;
    if (effect === 'delete') this.remove(name);
    else this.change(name, { status: effect === 'approve' ? 'Approved' : 'Rejected', message: description });
  }

  async read(): Promise<OperationReport> {
    this.calls.push('read');
    const report = this.reports.shift() ?? { httpStatus: 202 };
    if (report instanceof Error) throw report;
    return report;
  }

  async readTarget(): Promise<TargetDetails | undefined> {
    this.calls.push('readTarget');
    if (this.targetDetails instanceof Error) throw this.targetDetails;
    return this.targetDetails;
  }

  async readEndpoint(endpointId: string): Promise<EndpointDetails | undefined> {
    this.calls.push('readEndpoint');
    const details = this.endpoints.get(endpointId.toLowerCase());
    if (details instanceof Error) throw details;
    return details;
  }

  async readNetwork(networkId: string): Promise<NetworkDetails | undefined> {
    this.calls.push('readNetwork');
    const details = this.networks.get(networkId.toLowerCase());
    if (details instanceof Error) throw details;
    return details;
  }
}
