import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { TokenCredential } from '@azure/core-auth';
import { startLocalAzure, type StartedAzure } from '../../../dev/azure';
import { createEventGridTopic, type EventGridTopicOptions } from '../../../src/azure/event-grid/topic';
import { outcomeFrom } from '../../../src/outcomes/outcome-event';
import type { OutcomeTopic } from '../../../src/outcomes/outcome-topic';
import { FakeOutcomeTopic } from '../../support/fakes';
import { sampleRecord } from '../../../dev/lib/samples';
import { systemClock } from '../../../src/base/clock';

const audience = 'https://eventgrid.azure.net';
const event = outcomeFrom(sampleRecord())!;

let azure: StartedAzure;

beforeAll(async () => {
  azure = await startLocalAzure();
});

beforeEach(() => {
  azure.topic.clear();
  azure.requests.clear();
  azure.faults.clear();
});

afterAll(() => azure.close());

/** A credential of the local Azure, and what it was asked for. */
function credentialFor(resource = audience): TokenCredential & { readonly scopes: unknown[] } {
  const scopes: unknown[] = [];
  return {
    scopes,
    getToken: async (scope) => {
      scopes.push(scope);
      const { token, expiresAt } = azure.tokens.issue({
        principal: azure.identity.systemAssigned,
        audience: resource,
      });
      return { token, expiresOnTimestamp: expiresAt.getTime() };
    },
  };
}

function open(changes: Partial<EventGridTopicOptions> = {}): OutcomeTopic {
  return createEventGridTopic({
    origin: azure.armUrl,
    credential: credentialFor(),
    certificateAuthorities: azure.certPem,
    clock: systemClock,
    ...changes,
  });
}

describe.each<[string, () => { topic: OutcomeTopic; ids: () => unknown[] }]>([
  ['EventGridTopic', () => ({ topic: open(), ids: () => azure.topic.events.map(({ id }) => id) })],
  [
    'FakeOutcomeTopic',
    () => {
      const topic = new FakeOutcomeTopic();
      return { topic, ids: () => topic.events.map(({ id }) => id) };
    },
  ],
])('%s as a topic', (_, create) => {
  test('takes a batch whole and in order', async () => {
    const { topic, ids } = create();
    const batch = ['a', 'b', 'c'].map((id) => ({ ...event, id }));
    expect(await topic.publish(batch)).toEqual({ kind: 'taken' });
    expect(ids()).toEqual(['a', 'b', 'c']);
  });
});

describe('EventGridTopic', () => {
  test('an event goes over the wire as CloudEvents 1.0 says', async () => {
    await open().publish([event]);
    expect(azure.topic.events).toEqual([
      {
        specversion: '1.0',
        id: 'd1|decided',
        type: 'Postern.Connection.Decided',
        source: event.source,
        subject: event.subject,
        time: '2026-01-05T12:00:00.000Z',
        datacontenttype: 'application/json',
        data: event.data,
      },
    ]);
  });

  test('one request carries a batch, to the topic’s own path, with a token for Event Grid', async () => {
    const credential = credentialFor();
    const topic = open({ credential });
    await topic.publish([event, { ...event, id: 'second' }]);
    await topic.publish([event]);
    const requests = azure.requests.records.map(({ area, method, path, status }) => [
      area,
      method,
      path,
      status,
    ]);
    const expected = ['topic', 'POST', '/api/events?api-version=2018-01-01', 200];
    expect(requests).toEqual([expected, expected]);
    expect(credential.scopes).toEqual([`${audience}/.default`]);
  });

  test.each([
    [503, 'away'],
    [500, 'away'],
    [429, 'away'],
    [408, 'away'],
    [401, 'away'],
    [400, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [413, 'refused'],
    [307, 'refused'],
  ])('an answer of %i means that the topic has %s, after one request', async (status, kind) => {
    azure.faults.add({
      path: '^/api/events',
      effect: { kind: 'status', status, code: 'Why', message: 'because', retryAfterSeconds: 7 },
    });
    const publication = await open().publish([event]);
    expect(publication).toMatchObject({ kind, problem: `HTTP ${status} Why because` });
    if (publication.kind === 'away') expect(publication.retryAfterSeconds).toBe(7);
    expect(azure.requests.records).toHaveLength(1);
    expect(azure.topic.events).toEqual([]);
  });

  test('a token for somebody else is not enough, and is not used twice', async () => {
    const credential = credentialFor('https://management.azure.com');
    const topic = open({ credential });
    expect(await topic.publish([event])).toMatchObject({
      kind: 'away',
      problem: expect.stringContaining('HTTP 401'),
    });
    await topic.publish([event]);
    expect(credential.scopes).toHaveLength(2);
  });

  test('a batch that is too large is refused', async () => {
    const large = { ...event, data: { text: 'x'.repeat(1_100_000) } };
    expect(await open().publish([large])).toMatchObject({ kind: 'refused', httpStatus: 413 });
  });

  test('a connection that breaks, or an authority that nobody trusts, means away', async () => {
    azure.faults.add({ path: '^/api/events', times: 1, effect: { kind: 'reset', when: 'before' } });
    expect(await open().publish([event])).toEqual({ kind: 'away', problem: 'ECONNRESET' });
    expect(await open({ certificateAuthorities: undefined }).publish([event])).toMatchObject({
      kind: 'away',
    });
    expect(azure.topic.events).toEqual([]);
  });

  test('no token means away, says for whom, and nothing is sent', async () => {
    const credential = { getToken: () => Promise.reject(new Error('no identity')) };
    expect(await open({ credential }).publish([event])).toMatchObject({
      kind: 'away',
      problem: expect.stringContaining('No token for https://eventgrid.azure.net'),
    });
    expect(azure.requests.records).toEqual([]);
  });

  test.each(['the topic', 'the identity'])('%s that never answers holds nobody for long', async (who) => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const never = { getToken: () => new Promise<never>(() => undefined) };
    const changes = who === 'the topic' ? { origin: `https://127.0.0.1:${port}` } : { credential: never };
    expect(await open({ ...changes, timeoutMs: 200 }).publish([event])).toEqual({
      kind: 'away',
      problem: 'no answer within 0.2 s',
    });
    silent.close();
  });

  test('a redirect is not followed, and no other origin ever gets the token', async () => {
    const stranger = await startLocalAzure();
    const seen: string[] = [];
    const topic = open({
      httpClient: {
        sendRequest: async (request) => {
          seen.push(request.url);
          const { createHttpHeaders } = await import('@azure/core-rest-pipeline');
          const headers = createHttpHeaders({ location: `${stranger.armUrl}/api/events` });
          return { request, status: 308, headers, bodyAsText: '' };
        },
      },
    });
    expect(await topic.publish([event])).toMatchObject({ kind: 'refused', httpStatus: 308 });
    expect(seen).toEqual([`${azure.armUrl}/api/events?api-version=2018-01-01`]);
    expect(stranger.requests.records).toEqual([]);
    await stranger.close();
  });
});
