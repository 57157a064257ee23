import { gzipSync } from 'node:zlib';
import { localIdentity, localIdentitySecret, localRequest, somebodyElse } from '../../../../dev/azure/index';
import { textOf, type Json } from '../../../../dev/azure/http/message';
import { createTestAzure, replyOf, type TestAzure } from '../../../support/rigs/local-azure-world';

const origin = 'https://management.azure.com';

describe('the identity endpoint', () => {
  const url = 'http://127.0.0.1/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com';
  const headers = { 'X-IDENTITY-HEADER': localIdentitySecret };

  test('gives a token of three segments that names tenant and identity and that ARM takes', async () => {
    const { azure } = createTestAzure();
    const { status, body } = replyOf(
      await azure.router.handleIdentity(localRequest('GET', url, { headers })),
    );
    expect(status).toBe(200);
    const token = textOf(body['access_token']) ?? '';
    const [, payload = '', signature] = token.split('.');
    expect(signature).toBeDefined();
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({ tid: azure.tokens.tenantId, oid: localIdentity.objectId });
    expect(body['expires_on']).toMatch(/^\d+$/);
    const reply = await azure.router.handle(
      localRequest('GET', `${origin}/subscriptions?api-version=2022-12-01`, {
        headers: { Authorization: `Bearer ${token}` },
      }),
    );
    expect(replyOf(reply).status).toBe(200);
  });

  test.each([
    ['no header', url, {}, 401],
    ['a wrong api-version', url.replace('2019-08-01', '2017-09-01'), headers, 400],
    ['an unknown identity', `${url}&client_id=nobody`, headers, 400],
  ])('refuses %s', async (_what, to, sent, status) => {
    const { azure } = createTestAzure();
    expect(
      replyOf(await azure.router.handleIdentity(localRequest('GET', to, { headers: sent }))).status,
    ).toBe(status);
  });
});

describe('who may do what', () => {
  const path = '/subscriptions?api-version=2022-12-01';

  test.each([
    ['no token', () => ({}), 'AuthenticationFailed'],
    ['a stranger’s token', () => ({ authorization: 'Bearer a.b.c' }), 'InvalidAuthenticationToken'],
    [
      'a token for something else',
      ({ azure }: TestAzure) => ({
        authorization: `Bearer ${azure.tokens.issue({ principal: localIdentity, audience: 'https://vault.azure.net' }).token}`,
      }),
      'InvalidAuthenticationTokenAudience',
    ],
  ])('%s is a 401', async (_what, headersOf, code) => {
    const world = createTestAzure();
    const reply = replyOf(
      await world.azure.router.handle(localRequest('GET', origin + path, { headers: headersOf(world) })),
    );
    expect(reply.status).toBe(401);
    expect(reply.body).toMatchObject({ error: { code } });
    expect(reply.headers['www-authenticate']).toContain('Bearer');
  });

  test('a token ends after a day, or at once when all are expired', async () => {
    const world = createTestAzure();
    const { token } = world.azure.tokens.issue({ principal: localIdentity, audience: origin });
    const send = async () =>
      replyOf(
        await world.azure.router.handle(
          localRequest('GET', origin + path, { headers: { authorization: `Bearer ${token}` } }),
        ),
      ).status;
    expect(await send()).toBe(200);
    world.azure.tokens.expireAll();
    expect(await send()).toBe(401);
  });

  test('a permission that is taken away is a 403 in ARM’s words, for that action and scope only', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('vault'));
    world.azure.deny.push({
      action: 'Microsoft.KeyVault/vaults/privateEndpointConnections/write',
      scope: id,
    });
    const reply = await world.arm('PUT', id, {});
    expect(reply.status).toBe(403);
    expect(reply.text).toContain(
      `The client '${localIdentity.appId}' with object id '${localIdentity.objectId}' does not have authorization to perform action 'Microsoft.KeyVault/vaults/privateEndpointConnections/write' over scope '${id}' or the scope is invalid.`,
    );
    expect((await world.arm('GET', id)).status).toBe(200);
  });

  test('the buckets run dry when they are enforced, and refill', async () => {
    const world = createTestAzure({ enforceRateLimits: true });
    const target = await world.target('vault');
    const first = await world.arm('GET', target);
    expect(first.headers['x-ms-ratelimit-remaining-subscription-reads']).toBe('249');
    for (let read = 1; read < 250; read += 1) await world.arm('GET', target);
    const refused = await world.arm('GET', target);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
    await world.clock.advance(1);
    expect((await world.arm('GET', target)).status).toBe(200);
  });
});

describe('Resource Graph', () => {
  const query =
    "resources | where type in~ ('microsoft.keyvault/vaults') | mv-expand c = properties.privateEndpointConnections" +
    " | extend status = tostring(c.properties.privateLinkServiceConnectionState.status) | where status in~ ('Pending')";
  const ask = (world: TestAzure, body: Record<string, Json>) =>
    world.arm('POST', '/providers/Microsoft.ResourceGraph/resources', body);

  test('lists the connections of the wanted types and statuses, page by page', async () => {
    const world = createTestAzure();
    const vault = await world.target('vault');
    const disk = await world.target('disk');
    const ids = ['a', 'b', 'c'].map((connectionName) =>
      world.azure.control.seed({ targetId: vault, connectionName, status: 'Pending' }),
    );
    world.azure.control.seed({ targetId: vault, connectionName: 'd', status: 'Approved' });
    world.azure.control.seed({ targetId: disk, connectionName: 'e', status: 'Pending' });
    const first = await ask(world, { query, options: { $top: 2 } });
    const second = await ask(world, {
      query,
      options: { $top: 2, $skipToken: first.body['$skipToken'] ?? '' },
    });
    const rows = [first, second].flatMap(({ body }) => body['data'] as Json[]);
    expect(rows).toEqual(ids.map((connectionId) => ({ connectionId, targetId: vault, status: 'Pending' })));
    expect(second.body['$skipToken']).toBeUndefined();
    expect(first.headers['x-ms-user-quota-remaining']).toMatch(/^\d+$/);
    expect((await ask(world, { query, subscriptions: [somebodyElse.objectId] })).body['data']).toEqual([]);
  });

  test.each(['resources | project id', `${query} | where name in~ ('x')`])(
    'is a loud 501 for what it does not know: %s',
    async (unknown) => {
      const reply = await ask(createTestAzure(), { query: unknown });
      expect(reply.status).toBe(501);
    },
  );
});

describe('Application Insights ingestion', () => {
  const items = [
    { name: 'Event', data: { a: 1 } },
    { name: 'Event', data: { a: 2 } },
  ];
  const lines = items.map((item) => JSON.stringify(item)).join('\n');

  test.each([
    ['lines', {}, Buffer.from(lines)],
    ['an array', {}, Buffer.from(JSON.stringify(items))],
    ['compressed lines', { 'content-encoding': 'gzip' }, gzipSync(lines)],
  ])('takes %s and keeps them', async (_what, headers, body) => {
    const heard: unknown[] = [];
    const { azure } = createTestAzure({ onTelemetry: (envelope) => heard.push(envelope) });
    const reply = replyOf(
      await azure.router.handle({ method: 'POST', url: `${origin}/v2.1/track`, headers, body }),
    );
    expect(reply.body).toEqual({ itemsReceived: 2, itemsAccepted: 2, errors: [] });
    expect(azure.ingestion.envelopes).toEqual(items);
    expect(heard).toEqual(items);
  });

  test('what is no JSON is refused', async () => {
    const { azure } = createTestAzure();
    const reply = await azure.router.handle({
      method: 'POST',
      url: `${origin}/v2.1/track`,
      headers: {},
      body: Buffer.from('no'),
    });
    expect(replyOf(reply).status).toBe(400);
  });
});
