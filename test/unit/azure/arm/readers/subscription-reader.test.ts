import fc from 'fast-check';
import {
  createScriptedArm,
  testOrigin,
  testTarget,
  type ScriptedReply,
} from '../../../../support/http/scripted-arm';

const subscription = '0F0F0F0F-0f0f-4f0f-8f0f-0f0f0f0f0f0f';
const tenant = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const other = '33e01921-4d64-4f8c-a055-5bdaffd5e33d';

function challenge(uri: string, rest = ', error="invalid_token"'): string {
  return `Bearer authorization_uri="${uri}"${rest}`;
}

function refused(header: string | undefined, code = 'AuthenticationFailed'): ScriptedReply {
  const body = { error: { code, message: "Authentication failed. The 'Authorization' header is missing." } };
  return { status: 401, headers: header === undefined ? {} : { 'www-authenticate': header }, body };
}

const read = (reply: ScriptedReply) => createScriptedArm([reply]).subscriptions.readTenant(subscription);

test('the tenant is asked for without a token, and without fetching one', async () => {
  const arm = createScriptedArm([refused(challenge(`https://login.windows.net/${tenant}`))]);
  await expect(arm.subscriptions.readTenant(subscription)).resolves.toBe(tenant);
  expect(arm.scopes).toEqual([]);
  expect(arm.sent).toMatchObject([
    {
      method: 'GET',
      url: `${testOrigin}/subscriptions/${subscription.toLowerCase()}?api-version=2022-12-01`,
      authorization: undefined,
    },
  ]);
});

test.each([
  ['login.windows.net', `https://login.windows.net/${tenant}`],
  ['login.microsoftonline.com, in capitals', `https://LOGIN.microsoftonline.com/${tenant.toUpperCase()}/`],
  ['Azure Government', `https://login.microsoftonline.us/${tenant}`],
  ['Azure in China', `https://login.partner.microsoftonline.cn/${tenant}`],
])('a challenge to %s names the tenant', async (_, uri) => {
  await expect(read(refused(challenge(uri)))).resolves.toBe(tenant);
  await expect(read(refused(challenge(uri), 'InvalidAuthenticationTokenTenant'))).resolves.toBe(tenant);
});

test('a challenge may name the tenant twice, without quotes, and among others', async () => {
  const uri = `https://login.windows.net/${tenant}`;
  await expect(read(refused(`PoP realm="x", ${challenge(uri)}, ${challenge(uri)}`))).resolves.toBe(tenant);
  await expect(read(refused(`Bearer authorization_uri=${uri}, error=invalid_token`))).resolves.toBe(tenant);
});

test.each<[string, string | undefined]>([
  ['no challenge', undefined],
  ['an empty one', ''],
  ['common', challenge('https://login.windows.net/common/oauth2/authorize')],
  ['a path that goes on', challenge(`https://login.windows.net/${tenant}/oauth2/authorize`)],
  ['a path before the tenant', challenge(`https://login.windows.net/x/${tenant}`)],
  ['another host', challenge(`https://login.example.net/${tenant}`)],
  ['a host that begins as one', challenge(`https://login.windows.net.example.org/${tenant}`)],
  ['a host that ends as one', challenge(`https://evil-login.windows.net/${tenant}`)],
  ['a user', challenge(`https://login.windows.net@example.org/${tenant}`)],
  ['a password', challenge(`https://a:b@login.windows.net/${tenant}`)],
  ['a port', challenge(`https://login.windows.net:8443/${tenant}`)],
  ['http', challenge(`http://login.windows.net/${tenant}`)],
  ['a query', challenge(`https://login.windows.net/${tenant}?x=1`)],
  ['a fragment', challenge(`https://login.windows.net/${tenant}#x`)],
  ['no GUID', challenge('https://login.windows.net/contoso.com')],
  ['a GUID that is too long', challenge(`https://login.windows.net/${tenant}0`)],
  [
    'two tenants',
    `${challenge(`https://login.windows.net/${tenant}`)}, ${challenge(`https://login.windows.net/${other}`)}`,
  ],
  [
    'a tenant and none',
    `${challenge(`https://login.windows.net/${tenant}`)}, ${challenge('https://login.windows.net/common')}`,
  ],
  [
    'a word that only ends as the parameter',
    `Bearer x_authorization_uri="https://login.windows.net/${tenant}"`,
  ],
  ['a long header', challenge(`https://login.windows.net/${tenant}`, `, x="${'x'.repeat(5_000)}"`)],
])('%s names none', async (_, header) => {
  await expect(read(refused(header))).resolves.toBeUndefined();
});

test.each<[string, ScriptedReply]>([
  ['200', { status: 200, body: { subscriptionId: subscription, tenantId: tenant } }],
  ['404', { status: 404, body: { error: { code: 'SubscriptionNotFound', message: 'x' } } }],
  ['403', { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'x' } } }],
  ['400', { status: 400, body: { error: { code: 'InvalidSubscriptionId', message: 'x' } } }],
  ['a redirect', { status: 302, headers: { location: `https://login.windows.net/${tenant}` } }],
])('%s is no answer', async (_, reply) => {
  const header = { 'www-authenticate': challenge(`https://login.windows.net/${tenant}`) };
  const answer = read({ ...reply, headers: { ...header, ...reply.headers } });
  if (reply.status === 302) await expect(answer).rejects.toMatchObject({ code: 'ARM_UNTRUSTED_URL' });
  else await expect(answer).resolves.toBeUndefined();
});

test.each([
  ['ARM_THROTTLED', { status: 429, headers: { 'retry-after': '17' } }],
  ['ARM_UNAVAILABLE', { status: 503 }],
])('%s is thrown, so that it is asked for again', async (code, reply) => {
  await expect(read(reply)).rejects.toMatchObject({ code });
});

test('what is no subscription is not asked for', async () => {
  const arm = createScriptedArm([]);
  await expect(arm.subscriptions.readTenant(`${subscription}/../..`)).resolves.toBeUndefined();
  expect(arm.sent).toEqual([]);
});

test('our token is kept after an answer, and not sent with the question', async () => {
  const arm = createScriptedArm([
    { status: 200, body: { value: [] } },
    refused(challenge(`https://login.windows.net/${other}`)),
    { status: 200, body: { value: [] } },
  ]);
  const target = testTarget('Microsoft.KeyVault/vaults');
  await arm.connections.list(target);
  await arm.subscriptions.readTenant(subscription);
  await arm.connections.list(target);
  expect(arm.scopes).toHaveLength(1);
  expect(arm.sent.map(({ authorization }) => authorization !== undefined)).toEqual([true, false, true]);
});

test('no header makes the answer anything but a GUID or nothing', async () => {
  const header = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc
      .tuple(fc.string({ maxLength: 30 }), fc.webUrl(), fc.string({ maxLength: 30 }))
      .map((parts) => challenge(parts.join(''))),
  );
  await fc.assert(
    fc.asyncProperty(header, async (text) => {
      const answer = await read(refused(text.replace(/[^\x20-\x7e]/g, '')));
      expect(answer === undefined || /^[0-9a-f-]{36}$/.test(answer)).toBe(true);
    }),
  );
});

describe('the list of subscriptions', () => {
  const row = {
    id: `/subscriptions/${subscription}`,
    subscriptionId: subscription.toLowerCase(),
    name: 'Shop',
    tenantId: tenant.toUpperCase(),
    groups: `[{"displayName":"Tenant Root Group","name":"${tenant}"}]`,
    tags: '{"env":"prod"}',
  };
  const page = (...data: readonly unknown[]) => ({ status: 200, body: { data, resultTruncated: 'false' } });

  test('has ids in lower case, and groups by their ids', async () => {
    const arm = createScriptedArm([page(row)]);
    await expect(arm.subscriptions.list()).resolves.toEqual([
      {
        subscriptionId: subscription.toLowerCase(),
        name: 'Shop',
        tenantId: tenant,
        tags: { env: 'prod' },
        managementGroups: [tenant],
      },
    ]);
    expect(arm.sent).toMatchObject([
      { method: 'POST', body: { query: expect.stringMatching(/^resourcecontainers\n/) } },
    ]);
  });

  test.each([
    ['', ''],
    ['null', 'null'],
    [null, undefined],
  ])('takes %j for no groups and no tags', async (groups, tags) => {
    const arm = createScriptedArm([page({ ...row, groups, tags })]);
    await expect(arm.subscriptions.list()).resolves.toMatchObject([{ managementGroups: [], tags: {} }]);
  });

  test.each([
    [{ subscriptionId: 'x' }],
    [{ tenantId: null }],
    [{ name: 7 }],
    [{ groups: '{}' }],
    [{ groups: '[{"displayName":"corp"}]' }],
    [{ groups: '[' }],
    [{ tags: '{"env":7}' }],
  ])('leaves out and reports a row with %j, and keeps all others', async (change) => {
    const problems: string[] = [];
    const arm = createScriptedArm([page({ ...row, ...change }, row)], {
      onMalformed: (text) => problems.push(text),
    });
    await expect(arm.subscriptions.list()).resolves.toHaveLength(1);
    expect(problems).toEqual(['Resource Graph listed a subscription that cannot be read']);
  });

  test('that is not whole is none', async () => {
    const truncated = { status: 200, body: { data: [row], resultTruncated: 'true' } };
    await expect(createScriptedArm([truncated]).subscriptions.list()).rejects.toMatchObject({
      code: 'ARM_UNREADABLE',
    });
  });
});
