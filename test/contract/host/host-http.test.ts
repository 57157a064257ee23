import { request as httpRequest } from 'node:http';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import {
  buildWorker,
  startSample,
  type BuiltWorker,
  type LogCollector,
} from '../../support/rigs/host-under-test';
import type { RunningHost } from '../../../dev/host/start-host';

let azurite: RunningAzurite;
let worker: BuiltWorker;
let host: RunningHost;
let logs: LogCollector;

beforeAll(async () => {
  [azurite, worker] = await Promise.all([startAzurite(), buildWorker()]);
  ({ host, logs } = await startSample('triggers', {
    workerPath: worker.workerPath,
    settings: {
      AzureWebJobsStorage: azurite.connectionString,
      AzureWebJobsOTHER: azurite.connectionString,
      SUFFIX: 'http',
      SCHEDULE: '0 0 0 29 2 *',
      'AzureWebJobs.neverRuns.Disabled': 'TRUE',
    },
    env: { FROM_OUTSIDE: 'yes' },
    keys: { functions: { greet: 'greet-key' } },
  }));
});

afterAll(async () => {
  try {
    await host.close();
  } finally {
    await Promise.all([azurite.close(), worker.remove()]);
  }
});

describe('the Event Grid webhook', () => {
  test.each([
    ['without a key', () => undefined, 401],
    ['with a wrong key', () => 'wrong', 401],
    ['with the default function key', () => host.functionKey, 403],
    ['with the key of a function', () => 'greet-key', 403],
  ])('refuses a delivery %s', async (_, code, status) => {
    const key = code();
    const url = webhook({ functionName: 'onEvent', ...(key !== undefined && { code: key }) });
    expect((await deliver(url, [event('1')])).status).toBe(status);
  });

  test('takes the master key, and the key in the header before the one in the address', async () => {
    const withMaster = webhook({ functionName: 'onEvent', code: host.masterKey });
    expect((await deliver(withMaster, [])).status).toBe(202);
    expect((await deliver(withMaster, [], { 'x-functions-key': 'wrong' })).status).toBe(401);
    const withoutCode = webhook({ functionName: 'onEvent' });
    expect((await deliver(withoutCode, [], { 'x-functions-key': host.systemKey })).status).toBe(202);
  });

  test.each(['nobody', 'onWork', '', 'onevent'])(
    'does not find a function "%s" that takes no events',
    async (name) => {
      const reply = await deliver(webhook({ functionName: name, code: host.systemKey }), [event('1')]);
      expect(reply.status).toBe(404);
      expect(await reply.text()).toBe(`cannot find function: '${name}'`);
    },
  );

  test('answers the handshake of an Event Grid schema subscription', async () => {
    const handshake = [{ ...event('v'), data: { validationCode: 'code-1' } }];
    const reply = await deliver(open(), handshake, { 'aeg-event-type': 'subscriptionvalidation' });
    expect([reply.status, await reply.json()]).toEqual([200, { validationResponse: 'code-1' }]);
  });

  test('answers the handshake that comes as one event with its data as text', async () => {
    const handshake = { data: JSON.stringify({ validationCode: 'code-2' }) };
    const reply = await deliver(open(), handshake, { 'aeg-event-type': 'SubscriptionValidation' });
    expect([reply.status, await reply.json()]).toEqual([200, { validationResponse: 'code-2' }]);
  });

  test('allows the origin that a CloudEvents subscription asks for', async () => {
    const headers = { 'WebHook-Request-Origin': 'eventgrid.azure.net' };
    const reply = await fetch(open(), { method: 'OPTIONS', headers });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('WebHook-Allowed-Origin')).toBe('eventgrid.azure.net');
  });

  test('gives every event of a delivery to an invocation of its own', async () => {
    expect((await deliver(open(), [event('a'), event('b')])).status).toBe(202);
    const seen = await logs.logged('onEvent', 2);
    expect(seen.map((one) => (one['event'] as { id: string }).id).sort()).toEqual(['a', 'b']);
    expect(seen[0]).toMatchObject({ data: { name: 'x' }, subject: '/some/thing' });
  });

  test('takes a single CloudEvent, and spells its dates as the host does', async () => {
    const before = (await logs.logged('onEvent', 0)).length;
    const time = '2024-03-01T10:00:00.1200000Z';
    const reply = await deliver(open(), { specversion: '1.0', id: 'c', type: 't', time, data: {} });
    expect(reply.status).toBe(202);
    const seen = await logs.logged('onEvent', before + 1);
    expect(seen.at(-1)?.['event']).toMatchObject({ id: 'c', time: '2024-03-01T10:00:00.12Z' });
  });

  test('fails the whole delivery when one event fails', async () => {
    const failing = { ...event('bad'), data: { fail: true } };
    const reply = await deliver(open(), [event('good'), failing]);
    expect([reply.status, await reply.text()]).toEqual([500, 'refused bad']);
  });

  test.each([
    ['an unsubscription', 'Unsubscribe', 202],
    ['an unknown kind of call', 'Something', 400],
  ])('answers %s', async (_, type, status) => {
    expect((await deliver(open(), [], { 'aeg-event-type': type })).status).toBe(status);
  });

  test('refuses a call without a kind', async () => {
    expect((await fetch(open(), { method: 'POST', body: '[]' })).status).toBe(400);
  });

  test.each(['Notification', 'SubscriptionValidation'])(
    'fails at a body that is no JSON: %s',
    async (type) => {
      const headers = { 'aeg-event-type': type };
      expect((await fetch(open(), { method: 'POST', body: 'not json', headers })).status).toBe(500);
    },
  );
});

describe('HTTP functions', () => {
  test('get route values, the query, the body and answer with status, headers and cookies', async () => {
    const url = `${host.url}/api/greet/ada/3?tag=1&tag=2&code=greet-key`;
    const reply = await fetch(url, { method: 'POST', body: 'hi' });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('x-body')).toBe('hi');
    expect(reply.headers.get('set-cookie')).toBe('seen=yes; Path=/; HttpOnly; SameSite=Lax');
    expect(await reply.json()).toEqual({ params: { name: 'ada', times: '3' }, tag: '1,2', url });
  });

  test.each([
    ['the master key', () => host.masterKey, 201],
    ['the default function key', () => host.functionKey, 201],
    ['no key', () => '', 401],
    ['the system key', () => host.systemKey, 401],
  ])('of the level function answer to %s', async (_, key, status) => {
    const reply = await fetch(`${host.url}/api/greet/ada`, { headers: { 'x-functions-key': key() } });
    expect(reply.status).toBe(status);
  });

  test('of the level admin open to the master key only', async () => {
    expect((await fetch(`${host.url}/api/secret?code=${host.functionKey}`)).status).toBe(401);
    expect(await (await fetch(`${host.url}/api/secret?code=${host.masterKey}`)).text()).toBe('open');
  });

  test.each([
    ['another method', 'greet/ada?code=greet-key', 'PUT'],
    ['a value that the constraint refuses', 'greet/4?code=greet-key', 'GET'],
    ['a path of nobody', 'nobody', 'GET'],
  ])('are not found for %s', async (_, path, method) => {
    expect((await fetch(`${host.url}/api/${path}`, { method })).status).toBe(404);
  });

  test('that fail answer 500 and tell nothing', async () => {
    const reply = await fetch(`${host.url}/api/breaks`);
    expect([reply.status, await reply.text()]).toEqual([500, '']);
    const failed = ({ message }: { message: string }): boolean => message.includes('secret detail');
    expect((await logs.until(failed))[0]).toMatchObject({ level: 'error', function: 'breaks' });
  });

  test('that return nothing answer without a body', async () => {
    expect((await fetch(`${host.url}/api/nothing`)).status).toBe(204);
  });

  test('see an empty body when the request has no length', async () => {
    expect(await chunkedPost(`${host.url}/api/greet/ada?code=greet-key`, 'lost')).toBe('');
  });

  test('see the settings and what was passed, and nothing else of the host', async () => {
    const { env, cwd } = (await (await fetch(`${host.url}/api/environment`)).json()) as {
      env: Record<string, string>;
      cwd: string;
    };
    expect(env).toMatchObject({ SUFFIX: 'http', FROM_OUTSIDE: 'yes' });
    expect(env['JEST_WORKER_ID']).toBeUndefined();
    expect(cwd).toMatch(/host-apps\/triggers$/);
  });
});

describe('the admin address', () => {
  test('tells the status to the master key only', async () => {
    expect((await fetch(`${host.url}/admin/host/status`)).status).toBe(401);
    const status = await fetch(`${host.url}/admin/host/status?code=${host.masterKey}`);
    expect(await status.json()).toMatchObject({ state: 'Running' });
  });

  test('runs a timer by hand', async () => {
    expect((await runByHand('onTime', {})).status).toBe(202);
    const [timer] = await logs.logged('onTime');
    expect(timer).toMatchObject({ schedule: { adjustForDST: true }, isPastDue: false });
  });

  test('runs a queue function with a given message', async () => {
    expect((await runByHand('onWork', { input: '"by hand"' })).status).toBe(202);
    expect((await logs.logged('onWork'))[0]).toMatchObject({ message: 'by hand' });
  });

  test('runs a disabled function by hand, and finds no unknown one', async () => {
    expect((await runByHand('neverRuns', {})).status).toBe(202);
    await logs.until(({ function: name, message }) => name === 'neverRuns' && message === 'Succeeded.');
    expect((await runByHand('nobody', {})).status).toBe(404);
  });

  test('a disabled function is not among those that run', () => {
    expect(host.functions).toContain('onTime');
    expect(host.functions).not.toContain('neverRuns');
  });
});

function webhook(query: Record<string, string>): string {
  return `${host.url}/runtime/webhooks/EventGrid?${new URLSearchParams(query).toString()}`;
}

function open(): string {
  return webhook({ functionName: 'onEvent', code: host.systemKey });
}

function event(id: string): Record<string, unknown> {
  return { id, eventType: 'Some.Event', subject: '/some/thing', topics: ['left out'], data: { name: 'x' } };
}

function deliver(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const all = { 'content-type': 'application/json', 'aeg-event-type': 'Notification', ...headers };
  return fetch(url, { method: 'POST', body: JSON.stringify(body), headers: all });
}

function runByHand(name: string, body: unknown): Promise<Response> {
  const headers = { 'x-functions-key': host.masterKey, 'content-type': 'application/json' };
  return fetch(`${host.url}/admin/functions/${name}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers,
  });
}

/** Sends a body without a Content-Length and resolves to the body that the function saw. */
function chunkedPost(url: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST' }, (reply) => {
      reply.resume();
      resolve(reply.headers['x-body']);
    });
    request.on('error', reject);
    request.write(body);
    request.end();
  });
}
