import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { fieldsOf } from '../../../src/base/json';
import { type Interaction, subjectOf, type Subject } from './type-recordings';

/** A recorded test, played as an Azure that stands at one of its writes. */
export interface Timeline {
  readonly httpClient: HttpClient;
  /** The requests, as `METHOD path?api-version`. */
  readonly asked: readonly string[];
  /** The bodies of writes. */
  readonly sent: readonly unknown[];
  /** Requests that nothing recorded answers. */
  readonly unknown: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * Creates an Azure that answers as recorded around the write at `writeAt`: readings before it as last seen, the write
 * itself, and readings after it in their order up to the next write of the connection; the last one repeats. A list
 * and a target's property also answer for the connection. What nobody recorded is refused with 403, as a role that is
 * too small does.
 */
export function createTimeline(interactions: readonly Interaction[], writeAt: number): Timeline {
  const asked: string[] = [];
  const sent: unknown[] = [];
  const unknown: string[] = [];
  const write = interactions[writeAt];
  const end = nextWriteOf(interactions, writeAt);
  let at = -1;

  function answer(method: string, url: string): Answer | undefined {
    if (method !== 'GET') {
      if (write === undefined || keyOf(method, url) !== keyOf(write.request.method, write.request.url))
        return undefined;
      at = writeAt;
      return write.response;
    }
    return at < writeAt ? before(url) : after(url);
  }

  function before(url: string): Answer | undefined {
    const earlier = interactions.slice(0, writeAt).reverse();
    const read = earlier.map((each) => readingOf(each, url)).find((found) => found !== undefined);
    return composed(earlier, url, read) ?? read;
  }

  function after(url: string): Answer | undefined {
    for (let next = at + 1; next < end; next += 1) {
      const each = interactions[next];
      const found = each && readingOf(each, url);
      if (found === undefined) continue;
      at = next;
      return found;
    }
    const past = interactions.slice(writeAt + 1, end).reverse();
    return past.map((each) => readingOf(each, url)).find((found) => found !== undefined);
  }

  return {
    asked,
    sent,
    unknown,
    httpClient: {
      sendRequest(request) {
        const { pathname, searchParams } = new URL(request.url);
        asked.push(`${request.method} ${pathname}?${searchParams.get('api-version') ?? ''}`);
        if (typeof request.body === 'string') sent.push(JSON.parse(request.body));
        const found = answer(request.method, request.url);
        if (found === undefined) unknown.push(`${request.method} ${pathname}`);
        const { status, headers, body } = found ?? refused;
        return Promise.resolve({
          request,
          status,
          headers: createHttpHeaders(headers),
          bodyAsText: typeof body === 'string' ? body : JSON.stringify(body),
        });
      },
    },
  };
}

const refused: Answer = {
  status: 403,
  body: { error: { code: 'AuthorizationFailed', message: 'not recorded' } },
};
const notFound: Answer = {
  status: 404,
  body: { error: { code: 'ResourceNotFound', message: 'not in the list' } },
};

function nextWriteOf(interactions: readonly Interaction[], writeAt: number): number {
  const { url } = interactions[writeAt]?.request ?? { url: '' };
  const next = interactions.findIndex(
    ({ request }, index) =>
      index > writeAt && request.method !== 'GET' && pathOf(request.url) === pathOf(url),
  );
  return next === -1 ? interactions.length : next;
}

/** What a recorded exchange says to a GET of `url`: its own reply, or the item of the connection in it. */
function readingOf(
  { request, response }: Pick<Interaction, 'request' | 'response'>,
  url: string,
): Answer | undefined {
  if (request.method !== 'GET') return undefined;
  if (keyOf('GET', request.url) === keyOf('GET', url)) return response;
  const wanted = subjectOf(url);
  const recorded = subjectOf(request.url);
  if (recorded === undefined && wanted?.kind === 'connection') return resultAnswer(response, wanted);
  if (wanted === undefined || recorded === undefined || wanted.target.key !== recorded.target.key)
    return undefined;
  const items = itemsIn(response.body);
  if (items === undefined || response.status !== 200 || recorded.kind === 'connection') return undefined;
  if (wanted.kind === 'list') return { status: 200, body: { value: items } };
  return wanted.kind === 'connection' ? itemAnswer(items, wanted) : undefined;
}

/** An operation's result is the connection, too; its id may be shortened. */
function resultAnswer({ status, body }: Interaction['response'], wanted: Subject): Answer | undefined {
  if (status !== 200 || !isResult(body, wanted.connection ?? '')) return undefined;
  return {
    status,
    body: { ...fieldsOf(body), id: `${wanted.target.id}/privateEndpointConnections/${wanted.connection}` },
  };
}

/** Tells whether the reply of an operation is the named connection. */
export function isResult(body: unknown, connection: string): boolean {
  const { name, properties } = fieldsOf(body);
  const hasState = 'privateLinkServiceConnectionState' in fieldsOf(properties);
  return hasState && typeof name === 'string' && name.toLowerCase() === connection.toLowerCase();
}

/**
 * Returns a list as it stood: the connections as each was read last, where some were read by name after the last list,
 * or nobody recorded one.
 */
function composed(
  latestFirst: readonly Interaction[],
  url: string,
  list: Answer | undefined,
): Answer | undefined {
  const wanted = subjectOf(url);
  if (wanted === undefined || wanted.kind === 'connection') return undefined;
  const bodies = new Map<string, unknown>();
  for (const { request, response } of latestFirst) {
    if (request.method !== 'GET' || response.status !== 200) continue;
    const recorded = subjectOf(request.url);
    if (recorded?.target.key === wanted.target.key && itemsIn(response.body) !== undefined) break;
    const name = recorded === undefined ? resultName(response.body) : recorded.connection?.toLowerCase();
    if (name === undefined || bodies.has(name)) continue;
    const url = `https://a${wanted.target.id}/privateEndpointConnections/${name}`;
    const reading = readingOf({ request, response }, url);
    if (reading?.status === 200) bodies.set(name, reading.body);
  }
  if (bodies.size === 0) return undefined;
  const listed = itemsIn(list?.body) ?? [];
  const rest = listed.filter((item) => !namesOf(item).some((name) => bodies.has(name)));
  return answerWith([...rest, ...bodies.values()], wanted, list);
}

function resultName(body: unknown): string | undefined {
  const { name } = fieldsOf(body);
  return typeof name === 'string' && isResult(body, name) ? name.toLowerCase() : undefined;
}

/** Puts connections into a list, or into the property of the target that holds them. */
function answerWith(
  items: readonly unknown[],
  { kind }: Subject,
  like: Answer | undefined,
): Answer | undefined {
  if (kind === 'list') return { status: 200, body: { value: items } };
  const properties = fieldsOf(fieldsOf(like?.body)['properties']);
  const property = Object.keys(properties).find((name) => isProperty(name));
  if (property === undefined) return undefined;
  return { status: 200, body: { ...fieldsOf(like?.body), properties: { ...properties, [property]: items } } };
}

function isProperty(name: string): boolean {
  return /privateEndpointConnections$/i.test(name);
}

function itemAnswer(items: readonly unknown[], { connection = '' }: Subject): Answer {
  const item = items.find((each) => namesOf(each).includes(connection.toLowerCase()));
  return item === undefined ? notFound : { status: 200, body: item };
}

/** Everything that may name an item: the ends of its id, its name and its endpoint's id. */
export function namesOf(item: unknown): readonly string[] {
  const { id, name, properties } = fieldsOf(item);
  const endpoint = fieldsOf(fieldsOf(properties)['privateEndpoint'])['id'];
  return [id, name, endpoint].flatMap((text) =>
    typeof text === 'string' ? (text.split('/').at(-1)?.toLowerCase() ?? []) : [],
  );
}

/** Returns the connections in a list, or in a target's own property. */
export function itemsIn(body: unknown): readonly unknown[] | undefined {
  const { value, properties } = fieldsOf(body);
  if (Array.isArray(value)) return value as readonly unknown[];
  const property = Object.entries(fieldsOf(properties)).find(([name]) => isProperty(name));
  return Array.isArray(property?.[1]) ? (property[1] as readonly unknown[]) : undefined;
}

function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname).toLowerCase();
}

/** A connection's operations may have its own path, with more parameters. */
function keyOf(method: string, url: string): string {
  const { searchParams } = new URL(url);
  const more = [...searchParams.keys()].filter((name) => name !== 'api-version').sort();
  return `${method} ${pathOf(url)} ${more.join()}`;
}
