import { createTokenSource } from '../../../../src/azure/identity/token-source';
import { FakeClock } from '../../../support/fakes';

const oid = '5E1F0000-0000-4000-8000-000000000001';

function jwt(claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode(claims)}.signature`;
}

async function holderOf(token: string): Promise<string | undefined> {
  const clock = new FakeClock();
  const getToken = async () => ({ token, expiresOnTimestamp: clock.now().getTime() + 3_600_000 });
  const source = createTokenSource({ getToken }, 'https://management.azure.com/.default', clock);
  expect(source.ownObjectId()).toBeUndefined();
  await source.token(new AbortController().signal);
  return source.ownObjectId();
}

test('the token of an app says whose it is', async () => {
  expect(await holderOf(jwt({ oid, appid: oid, tid: oid }))).toBe(oid.toLowerCase());
});

test.each<[string, string]>([
  ['a person, whose other changes are news', jwt({ oid, scp: 'user_impersonation' })],
  ['nobody', jwt({})],
  ['something that is no id', jwt({ oid: 'me' })],
  ['no JWT', 'opaque'],
])('a token of %s says nothing', async (_, token) => {
  expect(await holderOf(token)).toBeUndefined();
});
