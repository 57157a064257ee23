import {
  armError,
  bodyObject,
  jsonResponse,
  listOf,
  notSupported,
  objectOf,
  textOf,
  type JsonObject,
  type LocalRequest,
  type LocalResponse,
} from '../http/message';
import type { MayRead } from './resource-list';
import type { Connection, World } from '../model/world';

/** What contains resources, as far as the caller may read it. */
export interface GraphContainers {
  readonly subscriptions: () => readonly JsonObject[];
  readonly groups: () => readonly JsonObject[];
}

export interface GraphOptions {
  /** The delay after which a connection shows in Resource Graph. */
  readonly lagSeconds: number;
}

const maxPage = 1000;

/**
 * Answers one kind of Resource Graph query: the connections of the targets in some subscriptions. A query
 * qualifies if it expands `privateEndpointConnections`; its `in~ (…)` lists over type and status and the
 * `limit` of its `mv-expand` are applied. Rows are `{connectionId, targetId, status}`. A query that lists
 * subscriptions, or the management groups with some ids, gets those of `options.containers`, one for planted
 * resources those of `options.planted`. Any other query gets a 501.
 */
export function answerGraph(
  world: World,
  request: LocalRequest,
  options: GraphOptions & {
    readonly mayRead: MayRead;
    readonly containers: GraphContainers;
    /** Answers a query for planted resources; `undefined` for any other query. */
    readonly planted: (query: string) => readonly JsonObject[] | undefined;
  },
): LocalResponse {
  if (request.method !== 'POST') return notSupported(`${request.method} on Resource Graph`);
  const body = bodyObject(request);
  const query = textOf(body?.['query']);
  if (body === undefined || query === undefined) {
    return armError(
      400,
      'BadRequest',
      'Please provide below info when asking for support: the query is missing.',
    );
  }
  const paging = objectOf(body['options']) ?? {};
  const format = textOf(paging['resultFormat']);
  if (format !== undefined && format !== 'objectArray') return notSupported(`resultFormat ${format}`);
  if (listsSubscriptions.test(query)) return page(options.containers.subscriptions(), paging, (row) => row);
  const [, groups] = listsGroups.exec(query) ?? [];
  if (groups !== undefined) {
    const names = new Set([...groups.matchAll(/'([^']*)'/g)].map(([, name = '']) => name.toLowerCase()));
    const found = options.containers
      .groups()
      .filter(({ name }) => names.has((textOf(name) ?? '').toLowerCase()));
    return page(found, paging, (row) => row);
  }
  const planted = options.planted(query);
  if (planted !== undefined) return page(planted, paging, (row) => row);
  const filter = understand(query);
  if (typeof filter === 'string') return notSupported(`the Resource Graph query: ${filter}`);
  return page(
    matching(world, { ...filter, subscriptions: subscriptionsIn(request) }, options),
    paging,
    rowOf,
  );
}

/** A query for subscriptions and nothing else. Its columns are taken to be those of `subscriptionRow`. */
const listsSubscriptions =
  /^\s*resourcecontainers\s*\|\s*where\s+type\s*=~\s*'microsoft\.resources\/subscriptions'\s*\|\s*project\b/i;

/** A query for the management groups with some ids. Its columns are taken to be those of `groupRow`. */
const listsGroups =
  /^\s*resourcecontainers\s*\|\s*where\s+type\s*=~\s*'microsoft\.management\/managementgroups'\s+and\s+name\s+in~\s*\(([^)]*)\)\s*\|\s*project\b/i;

/** Returns the subscriptions that a query names. An empty list means all. */
export function subscriptionsIn(request: LocalRequest): readonly string[] {
  return listOf(bodyObject(request)?.['subscriptions']).filter((each) => typeof each === 'string');
}

interface Filter {
  readonly types: readonly string[] | undefined;
  readonly statuses: readonly string[] | undefined;
  /** The number of rows to which one target is expanded at most. Further rows are dropped without notice. */
  readonly rowLimit: number;
}

const defaultRowLimit = 128;
const maxRowLimit = 400;

/** Returns the filters of a query, or the part of it that is not supported. */
function understand(query: string): Filter | string {
  if (!/mv-expand/i.test(query) || !/privateEndpointConnections/i.test(query)) {
    return 'it does not expand privateEndpointConnections';
  }
  let types: readonly string[] | undefined;
  let statuses: readonly string[] | undefined;
  for (const [, column = '', list = ''] of query.matchAll(/([\w.[\]'"]+)\s+in~\s*\(([^)]*)\)/gi)) {
    const values = [...list.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) =>
      (match[1] ?? match[2] ?? '').toLowerCase(),
    );
    if (/status$/i.test(column)) statuses = values;
    else if (/type$/i.test(column)) types = values;
    else return `the list over ${column}`;
  }
  const [, limit] = /\|\s*mv-expand\b[^|]*\blimit\s+(\d+)/i.exec(query) ?? [];
  const rowLimit = Math.min(maxRowLimit, limit === undefined ? defaultRowLimit : Number(limit));
  return { types, statuses, rowLimit };
}

/** Yields matching connections one at a time, so that only one page of a large world becomes rows. */
function* matching(
  world: World,
  filter: Filter & { subscriptions: readonly string[] },
  { lagSeconds, mayRead }: GraphOptions & { readonly mayRead: MayRead },
): Generator<Connection> {
  const subscriptions = new Set(filter.subscriptions.map((each) => each.toLowerCase()));
  const now = world.clock.seconds();
  const visible = ({ createdAtSeconds, status }: Connection): boolean =>
    now - createdAtSeconds >= lagSeconds && filter.statuses?.includes(status.toLowerCase()) !== false;
  for (const target of world.targets.values()) {
    if (subscriptions.size > 0 && !subscriptions.has(target.subscriptionId.toLowerCase())) continue;
    if (filter.types?.includes(target.profile.type.toLowerCase()) === false) continue;
    if (target.profile.isHiddenFromGraph === true || !mayRead(target)) continue;
    let expanded = 0;
    for (const connection of target.connections.values()) {
      expanded += 1;
      if (expanded > filter.rowLimit) break;
      if (visible(connection)) yield connection;
    }
  }
}

function page<Found>(
  found: Iterable<Found>,
  paging: JsonObject,
  toRow: (each: Found) => JsonObject,
): LocalResponse {
  const top = Math.min(typeof paging['$top'] === 'number' ? paging['$top'] : maxPage, maxPage);
  const token = textOf(paging['$skipToken']);
  const skip =
    token === undefined
      ? typeof paging['$skip'] === 'number'
        ? paging['$skip']
        : 0
      : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(skip) || skip < 0) return armError(400, 'BadRequest', 'The $skipToken is invalid.');
  const data: JsonObject[] = [];
  let total = 0;
  for (const each of found) {
    if (total >= skip && data.length < top) data.push(toRow(each));
    total += 1;
  }
  const next = skip + top < total ? Buffer.from(String(skip + top)).toString('base64') : undefined;
  return jsonResponse(200, {
    totalRecords: total,
    count: data.length,
    data,
    facets: [],
    resultTruncated: next === undefined ? 'false' : 'true',
    $skipToken: next,
  });
}

function rowOf({ id, target, status }: Connection): JsonObject {
  return { connectionId: id, targetId: target.id, status };
}
