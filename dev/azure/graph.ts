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
} from './local-message';
import type { MayRead } from './arm/resource-list';
import type { Connection, World } from './world';

export interface GraphOptions {
  /** A connection shows in Resource Graph only after this long. */
  readonly lagSeconds: number;
}

const maxPage = 1000;

/**
 * Resource Graph for one question: which connections do the targets in these subscriptions have? A query is
 * taken for it when it expands `privateEndpointConnections`; of its conditions `in~ (…)` lists over the type
 * and the status, and the `limit` of its `mv-expand`, are understood. Rows are `{connectionId, targetId, status}`. Any other query is a 501.
 */
export function answerGraph(
  world: World,
  request: LocalRequest,
  options: GraphOptions & { readonly mayRead: MayRead },
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
  const filter = understand(query);
  if (typeof filter === 'string') return notSupported(`the Resource Graph query: ${filter}`);
  const paging = objectOf(body['options']) ?? {};
  const format = textOf(paging['resultFormat']);
  if (format !== undefined && format !== 'objectArray') return notSupported(`resultFormat ${format}`);
  const rows = rowsOf(world, { ...filter, subscriptions: subscriptionsIn(request) }, options);
  return page(rows, paging);
}

/** The subscriptions that a query names; none stands for all. */
export function subscriptionsIn(request: LocalRequest): readonly string[] {
  return listOf(bodyObject(request)?.['subscriptions']).filter((each) => typeof each === 'string');
}

interface Filter {
  readonly types: readonly string[] | undefined;
  readonly statuses: readonly string[] | undefined;
  /** How many rows one target is expanded to: what comes after is left out, and nothing tells. */
  readonly rowLimit: number;
}

const defaultRowLimit = 128;
const maxRowLimit = 400;

/** What the query asks for, or what in it is not understood. */
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

function rowsOf(
  world: World,
  filter: Filter & { subscriptions: readonly string[] },
  { lagSeconds, mayRead }: GraphOptions & { readonly mayRead: MayRead },
): JsonObject[] {
  const subscriptions = new Set(filter.subscriptions.map((each) => each.toLowerCase()));
  const visible = ({ createdAtSeconds, status }: Connection): boolean =>
    world.clock.seconds() - createdAtSeconds >= lagSeconds &&
    filter.statuses?.includes(status.toLowerCase()) !== false;
  return [...world.targets.values()]
    .filter(
      ({ subscriptionId }) => subscriptions.size === 0 || subscriptions.has(subscriptionId.toLowerCase()),
    )
    .filter(({ profile }) => filter.types?.includes(profile.type.toLowerCase()) !== false)
    .filter(mayRead)
    .flatMap((target) => [...target.connections.values()].slice(0, filter.rowLimit).filter(visible))
    .map(({ id, target, status }) => ({ connectionId: id, targetId: target.id, status }));
}

function page(rows: readonly JsonObject[], paging: JsonObject): LocalResponse {
  const top = Math.min(typeof paging['$top'] === 'number' ? paging['$top'] : maxPage, maxPage);
  const token = textOf(paging['$skipToken']);
  const skip =
    token === undefined
      ? typeof paging['$skip'] === 'number'
        ? paging['$skip']
        : 0
      : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(skip) || skip < 0) return armError(400, 'BadRequest', 'The $skipToken is invalid.');
  const data = rows.slice(skip, skip + top);
  const next = skip + top < rows.length ? Buffer.from(String(skip + top)).toString('base64') : undefined;
  return jsonResponse(200, {
    totalRecords: rows.length,
    count: data.length,
    data,
    facets: [],
    resultTruncated: next === undefined ? 'false' : 'true',
    $skipToken: next,
  });
}
