import type { AccessToken } from '@azure/core-auth';
import { createArm } from '../../../../src/azure/arm/arm';
import { createArmClient, type ReplyInfo } from '../../../../src/azure/arm/client';
import {
  createScriptedArm,
  createScriptedClient,
  testOrigin,
  testTarget,
  type Script,
} from '../../../support/http/scripted-arm';
import type { ArmError } from '../../../../src/base/errors';
import { FakeClock } from '../../../support/fakes/fake-clock';

const never = new Promise<never>(() => undefined);
const token: AccessToken = { token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };

function clientOver(script: Script, overrides: Partial<Parameters<typeof createArmClient>[0]> = {}) {
  const client = createScriptedClient(script);
  let tokens = 0;
  const arm = createArmClient({
    endpoint: testOrigin,
    credential: {
      getToken: () => {
        tokens += 1;
        return Promise.resolve(token);
      },
    },
    httpClient: client.httpClient,
    clock: new FakeClock(),
    ...overrides,
  });
  return { arm, sent: client.sent, tokens: () => tokens };
}

const get = (url: string) => ({ method: 'GET', url }) as const;

describe('the door to ARM', () => {
  test.each([
    'https://evil.test/x',
    'http://arm.test:8443/x',
    'https://arm.test/x',
    '/x',
    '',
    'https://arm.test:8443@evil.test/',
  ])('asks for no token and sends nothing to %p', async (url) => {
    const { arm, sent, tokens } = clientOver(() => ({ status: 200 }));
    await expect(arm.send(get(url))).rejects.toMatchObject({ code: 'ARM_UNTRUSTED_URL' });
    expect([sent.length, tokens()]).toEqual([0, 0]);
  });

  test.each([301, 302, 303, 307, 308])(
    'follows no redirect (%d), not even on its own origin',
    async (status) => {
      const { arm, sent } = clientOver(() => ({ status, headers: { location: `${testOrigin}/other` } }));
      await expect(arm.send(get(`${testOrigin}/x`))).rejects.toMatchObject({
        code: 'ARM_UNTRUSTED_URL',
        httpStatus: status,
      });
      expect(sent).toHaveLength(1);
    },
  );

  test('gives up when the reply does not come, even from a transport that heeds no signal', async () => {
    const { arm } = clientOver(() => never, { requestTimeoutMs: 5 });
    await expect(arm.send(get(`${testOrigin}/x`))).rejects.toMatchObject({ code: 'ARM_UNREACHABLE' });
  });

  test.each([
    ['a reading', undefined, 25_000],
    ['a write, which has a fence, sooner: a lease must outlast it', () => undefined, 15_000],
  ])('gives up %s', async (_, fence, timeoutMs) => {
    jest.useFakeTimers();
    try {
      const { arm } = clientOver(() => never);
      let failure: unknown;
      void arm.send({ ...get(`${testOrigin}/x`), fence }).catch((error: unknown) => (failure = error));
      await jest.advanceTimersByTimeAsync(timeoutMs - 1);
      expect(failure).toBeUndefined();
      await jest.advanceTimersByTimeAsync(1);
      expect(failure).toMatchObject({ code: 'ARM_UNREACHABLE' });
    } finally {
      jest.useRealTimers();
    }
  });

  test('gives up when the token does not come, and then sends nothing more', async () => {
    let deliver: (value: AccessToken) => void = () => undefined;
    const late = new Promise<AccessToken>((resolve) => (deliver = resolve));
    const { arm, sent } = clientOver(() => ({ status: 200 }), {
      requestTimeoutMs: 5,
      credential: { getToken: () => late },
    });
    const fence = jest.fn();
    await expect(arm.send({ ...get(`${testOrigin}/x`), fence })).rejects.toMatchObject({
      code: 'ARM_UNREACHABLE',
    });
    deliver(token);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([]);
    expect(fence).not.toHaveBeenCalled();
  });

  test('refuses a body of more than 8 MiB', async () => {
    const { arm } = clientOver(() => ({ status: 200, body: 'x'.repeat(8 * 1024 * 1024 + 1) }));
    await expect(arm.send(get(`${testOrigin}/x`))).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test.each([0, 99, 101, 600, Number.NaN])('a status of %d is unreadable', async (status) => {
    const { arm } = clientOver(() => ({ status }));
    await expect(arm.send(get(`${testOrigin}/x`))).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test('asks for one token for many requests, and for a new one near its end or after a 401', async () => {
    const clock = new FakeClock();
    const expiresOnTimestamp = () => clock.now().getTime() + 3_600_000;
    const statuses = [200, 200, 200, 401, 200];
    let asked = 0;
    const { arm } = clientOver((_sent, index) => ({ status: statuses[index] ?? 200 }), {
      clock,
      credential: {
        getToken: () =>
          Promise.resolve({ token: `t${(asked += 1)}`, expiresOnTimestamp: expiresOnTimestamp() }),
      },
    });
    const counts: number[] = [];
    for (const [index] of statuses.entries()) {
      await arm.send(get(`${testOrigin}/x`)).catch(() => undefined);
      counts.push(asked);
      if (index === 1) clock.advance(3_500);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
  });

  test('forgets a token once a minute at most, and none when a 401 is about the resource’s tenant', async () => {
    const clock = new FakeClock();
    let asked = 0;
    const foreign = { error: { code: 'InvalidAuthenticationTokenTenant', message: 'wrong issuer' } };
    const bodies: unknown[] = [foreign, {}, {}, {}, foreign, {}];
    const { arm } = clientOver((_sent, index) => ({ status: 401, body: bodies[index] }), {
      clock,
      credential: {
        getToken: () => Promise.resolve({ token: `t${(asked += 1)}`, expiresOnTimestamp: 1e15 }),
      },
    });
    const codes: unknown[] = [];
    for (let index = 0; index < bodies.length; index += 1) {
      await arm.send(get(`${testOrigin}/x`)).catch((error: unknown) => codes.push((error as ArmError).code));
    }
    expect(codes.filter((code) => code === 'ARM_FOREIGN_TENANT')).toHaveLength(2);
    expect(codes.filter((code) => code === 'ARM_UNAUTHENTICATED')).toHaveLength(4);
    expect(asked).toBe(2);
    clock.advance(61);
    await arm.send(get(`${testOrigin}/x`)).catch(() => undefined);
    await arm.send(get(`${testOrigin}/x`)).catch(() => undefined);
    expect(asked).toBe(3);
  });

  test('tells of every reply without its query', async () => {
    const told: ReplyInfo[] = [];
    const { arm } = clientOver(() => ({ status: 200, headers: { 'x-ms-request-id': 'r1' } }), {
      onReply: (info) => told.push(info),
    });
    await arm.send(get(`${testOrigin}/a/b?s=signature`));
    expect(told).toEqual([{ method: 'GET', path: '/a/b', httpStatus: 200, durationMs: 0, requestId: 'r1' }]);
  });

  test('asks for no token and sends nothing when the budget has no room, whatever was answered before', async () => {
    const clock = new FakeClock();
    const url = `${testOrigin}/subscriptions/11111111-1111-1111-1111-111111111111/x`;
    const { arm, sent, tokens } = clientOver(() => ({ status: 429, headers: { 'retry-after': '9' } }), {
      clock,
    });
    await expect(arm.send(get(url))).rejects.toMatchObject({ code: 'ARM_THROTTLED', httpStatus: 429 });
    const fence = jest.fn();
    const refused = await arm.send({ ...get(url), fence }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ARM_THROTTLED', retryAfterSeconds: 9 });
    expect(refused).not.toHaveProperty('httpStatus', expect.anything());
    expect([sent.length, tokens(), fence.mock.calls.length]).toEqual([1, 1, 0]);
    clock.advance(9);
    await expect(arm.send(get(url))).rejects.toMatchObject({ httpStatus: 429 });
  });

  test('a request that gets no reply is not counted as on its way for ever', async () => {
    const url = `${testOrigin}/subscriptions/11111111-1111-1111-1111-111111111111/x`;
    const headers = { 'x-ms-ratelimit-remaining-subscription-reads': '26' };
    const { arm, sent } = clientOver((_sent, index) => (index < 10 ? never : { status: 200, headers }), {
      requestTimeoutMs: 5,
    });
    const lost = Array.from({ length: 10 }, () => arm.send(get(url)));
    for (const result of await Promise.allSettled(lost)) expect(result.status).toBe('rejected');
    for (let index = 0; index < 2; index += 1) await arm.send(get(url));
    expect(sent).toHaveLength(12);
  });

  test.each([-1, 1, Number.NaN])('a reserve of %p is refused when the door is made', (reserveShare) => {
    expect(() => clientOver(() => never, { reserveShare })).toThrow('from 0 to 0.95');
  });

  test('needs an https endpoint', () => {
    const credential = { getToken: () => Promise.resolve(token) };
    expect(() => createArm({ endpoint: 'http://localhost:1', credential })).toThrow('ARM_ENDPOINT');
  });
});

describe('a credential', () => {
  const failing = (error: Error) => ({ getToken: () => Promise.reject(error) });
  const named = (name: string, more: object = {}) =>
    Object.assign(new Error('no identity; Bearer abc'), { name }, more);

  test.each<[string, Error, string]>([
    ['that is refused', named('AuthenticationError', { statusCode: 400 }), 'ARM_UNAUTHENTICATED'],
    ['that is not there', named('CredentialUnavailableError'), 'ARM_UNAUTHENTICATED'],
    ['whose service is down', named('AuthenticationError', { statusCode: 503 }), 'ARM_UNAVAILABLE'],
    [
      'whose service cannot be reached',
      Object.assign(new Error('Network unreachable. Message: network_error; Bearer abc'), {
        name: 'CredentialUnavailableError',
      }),
      'ARM_UNAVAILABLE',
    ],
    ['whose service is throttled', named('AuthenticationError', { statusCode: 429 }), 'ARM_UNAVAILABLE'],
  ])('%s fails with a code and says what to mend', async (_title, error, code) => {
    const arm = createScriptedArm([], { credential: failing(error) });
    const failure: unknown = await arm.connections
      .list(testTarget('Microsoft.KeyVault/vaults'))
      .catch((e: unknown) => e);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).not.toContain('abc');
    expect(arm.sent).toEqual([]);
  });

  test('that gives no token is unauthenticated', async () => {
    const arm = createScriptedArm([], { credential: { getToken: () => Promise.resolve(null) } });
    await expect(arm.operations.read(`${testOrigin}/x`)).rejects.toMatchObject({
      code: 'ARM_UNAUTHENTICATED',
    });
  });

  test('that failed once is asked again', async () => {
    let calls = 0;
    const getToken = () => ((calls += 1) === 1 ? Promise.reject(new Error('no')) : Promise.resolve(token));
    const arm = createScriptedArm([{ status: 202 }], { credential: { getToken } });
    await expect(arm.operations.read(`${testOrigin}/x`)).rejects.toMatchObject({
      code: 'ARM_UNAUTHENTICATED',
    });
    await expect(arm.operations.read(`${testOrigin}/x`)).resolves.toMatchObject({ httpStatus: 202 });
  });
});
