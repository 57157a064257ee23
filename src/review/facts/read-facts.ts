import { hasStatus, progressOf, type Connection } from '../../connections/connection';
import type { ConnectionListing, EndpointDetails, TargetDetails } from '../../connections/connection-store';
import type { EndpointId } from '../../connections/resource-id';
import { targetProfiles } from '../../connections/target-type';
import { ArmError, describeError, isUnreadable, PosternError } from '../../base/errors';
import type { ConnectionState } from '../../operations/operation';
import { hasOutlivedApproval } from '../../operations/timed-approval';
import { factsFrom } from './build-facts';
import type { ReviewJob, ReviewPorts } from '../review-job';

/** The facts that a review has read beyond the list of connections. */
export interface FactsRead {
  readonly details: TargetDetails | undefined;
  /** Endpoint details by endpoint key; an endpoint that Postern may not read is absent. */
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
  /** Keys of endpoints that could not be read this time. */
  readonly unread: ReadonlySet<string>;
  /** The longest wait in seconds that ARM asked for when these endpoints were read. */
  readonly retryAfterSeconds: number | undefined;
}

type Options = Pick<ReviewPorts, 'resources' | 'clock' | 'logger'>;

/**
 * Reads the facts that each cost a call to ARM: only for connections that some rule leaves
 * undecided without them, or if a write must know whether the target is locked.
 * @throws ArmError if the target's details cannot be read for a passing reason.
 */
export async function readFacts(
  ports: Options,
  job: ReviewJob,
  known: {
    readonly listing: ConnectionListing | undefined;
    readonly connectionStates: readonly ConnectionState[];
  },
): Promise<FactsRead> {
  const { policy, target } = job;
  const now = ports.clock.now();
  const connectionStates = new Map(
    known.connectionStates.map((connectionState) => [connectionState.connection.key, connectionState]),
  );
  const all = known.listing?.connections ?? [];
  const concerned = all.filter(
    (connection) =>
      progressOf(connection) !== 'working' &&
      (policy.statuses.some((status) => hasStatus(connection, status)) ||
        hasOutlivedApproval(connection, connectionStates.get(connection.id.key), now)),
  );
  const open = concerned.map((connection) => {
    const firstSeen = connectionStates.get(connection.id.key)?.firstSeen ?? now.toISOString();
    const nothing = { targetDetails: undefined, endpointDetails: undefined };
    const facts = factsFrom({ connection, firstSeen, all, ...nothing });
    return { connection, reads: policy.leavesOpen(facts, now) };
  });
  const wantsDetails =
    concerned.length > 0 &&
    (targetProfiles[target.type].locksTarget || open.some(({ reads }) => reads.target));
  const details = wantsDetails ? await readTarget(ports, job) : undefined;
  const wanted = open.flatMap(({ connection, reads }) => (reads.endpoint ? (connection.endpoint ?? []) : []));
  return { details, ...(await readEndpoints(ports, wanted)) };
}

/**
 * Reads the facts of one connection's decision again.
 * @throws ArmError
 */
export async function readDetails(
  ports: Options,
  job: ReviewJob,
  { connection, facts }: { readonly connection: Connection; readonly facts: FactsRead },
): Promise<{ details: TargetDetails | undefined; endpoint: EndpointDetails | undefined }> {
  const { endpoint } = connection;
  const isEndpointKnown = endpoint !== undefined && facts.endpoints.has(endpoint.key);
  return {
    details: facts.details && (await readTarget(ports, job)),
    endpoint: isEndpointKnown ? await readEndpoint(ports, endpoint) : undefined,
  };
}

function readTarget(ports: Options, { target }: ReviewJob): Promise<TargetDetails | undefined> {
  return orAbsent(ports, () => ports.resources.readTarget(target));
}

function readEndpoint(ports: Options, { id }: EndpointId): Promise<EndpointDetails | undefined> {
  return orAbsent(ports, () => ports.resources.readEndpoint(id));
}

/**
 * The number of concurrent reads. Read one after the other, the facts of a target with many
 * connections would be outdated before the last one is read.
 */
const readsAtOnce = 8;

/**
 * Reads the details of endpoints. Endpoints belong to other people: an error with one of them, of
 * any kind, possibly caused by its owner, must not delay the connections of the others.
 */
async function readEndpoints(
  ports: Options,
  wanted: readonly EndpointId[],
): Promise<Omit<FactsRead, 'details'>> {
  const endpoints = new Map<string, EndpointDetails>();
  const unread = new Set<string>();
  let retryAfterSeconds: number | undefined;
  const left = [...new Map(wanted.map((endpoint) => [endpoint.key, endpoint])).values()];
  async function readNext(): Promise<void> {
    for (let endpoint = left.shift(); endpoint !== undefined; endpoint = left.shift()) {
      try {
        const read = await readEndpoint(ports, endpoint);
        if (read !== undefined) endpoints.set(endpoint.key, read);
      } catch (error) {
        if (!(error instanceof PosternError)) throw error;
        ports.logger.warn(
          `${endpoint.id} could not be read; its connections are not decided now. ${describeError(error)}`,
        );
        unread.add(endpoint.key);
        const asked = error instanceof ArmError ? (error.retryAfterSeconds ?? 0) : 0;
        retryAfterSeconds = Math.max(retryAfterSeconds ?? 0, asked) || undefined;
      }
    }
  }
  await Promise.all(Array.from({ length: readsAtOnce }, readNext));
  return { endpoints, unread, retryAfterSeconds };
}

/**
 * Runs a read and returns `undefined` for what Postern may not read. A rule that uses an absent
 * fact holds the connection.
 */
async function orAbsent<T>(ports: Options, read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    ports.logger.warn(`A fact could not be read and stays absent. ${describeError(error)}`);
    return undefined;
  }
}
