import { lower } from '../../base/compare';
import { type Connection, hasStatus } from '../../connections/connection';
import type { ConnectionListing } from '../../connections/connection-store';
import type { ManagedLink } from '../../connections/managed-endpoint-reader';
import type { TargetId } from '../../connections/resource-id';
import type { ConnectionState } from '../../operations/operation';
import type { ReviewPorts } from '../review-job';
import { endpointKeyOf } from '../observe';
import { orAbsent, readEach, type Reads } from './reads';
import type { RequesterProof } from './requester';
import { approvalMaxAgeSeconds } from './tenants';
import { canTie, type Finding, findLink, proofOf, type ProofQuestion, whyNotAsking } from './requester-proof';

/** What a search for requesters starts from. */
export interface RequesterSearch {
  readonly target: TargetId;
  readonly listing: ConnectionListing;
  /** The tenants of subscriptions, as far as they were read; by subscription in lower case. */
  readonly tenants: ReadonlyMap<string, string>;
  readonly microsoftTenants: ReadonlySet<string>;
  readonly connectionStates: readonly ConnectionState[];
  /** The connections whose requester a rule reads. */
  readonly wanted: readonly Connection[];
}

type Ports = Pick<ReviewPorts, 'managedEndpoints' | 'tenants' | 'clock' | 'logger'>;

/**
 * Finds the resources of ours behind the Pending connections of Microsoft's tenants. The result is by
 * the key of the connection; what could not be read is by that of its endpoint. A connection of any
 * other tenant or status has no entry. Takes one query and the reads of `ManagedEndpointReader`, and
 * one read for each connection whose message is that of a link of ours.
 * @throws PosternError STORE_UNAVAILABLE
 */
export async function findRequesters(ports: Ports, search: RequesterSearch): Promise<Reads<RequesterProof>> {
  const own = search.tenants.get(lower(search.target.subscriptionId));
  const asked = search.wanted.filter(
    (connection) => hasStatus(connection, 'Pending') && kindOf(search, connection) === 'managed',
  );
  const nothing = { read: new Map(), unread: new Set<string>(), retryAfterSeconds: undefined };
  if (own === undefined || asked.length === 0) return nothing;
  const candidates = await readEach(ports, [{ key: own, id: 'Links of our resources' }], () =>
    findCandidates(ports, search, { own, asked }),
  );
  const findings = candidates.read.get(own);
  if (findings === undefined) return { ...candidates, read: new Map(), unread: endpointsOf(asked) };
  const now = ports.clock.now();
  const items = asked.map((connection) => ({ ...connection.id, connection }));
  const rows = new Map(search.connectionStates.map((row) => [row.connection.key, row]));
  const proofs = await readEach(ports, items, async ({ key, connection }) => {
    const finding = await inOwnTenant(ports, own, await checked(ports, connection, findings.get(key)));
    const before = rows.get(key)?.foundRequester;
    return proofOf(finding, endpointKeyOf(connection), { before, now });
  });
  return { ...proofs, unread: endpointsOf(asked.filter(({ id }) => proofs.unread.has(id.key))) };
}

/** Tells what is known about the tenant of a connection's endpoint. */
function kindOf(
  { target, tenants, microsoftTenants }: RequesterSearch,
  { endpoint }: Connection,
): 'managed' | 'unknown' | 'other' {
  const tenant = endpoint && tenants.get(lower(endpoint.subscriptionId));
  if (tenant === undefined) return 'unknown';
  return tenant !== tenants.get(lower(target.subscriptionId)) && microsoftTenants.has(tenant)
    ? 'managed'
    : 'other';
}

function endpointsOf(connections: readonly Connection[]): ReadonlySet<string> {
  return new Set(connections.flatMap(({ endpoint }) => endpoint?.key ?? []));
}

/**
 * Finds the links that connections tie to, by connection. Links that take a list of each resource are
 * only read for a message that no other link has.
 */
async function findCandidates(
  ports: Ports,
  search: RequesterSearch,
  { own, asked }: { readonly own: string; readonly asked: readonly Connection[] },
): Promise<ReadonlyMap<string, Finding>> {
  const { managedEndpoints } = ports;
  const names = [...new Set(asked.flatMap(({ endpoint }) => endpoint?.name ?? []))];
  const named = await orNone(ports, () => managedEndpoints.findNamed(names, own));
  const withMessage = asked.filter(({ message }) => canTie(message));
  const indexed =
    withMessage.length === 0 ? [] : await orNone(ports, () => managedEndpoints.listIndexed(own));
  const known = [...named, ...indexed];
  const first = findAll(search, asked, known);
  const isOpen = ({ id: { key }, message }: Connection): boolean =>
    canTie(message) && first.get(key)?.kind === 'none' && !known.some((link) => isOf(link, message));
  const open = withMessage.filter(isOpen);
  if (open.length === 0) return first;
  const others = await orAbsent(ports, () => managedEndpoints.listOthers(own));
  if (others !== undefined) return new Map([...first, ...findAll(search, open, [...known, ...others])]);
  return new Map([...first, ...open.map(({ id }): [string, Finding] => [id.key, unsearched])]);
}

function isOf({ tie }: ManagedLink, message: string): boolean {
  return tie.kind === 'message' && tie.message === message;
}

const unsearched: Finding = {
  kind: 'none',
  why: 'no resource of ours is known to ask for it; those of Data Explorer, Stream Analytics and Front Door could not be searched',
  mayPass: true,
};

function findAll(
  search: RequesterSearch,
  connections: readonly Connection[],
  links: readonly ManagedLink[],
): ReadonlyMap<string, Finding> {
  const question: Omit<ProofQuestion, 'links'> = {
    listing: search.listing,
    mayBeManaged: (connection) => kindOf(search, connection) !== 'other',
  };
  const linksFor = lookup(links);
  return new Map(
    connections.map((connection) => [
      connection.id.key,
      findLink(connection, { ...question, links: linksFor(connection) }),
    ]),
  );
}

/** Sorts links by what ties them, so that each connection is compared with its own few, to whatever target they are. */
function lookup(links: readonly ManagedLink[]): (connection: Connection) => readonly ManagedLink[] {
  const byText = new Map<string, ManagedLink[]>();
  for (const link of links) {
    const { tie } = link;
    const text = tie.kind === 'name' ? `name ${lower(tie.endpointName)}` : `message ${tie.message}`;
    const alike = byText.get(text);
    if (alike !== undefined) alike.push(link);
    else if (tie.kind === 'name' || canTie(tie.message)) byText.set(text, [link]);
  }
  return ({ endpoint, message }) => [
    ...(byText.get(`name ${lower(endpoint?.name ?? '')}`) ?? []),
    ...(byText.get(`message ${message}`) ?? []),
  ];
}

/** Returns what the identity may not read as nothing: a link that is not seen proves nothing. */
async function orNone(
  ports: Ports,
  list: () => Promise<readonly ManagedLink[]>,
): Promise<readonly ManagedLink[]> {
  return (await orAbsent(ports, list)) ?? [];
}

/** The most links of one endpoint that are read; more are no proof. */
const mostLinks = 3;

/** Reads the links of a finding from ARM, now, unless they were. */
async function checked(ports: Ports, connection: Connection, finding: Finding | undefined): Promise<Finding> {
  if (finding?.kind !== 'found') return finding ?? unsearched;
  if (finding.links.length > mostLinks)
    return { kind: 'none', why: `more than ${mostLinks} links share its endpoint`, mayPass: false };
  const now: ManagedLink[] = [];
  for (const link of finding.links) {
    const reading =
      link.tie.kind === 'name' ? link : await orAbsent(ports, () => ports.managedEndpoints.read(link));
    const problem = whyNotAsking(connection, reading);
    if (problem !== undefined || reading === undefined) return problem ?? unsearched;
    now.push(reading);
  }
  return { kind: 'found', links: now };
}

/**
 * Checks that the owner's subscription belongs to our tenant by ARM's word: a delegated one is read
 * like our own, and the index may be behind when a subscription moves.
 */
async function inOwnTenant({ tenants }: Ports, own: string, finding: Finding): Promise<Finding> {
  if (finding.kind !== 'found') return finding;
  for (const { owner } of finding.links)
    if ((await tenants.tenantOf(owner.subscriptionId, approvalMaxAgeSeconds)) !== own)
      return { kind: 'none', why: 'the resource that has the link is not in our tenant', mayPass: true };
  return finding;
}
