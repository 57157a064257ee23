import { exportSPKI, importJWK, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import fc from 'fast-check';
import { createVerifyToken } from '../../../../src/console/sign-in/verify-token';
import { FakeClock } from '../../../support/fakes';
import {
  authority,
  claimsAt,
  clientId,
  createKey,
  createKeySet,
  settings,
  sign,
  tenantId,
  type TestKey,
} from '../../../support/console/key-ring';

const now = new Date('2026-03-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const other = '99999999-aaaa-4bbb-8ccc-000000000009';
let key: TestKey;
let strange: TestKey;

beforeAll(async () => {
  [key, strange] = await Promise.all([createKey('key-1'), createKey('key-1')]);
});

function verifier(keySet = createKeySet(key)) {
  return createVerifyToken({ settings, clock: new FakeClock(now.toISOString()), fetch: keySet.fetch });
}

const verify = async (token: string): Promise<unknown> => verifier()(`Bearer ${token}`);

test('a token of the tenant tells who the person is', async () => {
  const person = await verifier()(`Bearer ${await sign(key, claimsAt(now, { groups: [other] }))}`);
  expect(person).toEqual({
    oid: '33333333-aaaa-4bbb-8ccc-000000000003',
    name: 'Ada Approver',
    roles: new Set(['Postern.Viewer', 'Postern.Approver', 'Postern.Operator']),
    groups: new Set([other]),
    tokenId: 'uti-1',
  });
});

const bentClaims: Readonly<Record<string, Record<string, unknown>>> = {
  'of another tenant': { tid: other, iss: `${authority}/${other}/v2.0` },
  'whose issuer is another tenant': { iss: `${authority}/${other}/v2.0` },
  'whose issuer is another service': { iss: `https://evil.test/${tenantId}/v2.0` },
  'of version 1 by its issuer': { iss: `https://sts.windows.net/${tenantId}/`, ver: '1.0' },
  'of version 1': { ver: '1.0' },
  'without a version': { ver: undefined },
  'for another app': { aud: other },
  'for the app by its URI': { aud: `api://${clientId}` },
  'for several apps': { aud: [clientId, other] },
  'for nobody': { aud: undefined },
  'whose tenant is not the issuer’s': { tid: other },
  'without a tenant': { tid: undefined },
  'issued to another client': { azp: other },
  'issued to no client': { azp: undefined },
  'for another scope': { scp: 'User.Read' },
  'whose scope only contains the name': { scp: 'Console.Use.All XConsole.Use' },
  'without a scope, as an app gets it for itself': { scp: undefined },
  'of an app': { idtyp: 'app' },
  'without an object id': { oid: undefined },
  'whose object id is not a GUID': { oid: 'ada' },
  'that has expired': { exp: seconds - 61 },
  'that never expires': { exp: undefined },
  'that is not valid yet': { nbf: seconds + 61 },
  'without a beginning': { nbf: undefined },
  'without a time of issue': { iat: undefined },
  'whose end is text': { exp: '9999999999' },
  'whose roles are text': { roles: 'Postern.Approver' },
  'whose groups are not ids': { groups: ['everyone'] },
};

test.each(Object.entries(bentClaims))('a token %s is refused', async (_, changes) => {
  const token = await sign(key, claimsAt(now, changes));
  await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

const unsigned = (header: object, claims: object): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

const bentTokens: Readonly<Record<string, () => Promise<string>>> = {
  'signed by a stranger under a known key id': () => sign(strange, claimsAt(now)),
  'under an unknown key id': () => sign(key, claimsAt(now), { kid: 'key-9' }),
  'without a signature': async () => `${unsigned({ alg: 'none', kid: 'key-1' }, claimsAt(now))}.`,
  'that says "none" and has a signature': async () =>
    `${unsigned({ alg: 'none', kid: 'key-1' }, claimsAt(now))}.${(await sign(key, claimsAt(now))).split('.')[2]}`,
  'whose claims were changed': async () => {
    const [header, , signature] = (await sign(key, claimsAt(now))).split('.');
    const claims = Buffer.from(JSON.stringify(claimsAt(now, { oid: other }))).toString('base64url');
    return [header, claims, signature].join('.');
  },
  'signed with the public key as a password': async () => {
    const pem = await exportSPKI((await importJWK({ ...key.publicJwk, ext: true }, 'RS256')) as CryptoKey);
    return new SignJWT(claimsAt(now))
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(new TextEncoder().encode(pem));
  },
  'signed in another way': async () => {
    const [, claims, signature] = (await sign(key, claimsAt(now))).split('.');
    const header = Buffer.from('{"alg":"RS512","kid":"key-1"}').toString('base64url');
    return [header, claims, signature].join('.');
  },
  'that brings its own key': () => sign(strange, claimsAt(now), { jwk: strange.publicJwk, kid: 'own' }),
  'that names the place of its key': () =>
    sign(strange, claimsAt(now), { jku: 'https://evil.test/keys', kid: 'own' }),
  'with an unknown critical header': async () => {
    const [, claims, signature] = (await sign(key, claimsAt(now))).split('.');
    const header = Buffer.from('{"alg":"RS256","kid":"key-1","crit":["x"],"x":1}').toString('base64url');
    return [header, claims, signature].join('.');
  },
  'in five parts': async () => `${await sign(key, claimsAt(now))}.a.b`,
  'that is too long': () => sign(key, claimsAt(now, { pad: 'x'.repeat(16 * 1024) })),
  'that is no JSON': async () => 'aaaa.bbbb.cccc',
};

test.each(Object.entries(bentTokens))('a token %s is refused', async (_, make) => {
  await expect(verify(await make())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'bearer a b c'])(
  'without a token (%j) nobody is let in',
  async (header) => {
    await expect(verifier()(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  },
);

test('clocks may differ by a minute', async () => {
  const token = await sign(key, claimsAt(now, { exp: seconds - 59, nbf: seconds + 59 }));
  await expect(verify(token)).resolves.toMatchObject({ name: 'Ada Approver' });
});

test('roles that are not Postern’s count for nothing', async () => {
  const token = await sign(
    key,
    claimsAt(now, { roles: ['Postern.Admin', 'postern.approver', 'Postern.Viewer'] }),
  );
  await expect(verify(token)).resolves.toMatchObject({ roles: new Set(['Postern.Viewer']) });
});

test.each<JWTPayload>([
  { _claim_names: { groups: 'src1' }, groups: [other] },
  { hasgroups: true, groups: [other] },
])('groups are unknown if the token has no room for all of them', async (changes) => {
  const token = await sign(key, claimsAt(now, changes));
  await expect(verify(token)).resolves.toMatchObject({ groups: undefined });
});

test('a name that could mislead is spelled out', async () => {
  const token = await sign(key, claimsAt(now, { name: 'Ada\u202eevil' }));
  await expect(verify(token)).resolves.toMatchObject({ name: 'Ada\\u{202e}evil' });
});

test('a new key is fetched when a token names it', async () => {
  const next = await createKey('key-2');
  const keySet = createKeySet(key);
  const check = verifier(keySet);
  jest.useFakeTimers({ now: now.getTime(), doNotFake: ['queueMicrotask', 'nextTick'] });
  try {
    await check(`Bearer ${await sign(key, claimsAt(now))}`);
    keySet.keys = [next];
    jest.setSystemTime(now.getTime() + 31_000);
    await expect(check(`Bearer ${await sign(next, claimsAt(now))}`)).resolves.toMatchObject({
      tokenId: 'uti-1',
    });
    await expect(check(`Bearer ${await sign(key, claimsAt(now))}`)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  } finally {
    jest.useRealTimers();
  }
});

test('tokens with made-up key ids do not make the app fetch keys again and again', async () => {
  const keySet = createKeySet(key);
  const check = verifier(keySet);
  for (let index = 0; index < 20; index += 1) {
    const token = await sign(key, claimsAt(now), { kid: `made-up-${index}` });
    await expect(check(`Bearer ${token}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  }
  expect(keySet.readings).toEqual([`${authority}/${tenantId}/discovery/v2.0/keys`]);
});

test.each<[string, (keySet: ReturnType<typeof createKeySet>) => void]>([
  ['cannot be reached', (keySet) => (keySet.fail = new TypeError('fetch failed'))],
  ['fails', (keySet) => (keySet.status = 500)],
  ['redirects', (keySet) => (keySet.status = 302)],
  ['sends something else', (keySet) => (keySet.fetch = () => Promise.resolve(new Response('<html>')))],
  ['sends no keys', (keySet) => (keySet.fetch = () => Promise.resolve(new Response('{"keys":1}')))],
])('while the sign-in service %s, nobody is let in, and nobody is told to sign in again', async (_, bend) => {
  const keySet = createKeySet(key);
  bend(keySet);
  const check = createVerifyToken({
    settings,
    clock: new FakeClock(now.toISOString()),
    fetch: (url) => keySet.fetch(url),
  });
  await expect(check(`Bearer ${await sign(key, claimsAt(now))}`)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
});

test('no text is taken for a token', async () => {
  const check = verifier();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), async (text) => {
      await expect(check(`Bearer ${text}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }),
  );
});

test('a token in which any character was changed is refused', async () => {
  const token = await sign(key, claimsAt(now));
  const check = verifier();
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 3), async (at) => {
      const changed = token[at] === 'A' ? 'B' : 'A';
      const bent = token.slice(0, at) + changed + token.slice(at + 1);
      fc.pre(!same(token, bent));
      await expect(check(`Bearer ${bent}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }),
    { numRuns: 200 },
  );
});

/** Tells whether two tokens have the same bytes: the last character of a part may carry unused bits. */
function same(one: string, another: string): boolean {
  const bytes = (token: string): string =>
    token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join('.');
  return bytes(one) === bytes(another);
}
