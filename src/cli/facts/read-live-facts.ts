import { lower } from '../../base/compare';
import { type Connection, hasStatus } from '../../connections/connection';
import type {
  ConnectionListing,
  ConnectionStore,
  EndpointDetails,
  ResourceReader,
  TargetDetails,
} from '../../connections/connection-store';
import type { ManagedEndpointReader } from '../../connections/managed-endpoint-reader';
import {
  type ConnectionId,
  type EndpointId,
  parseConnectionId,
  type TargetId,
} from '../../connections/resource-id';
import type { TargetType } from '../../connections/target-type';
import { ArmError, describeError, isUnreadable } from '../../base/errors';
import type { CostlyReads } from '../../policy/cel/costly-reads';
import type { Facts } from '../../policy/facts/facts';
import { knownStatuses } from '../../policy/file/statuses';
import { systemClock } from '../../base/clock';
import { knownMicrosoftTenants } from '../../policy/facts/microsoft-tenants';
import { factsFrom, networkIdOf } from '../../review/facts/build-facts';
import { findRequesters } from '../../review/facts/find-requesters';
import type { OwnSubscriptions } from '../../review/facts/own-subscriptions';
import { proofText, type RequesterProof } from '../../review/facts/requester';
import type { Tenants } from '../../review/facts/tenants';
import type { ConnectionFinder } from '../../review/sweep/connection-finder';
import { CliError } from '../cli-host';
import type { FactsReading } from './facts-input';

/** Read access to the tenant. */
export interface LiveAzure {
  readonly connections: ConnectionStore;
  readonly resources: ResourceReader;
  readonly tenants: Tenants;
  readonly ownSubscriptions: OwnSubscriptions;
  readonly managedEndpoints: ManagedEndpointReader;
  readonly finder: ConnectionFinder;
  /** The types of target that the settings choose. */
  readonly types: readonly TargetType[];
}

/** The part of the host that the tools use to read the tenant. */
export interface AzureHost {
  /** Gives access to the tenant; connects with the first read. @throws PosternError CONFIG_INVALID */
  live(): LiveAzure;
}

/** Options for reading facts from Azure. */
export interface LiveOptions {
  /**
   * Value of `connection.firstSeen`, which ARM does not know; these tools do not read Postern's own
   * tables.
   */
  readonly firstSeen: Date;
  /** Which facts to read that need an extra call for each target, endpoint or subscription. */
  readonly reads: CostlyReads;
  /** The tenants in which services of Microsoft make endpoints. Default: those that are known. */
  readonly microsoftTenants?: ReadonlySet<string> | undefined;
}

/** Reads the facts of one connection. @throws CliError if it does not exist; ArmError if a read fails. */
export async function readConnection(live: LiveAzure, id: string, options: LiveOptions): Promise<Facts> {
  const connectionId: ConnectionId = parseConnectionId(id);
  const { target } = connectionId;
  const listing = await live.connections.list(target);
  const connection = listing?.connections.find((candidate) => candidate.id.key === connectionId.key);
  if (listing === undefined || connection === undefined)
    throw new CliError(`there is no such connection in Azure: ${connectionId.id}`);
  const { reads } = options;
  const targetDetails = reads.target ? await targetDetailsOf(live, target) : undefined;
  return factsOf(live, connection, listing, { ...options, targetDetails });
}

/**
 * Finds all targets that have connections and reads the facts of those, one target at a time. A
 * target that cannot be read is reported and skipped.
 * @throws ArmError if Resource Graph fails.
 */
export async function* findFacts(
  live: LiveAzure,
  subscriptions: readonly string[],
  options: LiveOptions,
): AsyncGenerator<FactsReading> {
  let last: string | undefined;
  const query = { subscriptions, types: live.types, statuses: knownStatuses };
  for await (const { targetId } of live.finder.find(query)) {
    if (targetId.key === last) continue;
    last = targetId.key;
    try {
      yield* factsOfTarget(live, targetId, options);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      yield { kind: 'readFailed', id: targetId.id, problem: describeError(error) };
    }
  }
}

async function* factsOfTarget(
  live: LiveAzure,
  target: TargetId,
  options: LiveOptions,
): AsyncGenerator<FactsReading> {
  const listing = await live.connections.list(target);
  if (listing === undefined) return;
  for (const { id, problem } of listing.malformed) yield { kind: 'readFailed', id, problem };
  const targetDetails = options.reads.target ? await targetDetailsOf(live, target) : undefined;
  for (const connection of listing.connections) {
    yield await readFactsOrProblem(live, connection, listing, { ...options, targetDetails });
  }
}

/** Reads the facts of one connection. An error from ARM affects only this connection. */
async function readFactsOrProblem(...parameters: Parameters<typeof factsOf>): Promise<FactsReading> {
  try {
    return { kind: 'facts', facts: await factsOf(...parameters) };
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    const [, { id }] = parameters;
    return { kind: 'readFailed', id: id.id, problem: describeError(error) };
  }
}

async function factsOf(
  live: LiveAzure,
  connection: Connection,
  listing: ConnectionListing,
  options: LiveOptions & { readonly targetDetails: TargetDetails | undefined },
): Promise<Facts> {
  const { endpoint } = connection;
  const endpointDetails: EndpointDetails | undefined =
    options.reads.endpoint && endpoint !== undefined
      ? await unlessForbidden(() => live.resources.readEndpoint(endpoint.id))
      : undefined;
  const networkId = networkIdOf(endpointDetails);
  const network =
    options.reads.network && networkId !== undefined
      ? await unlessForbidden(() => live.resources.readNetwork(networkId))
      : undefined;
  const { targetDetails } = options;
  const firstSeen = options.firstSeen.toISOString();
  const tenants =
    (options.reads.tenant || options.reads.expected) && endpoint !== undefined
      ? await readTenants(live, [connection.id.target, endpoint, ...rivalsOf(options, listing)])
      : new Map<string, string>();
  const proof = options.reads.requester
    ? await readProof(live, connection, { listing, tenants, options })
    : undefined;
  const managedBy = proof === undefined || proof.kind === 'none' ? undefined : proof;
  const requester = managedBy?.owner ?? endpoint;
  const known = {
    target: tenants.get(lower(connection.id.target.subscriptionId)),
    endpoint: endpoint && tenants.get(lower(endpoint.subscriptionId)),
    subscription:
      options.reads.subscriptions && requester !== undefined
        ? await live.ownSubscriptions.find(requester.subscriptionId)
        : undefined,
    managedBy,
  };
  const all = listing.connections;
  const sources = { connection, firstSeen, all, targetDetails, endpointDetails, network, tenants: known };
  return { ...factsFrom(sources), requesterProof: proof && proofText(proof) };
}

/** Returns the endpoints of Pending connections, which a proof must tell from the one in question. */
function rivalsOf({ reads }: LiveOptions, { connections }: ConnectionListing): readonly EndpointId[] {
  if (!reads.requester) return [];
  return connections.flatMap((other) => (hasStatus(other, 'Pending') ? (other.endpoint ?? []) : []));
}

async function readTenants(
  { tenants }: LiveAzure,
  wanted: readonly { readonly subscriptionId: string }[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { subscriptionId } of wanted) {
    const tenant = await tenants.tenantOf(subscriptionId);
    if (tenant !== undefined) found.set(lower(subscriptionId), tenant);
  }
  return found;
}

/** Finds who asks behind an endpoint of Microsoft, with one reading: the app needs two that agree. */
async function readProof(
  { managedEndpoints, tenants: owners }: LiveAzure,
  connection: Connection,
  {
    listing,
    tenants,
    options,
  }: {
    readonly listing: ConnectionListing;
    readonly tenants: ReadonlyMap<string, string>;
    readonly options: LiveOptions;
  },
): Promise<RequesterProof | undefined> {
  const { microsoftTenants = new Set(knownMicrosoftTenants) } = options;
  const { target, key } = connection.id;
  const ports = { managedEndpoints, tenants: owners, clock: systemClock, logger: quiet };
  const search = { target, listing, tenants, microsoftTenants, connectionStates: [], wanted: [connection] };
  const { read, unread } = await findRequesters(ports, search);
  return unread.size === 0
    ? read.get(key)
    : { kind: 'none', why: 'our resources could not be read', mayPass: true };
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

function targetDetailsOf(live: LiveAzure, target: TargetId): Promise<TargetDetails | undefined> {
  return unlessForbidden(() => live.resources.readTarget(target));
}

/** Returns `undefined` if the caller lacks the permission to read, as a review does. */
async function unlessForbidden<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}
