import * as z from '../../../../src/base/schema/schema';
import { ConsoleError, errorReply, jsonReply } from '../../../../src/console/http/message';
import { readJson } from '../../../../src/console/http/read-json';
import type { Route } from '../../../../src/console/http/route';
import { PosternError } from '../../../../src/base/errors';
import { createConsoleUnderTest, jsonOf } from '../../../support/console/console-under-test';
import { authority, clientId, tenantId } from '../../../support/console/key-ring';

const calls: string[] = [];
const schema = z.object({ id: z.string() });

const routes = new Map<string, Route>([
  ['api/look', route('GET', 'Postern.Viewer', () => ({ seen: true }))],
  ['api/any', route('GET', 'any', () => ({ seen: true }))],
  [
    'api/do',
    {
      method: 'POST',
      role: 'Postern.Approver',
      answer: async (request) => {
        calls.push('api/do');
        return jsonReply(202, await readJson(request, schema));
      },
    },
  ],
  ['api/away', route('GET', 'any', () => fail(new PosternError('STORE_UNAVAILABLE', 'secret detail')))],
  ['api/broken', route('GET', 'any', () => fail(new TypeError('secret detail')))],
]);

function route(method: Route['method'], role: Route['role'], value: () => unknown): Route {
  return {
    method,
    role,
    answer: async () => {
      calls.push('called');
      return jsonReply(200, value());
    },
  };
}

function fail(error: Error): never {
  throw error;
}

const underTest = () => createConsoleUnderTest({ routes });
const json = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };

beforeEach(() => calls.splice(0));

const headerNames = [
  'cache-control',
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
];

test.each(['/console/', '/console', '/console/api/config', '/console/api/look', '/console/nothing', '/x'])(
  '%s answers with every safe header, and allows no other origin',
  async (path) => {
    const { ask } = await underTest();
    const { headers } = await ask(path);
    expect(Object.keys(headers)).toEqual(expect.arrayContaining(headerNames));
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ${authority}; ` +
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
  },
);

test('the page learns where to sign in without a token', async () => {
  const { ask } = await underTest();
  const reply = await ask('/console/api/config');
  expect(reply.status).toBe(200);
  expect(jsonOf(reply)).toEqual({
    authority,
    tenantId,
    clientId,
    scope: `${clientId}/Console.Use openid profile`,
  });
});

test('nothing is called or read before the token was verified', async () => {
  const { ask, bodiesRead } = await underTest();
  for (const path of ['look', 'any', 'do', 'away', 'broken']) {
    const method = path === 'do' ? 'POST' : 'GET';
    const reply = await ask(`/console/api/${path}`, { method, headers: json, body: '{"id":"x"}' });
    expect([path, reply.status, jsonOf(reply).code]).toEqual([path, 401, 'UNAUTHENTICATED']);
    expect(reply.headers['www-authenticate']).toBe('Bearer');
  }
  expect(calls).toEqual([]);
  expect(bodiesRead).toEqual([]);
});

test('who is signed in by a platform’s header is nobody, and no such header is read', async () => {
  const { ask, headersRead } = await underTest();
  const principal = Buffer.from('{"claims":[{"typ":"roles","val":"Postern.Approver"}]}').toString('base64');
  const headers = {
    ...json,
    'X-MS-CLIENT-PRINCIPAL': principal,
    'X-MS-CLIENT-PRINCIPAL-ID': '33333333-aaaa-4bbb-8ccc-000000000003',
    'X-MS-TOKEN-AAD-ACCESS-TOKEN': 'x',
    Cookie: 'AppServiceAuthSession=x',
  };
  expect(await ask('/console/api/look', { headers })).toMatchObject({ status: 401 });
  expect(await ask('/console/api/do', { method: 'POST', headers, body: '{}' })).toMatchObject({
    status: 401,
  });
  await ask('/console/', { headers });
  expect([...headersRead].filter((name) => name.startsWith('x-') || name === 'cookie')).toEqual([]);
});

test.each([
  [['Postern.Viewer'], 200, 200, 403],
  [['Postern.Approver'], 403, 200, 202],
  [['Postern.Operator'], 403, 200, 403],
  [[], 403, 403, 403],
  [undefined, 403, 403, 403],
])('roles %j open look: %s, any: %s, do: %s', async (roles, look, any, act) => {
  const { ask, token } = await underTest();
  const bearer = await token({ roles });
  expect((await ask('/console/api/look', { token: bearer })).status).toBe(look);
  expect((await ask('/console/api/any', { token: bearer })).status).toBe(any);
  const post = { method: 'POST', headers: json, body: '{"id":"x"}', token: bearer };
  expect((await ask('/console/api/do', post)).status).toBe(act);
});

const bentPosts: readonly (readonly [string, Record<string, string>, string | Uint8Array, string])[] = [
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'id=x', 'NOT_JSON'],
  ['plain text', { 'content-type': 'text/plain' }, '{"id":"x"}', 'NOT_JSON'],
  ['no type', { 'content-type': '' }, '{"id":"x"}', 'NOT_JSON'],
  ['a type that only begins so', { 'content-type': 'application/jsonp' }, '{"id":"x"}', 'NOT_JSON'],
  ['another site', { 'sec-fetch-site': 'cross-site' }, '{"id":"x"}', 'FORBIDDEN'],
  ['another app of the site', { 'sec-fetch-site': 'same-site' }, '{"id":"x"}', 'FORBIDDEN'],
  ['a typed address', { 'sec-fetch-site': 'none' }, '{"id":"x"}', 'FORBIDDEN'],
  ['an announced long body', { 'content-length': '16385' }, '{"id":"x"}', 'TOO_LARGE'],
  ['a length that is no number', { 'content-length': 'x' }, '{"id":"x"}', 'TOO_LARGE'],
  ['a long body', {}, `{"id":"${'x'.repeat(16 * 1024)}"}`, 'TOO_LARGE'],
  ['half a body', {}, '{"id":', 'BAD_REQUEST'],
  ['an empty body', {}, '', 'BAD_REQUEST'],
  ['a wrong field', {}, '{"id":1}', 'BAD_REQUEST'],
  ['bytes that are no text', {}, Uint8Array.of(0x7b, 0xff, 0x7d), 'BAD_REQUEST'],
  ['a body that is a list', {}, '[{"id":"x"}]', 'BAD_REQUEST'],
  ['null', {}, 'null', 'BAD_REQUEST'],
];

test.each(bentPosts)('a change by %s is refused', async (_, headers, body, code) => {
  const { ask, token } = await underTest();
  const sent = { method: 'POST', headers: { ...json, ...headers }, body, token: await token() };
  expect(jsonOf(await ask('/console/api/do', sent)).code).toBe(code);
});

test('a browser without fetch metadata can post, and a charset is no matter', async () => {
  const { ask, token } = await underTest();
  const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
  const sent = { method: 'POST', headers, body: '{"id":"x"}', token: await token() };
  expect(await ask('/console/api/do', sent)).toMatchObject({ status: 202 });
});

test('a GET never changes anything, and a POST reads nothing', async () => {
  const { ask, token } = await underTest();
  const bearer = await token();
  expect(await ask('/console/api/do', { token: bearer })).toMatchObject({ status: 405 });
  const post = { method: 'POST', headers: json, body: '{}', token: bearer };
  expect(await ask('/console/api/look', post)).toMatchObject({ status: 405 });
  expect(await ask('/console/api/config', post)).toMatchObject({ status: 405 });
  expect(calls).toEqual([]);
});

test.each(['api/Look', 'api/look/', 'api//look', 'API/look', '../api/look/x', 'api/look%00', 'api/'])(
  'only exact addresses are known: %s is not',
  async (path) => {
    const { ask, token } = await underTest();
    expect(await ask(`/console/${path}`, { token: await token() })).toMatchObject({ status: 404 });
    expect(calls).toEqual([]);
  },
);

test('what fails is said without its detail, which is in the log', async () => {
  const { ask, token, log } = await underTest();
  const bearer = await token();
  const away = await ask('/console/api/away', { token: bearer });
  const broken = await ask('/console/api/broken', { token: bearer });
  expect([away.status, away.headers['retry-after'], broken.status]).toEqual([503, '10', 500]);
  expect(JSON.stringify([jsonOf(away), jsonOf(broken)])).not.toContain('secret');
  expect(log.filter((line) => line.includes('secret detail'))).toHaveLength(2);
});

test('an error reply repeats nothing of a request that could mislead a reader', () => {
  const { body } = errorReply(
    new ConsoleError('BAD_REQUEST', `Unrecognized key: "\u0000\u202e${'x'.repeat(5_000)}"`),
  );
  const { message } = JSON.parse(String(body)) as { readonly message: string };
  expect(message).toMatch(/^Unrecognized key: "\\u\{0\}\\u\{202e\}x+…$/);
  expect(message).toHaveLength(1_024);
});
