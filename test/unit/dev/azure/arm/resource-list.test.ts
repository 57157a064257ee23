import { localSubscriptionId } from '../../../../../dev/azure/index';
import { createTestAzure, type TestAzure } from '../../../../support/rigs/local-azure-world';

const vaults = "$filter=resourceType eq 'Microsoft.KeyVault/vaults'";
const list = (world: TestAzure, query: string) =>
  world.arm('GET', `/subscriptions/${localSubscriptionId}/resources?${query}&api-version=2021-04-01`);

test('a subscription lists its resources of one type in pages, without the properties of their providers', async () => {
  const world = createTestAzure({ world: { resourcePageSize: 2 } });
  for (const name of ['kv-1', 'kv-2', 'kv-3']) await world.target('vault', name);
  await world.target('disk');
  const first = await list(world, vaults);
  expect(first.body).toEqual({
    value: ['kv-1', 'kv-2'].map((name) => ({
      id: expect.stringMatching(new RegExp(`/Microsoft.KeyVault/vaults/${name}$`)) as string,
      name,
      type: 'Microsoft.KeyVault/vaults',
      location: 'westeurope',
      tags: { env: 'prod' },
    })),
    nextLink: expect.stringContaining('/resources?') as string,
  });
  const second = await world.arm('GET', first.body['nextLink'] as string);
  expect(second.body).toMatchObject({ value: [{ name: 'kv-3' }] });
  expect(second.body).not.toHaveProperty('nextLink');
});

test('the read budget of the subscription pays for it', async () => {
  const { headers } = await list(createTestAzure(), vaults);
  expect(headers).toHaveProperty('x-ms-ratelimit-remaining-subscription-reads');
});

test.each(['$top=1', "$filter=name eq 'x'"])('what it does not support is a loud 501: %s', async (query) => {
  expect((await list(createTestAzure(), query)).status).toBe(501);
});

test('a page that does not exist is refused', async () => {
  expect((await list(createTestAzure(), `${vaults}&$skiptoken=x`)).status).toBe(400);
});
