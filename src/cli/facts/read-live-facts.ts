import type { Connection } from '../../connections/connection';
import type {
  ConnectionStore,
  EndpointDetails,
  ResourceReader,
  TargetDetails,
} from '../../connections/connection-store';
import { type ConnectionId, parseConnectionId, type TargetId } from '../../connections/resource-id';
import type { TargetType } from '../../connections/target-type';
import { ArmError, describeError, isUnreadable } from '../../base/errors';
import type { CostlyReads } from '../../policy/cel/costly-reads';
import type { Facts } from '../../policy/facts/facts';
import { knownStatuses } from '../../policy/file/statuses';
import { factsFrom } from '../../review/facts/build-facts';
import type { OwnSubscriptions } from '../../review/facts/own-subscriptions';
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
  return factsOf(live, connection, listing.connections, { ...options, targetDetails });
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
    yield await readFactsOrProblem(live, connection, listing.connections, { ...options, targetDetails });
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
  all: readonly Connection[],
  options: LiveOptions & { readonly targetDetails: TargetDetails | undefined },
): Promise<Facts> {
  const { endpoint } = connection;
  const endpointDetails: EndpointDetails | undefined =
    options.reads.endpoint && endpoint !== undefined
      ? await unlessForbidden(() => live.resources.readEndpoint(endpoint.id))
      : undefined;
  const { targetDetails } = options;
  const firstSeen = options.firstSeen.toISOString();
  const tenants =
    (options.reads.tenant || options.reads.expected) && endpoint !== undefined
      ? {
          target: await live.tenants.tenantOf(connection.id.target.subscriptionId),
          endpoint: await live.tenants.tenantOf(endpoint.subscriptionId),
          subscription: options.reads.subscriptions
            ? await live.ownSubscriptions.find(endpoint.subscriptionId)
            : undefined,
        }
      : undefined;
  return factsFrom({ connection, firstSeen, all, targetDetails, endpointDetails, tenants });
}

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
