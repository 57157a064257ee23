import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalAzure, createManualClock, localIdentity, localRequest } from '../../../dev/azure/index';
import type { Json, JsonObject } from '../../../dev/azure/http/message';
import { replyOf, type TestReply } from '../../support/rigs/local-azure-world';

interface Interaction {
  readonly index: number;
  readonly request: { readonly method: string; readonly url: string; readonly body: JsonObject | null };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | string[]>>;
    readonly body: Json;
  };
}

/** What went over the wire in reality is replayed at the recorded pace: the local Azure must answer the same. */
const recordings = [
  '2023-07--network__test_private_endpoint_connection_keyvault',
  '2023-07--keyvault__test_hsm_private_endpoint_connection',
  '2023-07--network__test_private_endpoint_connection_apim',
  '2023-07--network__test_private_endpoint_connection_disk_access',
];

/** Transport, not contract; and the zone of Microsoft's own test region. */
const ignoredHeaders = new Set(['transfer-encoding', 'vary', 'content-length']);
const recordedZone = 'privateLink.current.int-azure-api.net';

describe.each(recordings)('the recording %s', (name) => {
  const interactions = read(name);

  test('is answered with the same statuses, header names and bodies at the same times', async () => {
    const replay = await prepare(interactions);
    for (const { index, request, response } of interactions) {
      const reply = await replay(request, response);
      const where = `#${index} ${request.method}`;
      expect([where, reply.status]).toEqual([where, response.status]);
      expect([where, missingHeaders(reply, response.headers)]).toEqual([where, []]);
      expect([where, operationHeaders(reply.headers)]).toEqual([where, operationHeaders(response.headers)]);
      expect([where, bodyText(reply.text)]).toEqual([where, bodyText(textOf(response.body))]);
    }
  });
});

type Replay = (request: Interaction['request'], response: Interaction['response']) => Promise<TestReply>;

/** Makes the recorded target and connections, and maps the names that Azure drew by lot. */
async function prepare(interactions: readonly Interaction[]): Promise<Replay> {
  const [first] = interactions;
  if (first === undefined) throw new Error('The recording is empty.');
  let at = dateOf(first);
  const clock = createManualClock(at);
  const azure = createLocalAzure({ clock });
  const { token } = azure.tokens.issue({
    principal: localIdentity,
    audience: 'https://management.azure.com',
  });
  const send = async (method: string, url: string, body: JsonObject | null): Promise<TestReply> =>
    replyOf(
      await azure.router.handle(
        localRequest(method, url, {
          headers: { authorization: `Bearer ${token}` },
          ...(body === null ? {} : { body }),
        }),
      ),
    );
  const names = new Map<string, string>();
  const waiting = connectionsIn(interactions);
  for (const { id, location } of waiting) {
    const [targetId = ''] = id.split('/privateEndpointConnections/');
    await send('PUT', `https://management.azure.com${targetId}?api-version=2021-08-01`, { location });
  }
  const seed = ({ id, endpointId, status, description }: Seen): void => {
    const [targetId = '', connectionName = ''] = id.split('/privateEndpointConnections/');
    const wanted = { targetId, connectionName, endpointId, status };
    const seeded = azure.control.seed(description === undefined ? wanted : { ...wanted, description });
    names.set(connectionName, seeded.split('/').at(-1) ?? '');
  };
  let lastLocation = '';
  return async ({ method, url, body }, response) => {
    const now = new Date(String(response.headers['date']));
    await clock.advance(Math.max(0, (now.getTime() - at.getTime()) / 1000));
    at = now;
    // A connection is there from the moment when the recording shows it.
    const shown = waiting.filter(({ id }) => textOf(response.body).includes(`"${id}"`));
    for (const seen of shown) seed(...(waiting.splice(waiting.indexOf(seen), 1) as [Seen]));
    const polled = url.includes('kv-operation=') ? lastLocation : mapped(url, names);
    const reply = await send(method, polled, body);
    lastLocation = reply.headers['location'] ?? lastLocation;
    return { ...reply, text: mapped(reply.text, reversed(names)) };
  };
}

interface Seen {
  readonly id: string;
  readonly endpointId: string;
  readonly status: string;
  readonly description: string | undefined;
  readonly location: string;
}

/** Every connection as the recording shows it first. */
function connectionsIn(interactions: readonly Interaction[]): Seen[] {
  const seen = new Map<string, Seen>();
  for (const { request, response } of interactions) {
    const body = response.body as unknown as RecordedConnection | '';
    if (request.method !== 'GET' || body === '' || body.properties?.privateEndpoint === undefined) continue;
    if (seen.has(body.id)) continue;
    const { status, description } = body.properties.privateLinkServiceConnectionState;
    const endpointId = body.properties.privateEndpoint.id;
    seen.set(body.id, { id: body.id, endpointId, status, description, location: body.location ?? 'westus' });
  }
  return [...seen.values()];
}

interface RecordedConnection {
  readonly id: string;
  readonly location?: string;
  readonly properties?: {
    readonly privateEndpoint?: { readonly id: string };
    readonly privateLinkServiceConnectionState: { readonly status: string; readonly description?: string };
  };
}

function read(name: string): Interaction[] {
  const text = readFileSync(join('test/data/recordings', `${name}.json`), 'utf8');
  const { interactions } = JSON.parse(text) as { interactions: Interaction[] };
  // The making of a target takes no time here: its operation is not replayed.
  return interactions.filter(({ request }) => !request.url.includes('/DiskOperations/'));
}

function dateOf({ response }: Interaction): Date {
  return new Date(String(response.headers['date']));
}

function missingHeaders(reply: TestReply, recorded: Interaction['response']['headers']): string[] {
  return Object.keys(recorded).filter(
    (name) => !ignoredHeaders.has(name) && reply.headers[name] === undefined,
  );
}

/** Which operation URLs there are, and which parameters they carry besides the signature. */
function operationHeaders(headers: Readonly<Record<string, string | string[]>>): Record<string, string[]> {
  return Object.fromEntries(
    ['azure-asyncoperation', 'location'].flatMap((name): [string, string[]][] => {
      const url = headers[name];
      if (url === undefined) return [];
      const parameters = [...new URL(String(url)).searchParams.keys()];
      return [[name, parameters.filter((each) => !['t', 'c', 's', 'h'].includes(each))]];
    }),
  );
}

/** Compact, with property order kept; etags differ from run to run, their form does not. */
function bodyText(text: string): string {
  if (text === '') return '';
  return JSON.stringify(JSON.parse(text))
    .replace(/"etag":"[0-9a-f]{32}"/g, '"etag":"{32 hex}"')
    .replace(recordedZone, 'privateLink.azure-api.net');
}

function textOf(body: Json): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function mapped(text: string, names: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [from, to] of names) result = result.replaceAll(from, to);
  return result;
}

function reversed(names: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...names].map(([from, to]) => [to, from]));
}
