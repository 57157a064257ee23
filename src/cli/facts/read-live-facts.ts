import type { Connection } from '../../connections/connection';
import type { EndpointDetails, TargetDetails } from '../../connections/connection-store';
import { type ConnectionId, parseConnectionId, type TargetId } from '../../connections/resource-id';
import { targetTypes } from '../../connections/target-type';
import { ArmError, describeError, isUnreadable } from '../../base/errors';
import type { Facts } from '../../policy/facts/facts';
import { knownStatuses } from '../../policy/file/statuses';
import { factsFrom } from '../../review/facts/build-facts';
import { CliError, type LiveAzure } from '../cli-host';

export interface LiveOptions {
  /** What `connection.firstSeen` is: ARM does not know, and the tools do not ask Postern's own tables. */
  readonly firstSeen: Date;
  /** Which facts that cost a call are read. */
  readonly reads: { readonly target: boolean; readonly endpoint: boolean };
}

/** The facts of one connection, or what could not be read, and why. */
export type LiveFacts =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'unread'; readonly id: string; readonly problem: string };

/** @throws CliError when there is no such connection; ArmError. */
export async function readConnection(live: LiveAzure, id: string, options: LiveOptions): Promise<Facts> {
  const connectionId: ConnectionId = parseConnectionId(id);
  const { target } = connectionId;
  const listing = await live.connections.list(target);
  const connection = listing?.connections.find((candidate) => candidate.id.key === connectionId.key);
  if (listing === undefined || connection === undefined)
    throw new CliError(`Azure has no such connection: ${connectionId.id}`);
  const { reads } = options;
  const targetDetails = reads.target ? await targetDetailsOf(live, target) : undefined;
  return factsOf(live, connection, listing.connections, { ...options, targetDetails });
}

/**
 * The facts of every connection of every target with at least one, a target at a time. A target that cannot be read is
 * told and passed over. @throws ArmError when Resource Graph fails.
 */
export async function* findFacts(
  live: LiveAzure,
  subscriptions: readonly string[],
  options: LiveOptions,
): AsyncGenerator<LiveFacts> {
  let last: string | undefined;
  const query = { subscriptions, types: targetTypes, statuses: knownStatuses };
  for await (const { targetId } of live.finder.find(query)) {
    if (targetId.key === last) continue;
    last = targetId.key;
    try {
      yield* factsOfTarget(live, targetId, options);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      yield { kind: 'unread', id: targetId.id, problem: describeError(error) };
    }
  }
}

async function* factsOfTarget(
  live: LiveAzure,
  target: TargetId,
  options: LiveOptions,
): AsyncGenerator<LiveFacts> {
  const listing = await live.connections.list(target);
  if (listing === undefined) return;
  for (const { id, problem } of listing.malformed) yield { kind: 'unread', id, problem };
  const targetDetails = options.reads.target ? await targetDetailsOf(live, target) : undefined;
  for (const connection of listing.connections) {
    yield await factsOrWhyNot(live, connection, listing.connections, { ...options, targetDetails });
  }
}

/** Trouble with one endpoint concerns its own connection only. */
async function factsOrWhyNot(...asked: Parameters<typeof factsOf>): Promise<LiveFacts> {
  try {
    return { kind: 'facts', facts: await factsOf(...asked) };
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    const [, { id }] = asked;
    return { kind: 'unread', id: id.id, problem: describeError(error) };
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
  return factsFrom({ connection, firstSeen, all, targetDetails, endpointDetails });
}

function targetDetailsOf(live: LiveAzure, target: TargetId): Promise<TargetDetails | undefined> {
  return unlessForbidden(() => live.resources.readTarget(target));
}

/** As in a review: what may not be read is absent. */
async function unlessForbidden<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}
