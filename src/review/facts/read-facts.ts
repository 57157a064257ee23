import { hasStatus, progressOf, type Connection } from '../../connections/connection';
import type { ConnectionListing, EndpointDetails, TargetDetails } from '../../connections/connection-store';
import type { SubscriptionDetails } from '../../connections/subscription-reader';
import type { EndpointId, TargetId } from '../../connections/resource-id';
import { profileOf } from '../../connections/target-type';
import { lower } from '../../base/compare';
import { ArmError, describeError, isStorageError, isUnreadable, PosternError } from '../../base/errors';
import type { ConnectionState } from '../../operations/operation';
import { hasOutlivedApproval } from '../../operations/timed-approval';
import { noLists, type UsableLists } from '../../policy/lists/list-snapshot';
import { listsFor } from '../lists/list-reader';
import { isNamed } from './announcements';
import { factsFrom } from './build-facts';
import type { ReviewJob, ReviewPorts } from '../review-job';

/** The facts that a review has read beyond the list of connections. */
export interface FactsRead {
  readonly details: TargetDetails | undefined;
  /** Endpoint details by endpoint key; an endpoint that Postern may not read is absent. */
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
  /** The tenants of subscriptions that some rule reads, by subscription in lower case; GUIDs in lower case. */
  readonly tenants: ReadonlyMap<string, string>;
  /** Subscriptions that some rule reads, by their id in lower case; one that Postern may not read is absent. */
  readonly subscriptions: ReadonlyMap<string, SubscriptionDetails>;
  /** The managed lists that decisions about this target may use. */
  readonly lists: UsableLists;
  /** Keys of endpoints that could not be read this time. */
  readonly unread: ReadonlySet<string>;
  /** The longest wait in seconds that ARM asked for when these endpoints were read. */
  readonly retryAfterSeconds: number | undefined;
}

type Options = Pick<
  ReviewPorts,
  'resources' | 'tenants' | 'ownSubscriptions' | 'managedLists' | 'clock' | 'logger'
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
  const endpointsFor = (read: 'endpoint' | 'tenant' | 'subscriptions'): readonly EndpointId[] =>
    open.flatMap(({ connection, reads }) => (reads[read] ? (connection.endpoint ?? []) : []));
  const found = await readEndpoints(ports, endpointsFor('endpoint'));
  const named = open.flatMap(({ connection, reads }) =>
    reads.expected && !reads.tenant && isNamed(connection, policy.expected)
      ? (connection.endpoint ?? [])
      : [],
  );
  const owners = await readTenants(ports, target, [...endpointsFor('tenant'), ...named]);
  const subscriptions = await readSubscriptions(ports, target, endpointsFor('subscriptions'), owners.read);
  const reads = [found, owners, subscriptions];
  return {
    details,
    endpoints: found.read,
    tenants: withOwner(owners.read, target, managed.tenantId),
    subscriptions: subscriptions.read,
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

/** Reads the subscriptions of endpoints of the target's tenant: no other one can be ours. */
async function readSubscriptions(
  ports: Options,
  target: TargetId,
  wanted: readonly EndpointId[],
  tenants: ReadonlyMap<string, string>,
): Promise<Reads<SubscriptionDetails>> {
  const own = tenants.get(lower(target.subscriptionId));
  const ours = wanted.filter((endpoint) => {
    const tenant = tenants.get(lower(endpoint.subscriptionId));
    return tenant !== undefined && tenant === own;
  });
  return readBySubscription(ports, ours, (id) => ports.ownSubscriptions.find(id));
}

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
  const found = await readBySubscription(ports, [owner, ...wanted], tenantOf);
  return found.unread.has(owner.key) ? { ...found, unread: new Set(wanted.map(({ key }) => key)) } : found;
}

/**
 * Reads something of each subscription, once. The result is by subscription in lower case; what could
 * not be read is by the keys of the items.
 */
async function readBySubscription<T>(
  ports: Options,
  wanted: readonly Pick<EndpointId, 'key' | 'subscriptionId'>[],
  readOne: (subscriptionId: string) => Promise<T | undefined>,
): Promise<Reads<T>> {
  const keysOf = new Map<string, string[]>();
  for (const { subscriptionId, key } of wanted) {
    const id = lower(subscriptionId);
    keysOf.set(id, [...(keysOf.get(id) ?? []), key]);
  }
  const subscriptions = [...keysOf.keys()].map((key) => ({ key, id: `/subscriptions/${key}` }));
  const found = await readEach(ports, subscriptions, ({ key }) => readOne(key));
  const unread = [...found.unread].flatMap((id) => keysOf.get(id) ?? []);
  return { ...found, unread: new Set(unread) };
}

function laterOf(one: number | undefined, other: number | undefined): number | undefined {
  return Math.max(one ?? 0, other ?? 0) || undefined;
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

/** What was read of some items, by their keys. */
interface Reads<T> {
  readonly read: ReadonlyMap<string, T>;
  /** The keys of those that could not be read this time. */
  readonly unread: ReadonlySet<string>;
  readonly retryAfterSeconds: number | undefined;
}

/** Reads the details of endpoints. */
function readEndpoints(ports: Options, wanted: readonly EndpointId[]): Promise<Reads<EndpointDetails>> {
  return readEach(ports, wanted, (endpoint) => readEndpoint(ports, endpoint));
}

/**
 * Reads something of each item, once per key. Endpoints and subscriptions belong to other people:
 * an error with one of them, of any kind, possibly caused by its owner, must not delay the
 * connections of the others.
 */
async function readEach<Item extends { readonly key: string; readonly id: string }, T>(
  ports: Options,
  wanted: readonly Item[],
  readOne: (item: Item) => Promise<T | undefined>,
): Promise<Reads<T>> {
  const read = new Map<string, T>();
  const unread = new Set<string>();
  let retryAfterSeconds: number | undefined;
  const left = [...new Map(wanted.map((item) => [item.key, item])).values()];
  async function readNext(): Promise<void> {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      try {
        const found = await readOne(item);
        if (found !== undefined) read.set(item.key, found);
      } catch (error) {
        if (!(error instanceof PosternError) || isStorageError(error)) throw error;
        ports.logger.warn(
          `${item.id} could not be read; its connections are not decided now. ${describeError(error)}`,
        );
        unread.add(item.key);
        if (error instanceof ArmError)
          retryAfterSeconds = laterOf(retryAfterSeconds, error.retryAfterSeconds);
      }
    }
  }
  await Promise.all(Array.from({ length: readsAtOnce }, readNext));
  return { read, unread, retryAfterSeconds };
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
