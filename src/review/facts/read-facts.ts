import { hasStatus, progressOf, type Connection } from '../../connections/connection';
import type {
  ConnectionListing,
  EndpointDetails,
  NetworkDetails,
  TargetDetails,
} from '../../connections/connection-store';
import type { SubscriptionDetails } from '../../connections/subscription-reader';
import { type EndpointId, idKey, type TargetId } from '../../connections/resource-id';
import { profileOf } from '../../connections/target-type';
import { lower } from '../../base/compare';
import type { ConnectionState } from '../../operations/operation';
import type { CostlyReads } from '../../policy/cel/costly-reads';
import { hasOutlivedApproval } from '../../operations/timed-approval';
import { noLists, type UsableLists } from '../../policy/lists/list-snapshot';
import { listsFor } from '../lists/list-reader';
import { isNamed } from './announcements';
import { factsFrom, networkIdOf } from './build-facts';
import { findRequesters, type RequesterSearch } from './find-requesters';
import { laterOf, orAbsent, readEach, type Reads, readShared } from './reads';
import type { RequesterProof } from './requester';
import type { ReviewJob, ReviewPorts } from '../review-job';

/** The facts that a review has read beyond the list of connections. */
export interface FactsRead {
  readonly details: TargetDetails | undefined;
  /** Endpoint details by endpoint key; an endpoint that Postern may not read is absent. */
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
  /** Networks of endpoints by their key; one that Postern may not read is absent. */
  readonly networks: ReadonlyMap<string, NetworkDetails>;
  /** The tenants of subscriptions that some rule reads, by subscription in lower case; GUIDs in lower case. */
  readonly tenants: ReadonlyMap<string, string>;
  /** Subscriptions that some rule reads, by their id in lower case; one that Postern may not read is absent. */
  readonly subscriptions: ReadonlyMap<string, SubscriptionDetails>;
  /** What is known of requesters behind endpoints of Microsoft, by the key of the connection. */
  readonly proofs: ReadonlyMap<string, RequesterProof>;
  /** The managed lists that decisions about this target may use. */
  readonly lists: UsableLists;
  /** Keys of endpoints that could not be read this time. */
  readonly unread: ReadonlySet<string>;
  /** The longest wait in seconds that ARM asked for when these endpoints were read. */
  readonly retryAfterSeconds: number | undefined;
}

type Options = Pick<
  ReviewPorts,
  'resources' | 'tenants' | 'ownSubscriptions' | 'managedEndpoints' | 'managedLists' | 'clock' | 'logger'
>;

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
  const managed = concerned.length === 0 ? noManaged : await listsFor(ports, job);
  const open = concerned.map((connection) => {
    const firstSeen = connectionStates.get(connection.id.key)?.firstSeen ?? now.toISOString();
    const nothing = { targetDetails: undefined, endpointDetails: undefined };
    const facts = factsFrom({ connection, firstSeen, all, ...nothing });
    return { connection, reads: policy.leavesOpen(facts, now, managed.lists) };
  });
  const wantsDetails =
    concerned.length > 0 && (profileOf(target.type).locksTarget || open.some(({ reads }) => reads.target));
  const details = wantsDetails ? await readTarget(ports, job) : undefined;
  const endpointsFor = (read: keyof CostlyReads): readonly EndpointId[] =>
    open.flatMap(({ connection, reads }) => (reads[read] ? (connection.endpoint ?? []) : []));
  const found = await readEndpoints(ports, endpointsFor('endpoint'));
  const networks = await readNetworks(ports, endpointsFor('network'), found.read);
  const named = open.flatMap(({ connection, reads }) =>
    reads.expected && !reads.tenant && isNamed(connection, policy.expected)
      ? (connection.endpoint ?? [])
      : [],
  );
  const owners = await readTenants(ports, target, [...endpointsFor('tenant'), ...named]);
  const proofs = await readProofs(ports, job, {
    listing: known.listing,
    connectionStates: known.connectionStates,
    tenants: owners.read,
    wanted: open.flatMap(({ connection, reads }) => (reads.requester ? connection : [])),
  });
  const subscriptions = await readSubscriptions(ports, target, {
    wanted: open.flatMap(({ connection, reads }) => (reads.subscriptions ? connection : [])),
    tenants: owners.read,
    proofs: proofs.read,
  });
  const reads = [found, networks, owners, proofs, subscriptions];
  return {
    details,
    endpoints: found.read,
    networks: networks.read,
    tenants: withOwner(owners.read, target, managed.tenantId),
    subscriptions: subscriptions.read,
    proofs: proofs.read,
    lists: managed.lists,
    unread: new Set(reads.flatMap(({ unread }) => [...unread])),
    retryAfterSeconds: reads.map((each) => each.retryAfterSeconds).reduce(laterOf, undefined),
  };
}

const noManaged = { lists: noLists, tenantId: undefined };

/**
 * Adds the target's tenant, on which managed lists depend: it is asked for again before an approval.
 */
function withOwner(
  tenants: ReadonlyMap<string, string>,
  { subscriptionId }: TargetId,
  tenantId: string | undefined,
): ReadonlyMap<string, string> {
  return tenantId === undefined ? tenants : new Map([[lower(subscriptionId), tenantId], ...tenants]);
}

/** Finds who asks behind endpoints of Microsoft, if a rule reads that. */
async function readProofs(
  ports: Options,
  { target, policy }: ReviewJob,
  search: Pick<RequesterSearch, 'connectionStates' | 'tenants' | 'wanted'> & {
    readonly listing: ConnectionListing | undefined;
  },
): Promise<Reads<RequesterProof>> {
  const { microsoftTenants } = policy;
  const { listing } = search;
  if (listing === undefined) return { read: new Map(), unread: new Set(), retryAfterSeconds: undefined };
  return findRequesters(ports, { ...search, listing, target, microsoftTenants });
}

/** Reads the subscriptions of requesters in the target's tenant: no other one can be ours. */
async function readSubscriptions(
  ports: Options,
  target: TargetId,
  {
    wanted,
    tenants,
    proofs,
  }: Pick<FactsRead, 'tenants' | 'proofs'> & { readonly wanted: readonly Connection[] },
): Promise<Reads<SubscriptionDetails>> {
  const own = tenants.get(lower(target.subscriptionId));
  const ours = wanted.flatMap(({ id, endpoint }) => {
    const proof = proofs.get(id.key);
    if (endpoint === undefined) return [];
    if (proof?.kind === 'proven') return { key: endpoint.key, subscriptionId: proof.owner.subscriptionId };
    const tenant = tenants.get(lower(endpoint.subscriptionId));
    return tenant !== undefined && tenant === own ? endpoint : [];
  });
  return readShared(ports, ours, { ...bySubscription, readOne: (id) => ports.ownSubscriptions.find(id) });
}

/** Reads the networks of endpoints, as far as their details are known. */
function readNetworks(
  ports: Options,
  wanted: readonly EndpointId[],
  endpoints: ReadonlyMap<string, EndpointDetails>,
): Promise<Reads<NetworkDetails>> {
  const networkOf = ({ key }: EndpointId): string => idKey(networkIdOf(endpoints.get(key)) ?? '');
  const withNetwork = wanted.filter((endpoint) => networkOf(endpoint) !== '');
  const readOne = (id: string): Promise<NetworkDetails | undefined> => readNetwork(ports, id);
  return readShared(ports, withNetwork, { keyOf: networkOf, idOf: (id) => id, readOne });
}

const bySubscription = {
  keyOf: ({ subscriptionId }: { readonly subscriptionId: string }) => lower(subscriptionId),
  idOf: (id: string) => `/subscriptions/${id}`,
};

/**
 * Reads whose the subscriptions of endpoints are. If the target's own tenant is not told, nobody
 * can be known as ours.
 */
async function readTenants(
  ports: Options,
  target: TargetId,
  wanted: readonly EndpointId[],
): Promise<Reads<string>> {
  if (wanted.length === 0) return { read: new Map(), unread: new Set(), retryAfterSeconds: undefined };
  const tenantOf = (id: string): Promise<string | undefined> => ports.tenants.tenantOf(id);
  const owner = { key: '', id: target.id, subscriptionId: target.subscriptionId };
  const found = await readShared(ports, [owner, ...wanted], { ...bySubscription, readOne: tenantOf });
  return found.unread.has(owner.key) ? { ...found, unread: new Set(wanted.map(({ key }) => key)) } : found;
}

/**
 * Reads the facts of one connection's decision again.
 * @throws ArmError
 */
export async function readDetails(
  ports: Options,
  job: ReviewJob,
  { connection, facts }: { readonly connection: Connection; readonly facts: FactsRead },
): Promise<DetailsRead> {
  const { endpoint } = connection;
  const known = detailsOf(facts, connection);
  return {
    details: known.details && (await readTarget(ports, job)),
    endpoint: endpoint && known.endpoint && (await readEndpoint(ports, endpoint)),
    network: known.network && (await readNetwork(ports, idKey(networkIdOf(known.endpoint) ?? ''))),
  };
}

/** The details on which one connection's decision is based. */
export interface DetailsRead {
  readonly details: TargetDetails | undefined;
  readonly endpoint: EndpointDetails | undefined;
  readonly network: NetworkDetails | undefined;
}

/** Returns the details that were read for a connection. */
export function detailsOf(
  { details, endpoints, networks }: Pick<FactsRead, 'details' | 'endpoints' | 'networks'>,
  connection: Connection,
): DetailsRead {
  const endpoint = connection.endpoint && endpoints.get(connection.endpoint.key);
  return { details, endpoint, network: networks.get(idKey(networkIdOf(endpoint) ?? '')) };
}

function readNetwork(ports: Options, id: string): Promise<NetworkDetails | undefined> {
  return orAbsent(ports, () => ports.resources.readNetwork(id));
}

function readTarget(ports: Options, { target }: ReviewJob): Promise<TargetDetails | undefined> {
  return orAbsent(ports, () => ports.resources.readTarget(target));
}

function readEndpoint(ports: Options, { id }: EndpointId): Promise<EndpointDetails | undefined> {
  return orAbsent(ports, () => ports.resources.readEndpoint(id));
}

/** Reads the details of endpoints. */
function readEndpoints(ports: Options, wanted: readonly EndpointId[]): Promise<Reads<EndpointDetails>> {
  return readEach(ports, wanted, (endpoint) => readEndpoint(ports, endpoint));
}
