import { compareText, lower } from '../../base/compare';
import { addSeconds } from '../../base/clock';
import { sha256Hex } from '../../base/digest';
import { type Connection, hasStatus } from '../../connections/connection';
import type { EndpointId, TargetId } from '../../connections/resource-id';
import type { SpentRequest, TargetState } from '../../operations/operation-store';
import {
  type Asker,
  type ExpectedRequest,
  type ExpectedRequests,
  hasName,
  isAnnounced,
} from '../../policy/expected/expected-requests';
import { endpointKeyOf, observe } from '../observe';
import type { Announcement } from './announcement';

/** The most announcements that are remembered as used at one target. If there are more, no other one counts. */
const mostSpent = 1_000;

/**
 * Finds which Pending connections of a target were announced, one to one: an announcement counts for the connection
 * that has used it, as long as its status stays, and otherwise only if it fits a single connection. A stranger who
 * fits it, too, can prevent an approval, and cannot get one. Pure.
 */
export function findAnnouncements(known: {
  readonly target: TargetId;
  readonly requests: ExpectedRequests;
  readonly state: Pick<TargetState, 'connectionStates' | 'nextGeneration' | 'spent'>;
  readonly listing: readonly Connection[];
  /** The tenants of subscriptions, by subscription in lower case. */
  readonly tenants: ReadonlyMap<string, string>;
  readonly now: Date;
}): ReadonlyMap<string, Announcement> {
  const { requests, target, state, now } = known;
  const announced = (requests.byTarget.get(target.key) ?? []).filter(({ until }) => now < until);
  if (announced.length === 0) return new Map();
  const rows = new Map(state.connectionStates.map((row) => [row.connection.key, row]));
  const pending = known.listing
    .filter((connection) => hasStatus(connection, 'Pending'))
    .map((connection): Candidate => {
      const row = rows.get(connection.id.key);
      const { generation } = observe(row, connection, now, state.nextGeneration);
      return { connection, name: nameOf(connection), generation };
    });
  const found = new Map<string, Announcement>();
  for (const request of announced.toSorted(byEnd)) {
    const fitting = pending.filter(({ connection }) => isFor(request, connection, known.tenants));
    for (const candidate of fitting) {
      const { key } = candidate.connection.id;
      const next = announcementOf(request, candidate, { fitting, spent: state.spent ?? [] });
      const before = found.get(key);
      if (before === undefined || isBetter(next, before)) found.set(key, next);
    }
  }
  return found;
}

interface Candidate {
  readonly connection: Connection;
  /** What is remembered of it. */
  readonly name: string;
  readonly generation: number;
}

/** Orders announcements so that the one that ends first is used first. */
function byEnd(one: ExpectedRequest, other: ExpectedRequest): number {
  return one.until.getTime() - other.until.getTime() || compareText(one.id, other.id);
}

/** An announcement that the connection has used comes first, then one that it can use. */
function isBetter(next: Announcement, before: Announcement): boolean {
  return rank(next) > rank(before);
}

function rank(announcement: Announcement): number {
  if (announcement.kind === 'unclear') return 0;
  return announcement.spends === undefined ? 2 : 1;
}

function announcementOf(
  request: ExpectedRequest,
  { name, generation }: Candidate,
  { fitting, spent }: { readonly fitting: readonly Candidate[]; readonly spent: readonly SpentRequest[] },
): Announcement {
  const { id, until } = request;
  const unclear = (why: string): Announcement => ({ kind: 'unclear', request, why });
  const used = spent.find((one) => one.id === id);
  if (used !== undefined) {
    const isUser = used.connection === name && used.generation === generation;
    return isUser
      ? { kind: 'expected', request, spends: undefined }
      : unclear('it was used before: an announcement counts once');
  }
  if (fitting.length > 1) return unclear(`it fits ${fitting.length} connections`);
  if (spent.length >= mostSpent) return unclear('too many announcements were used at this target');
  return {
    kind: 'expected',
    request,
    spends: { id, connection: name, generation, until: until.toISOString() },
  };
}

function nameOf(connection: Connection): string {
  return sha256Hex(JSON.stringify([connection.id.key, endpointKeyOf(connection)]), 16);
}

function isFor(
  { who }: ExpectedRequest,
  connection: Connection,
  tenants: ReadonlyMap<string, string>,
): boolean {
  const { endpoint } = connection;
  if (endpoint === undefined) return false;
  const tenantId = tenants.get(lower(endpoint.subscriptionId));
  return isAnnounced(who, { ...askerOf(connection, endpoint), tenantId });
}

function askerOf({ id }: Connection, endpoint: EndpointId): Omit<Asker, 'tenantId'> {
  return {
    endpointKey: endpoint.key,
    endpointName: lower(endpoint.name),
    connectionName: lower(id.name),
  };
}

/** Tells whether an announcement by name may fit a connection, so that the tenant of its endpoint must be known. */
export function isNamed(connection: Connection, { byTarget }: ExpectedRequests): boolean {
  const { endpoint, id } = connection;
  if (endpoint === undefined) return false;
  const asker = askerOf(connection, endpoint);
  return (byTarget.get(id.target.key) ?? []).some(
    ({ who }) => who.kind !== 'endpoint' && hasName(who, asker),
  );
}

/** How long a used announcement is remembered after its end, in seconds: clocks of instances may differ. */
const rememberedSeconds = 24 * 60 * 60;

/** Tells whether a used announcement must still be remembered. */
export function isRemembered({ until }: SpentRequest, now: Date): boolean {
  return now < addSeconds(new Date(until), rememberedSeconds);
}
