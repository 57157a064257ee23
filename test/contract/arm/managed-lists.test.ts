import type { HttpClient } from '@azure/core-rest-pipeline';
import { createArm } from '../../../src/azure/arm/arm';
import { systemClock } from '../../../src/base/clock';
import { readingOf } from '../../../src/policy/lists/entries-of';
import { createOwnSubscriptions } from '../../../src/review/facts/own-subscriptions';
import { createLocalAzure, localIdentity, localTenantId, type InProcessAzure } from '../../../dev/azure';

const shop = '21111111-1111-4111-8111-111111111111';
const sandbox = '22222222-2222-4222-8222-222222222222';
const lookAlike = '23333333-3333-4333-8333-333333333333';
const delegated = '24444444-4444-4444-8444-444444444444';
const customer = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';

const group = (name: string, displayName = name) => ({ name, displayName });

let azure: InProcessAzure;
afterEach(() => azure.close());

/** What Resource Graph answers for subscriptions. */
interface Page {
  readonly data: readonly Record<string, unknown>[];
  readonly $skipToken?: string;
  readonly resultTruncated?: string;
}

function open(
  deny: readonly { action: string; scope: string }[] = [],
  changePage: (page: Page) => Page = (page) => page,
) {
  azure = createLocalAzure({
    foreignTenants: { [customer]: [delegated] },
    places: {
      [shop]: { tags: { Env: 'prod' }, groups: [group('corp-online'), group('Corp')] },
      [sandbox]: { tags: { env: 'dev' }, groups: [group('sandbox'), group('Corp')] },
      [lookAlike]: { groups: [group('corp-of-others', 'corp')] },
      [delegated]: { groups: [group('corp'), group('customers-own')], isDelegated: true },
    },
    roles: [{ principal: localIdentity.objectId, scope: '/', actions: ['*'] }],
    deny: deny.map((rule) => ({ ...rule, principal: localIdentity.objectId })),
  });
  const { credential } = azure;
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const response = await azure.httpClient.sendRequest(request);
      const isList =
        typeof request.body === 'string' && request.body.includes("'microsoft.resources/subscriptions'");
      if (!isList) return response;
      const page = changePage(JSON.parse(response.bodyAsText ?? '') as Page);
      return { ...response, bodyAsText: JSON.stringify(page) };
    },
  };
  const arm = createArm({ endpoint: 'https://management.azure.com', credential, httpClient });
  const { subscriptions, managementGroups } = arm;
  const own = createOwnSubscriptions({
    subscriptions,
    clock: systemClock,
    logger: { warn: () => undefined },
  });
  return {
    managementGroups,
    async read(source: Parameters<typeof readingOf>[0]) {
      const groups = await managementGroups.find([source.group]);
      const { all, readAt, problem } = await own.read();
      if (problem !== undefined) return problem;
      const reading = readingOf(source, { groups, subscriptions: all, readAt });
      return reading.kind === 'whole' ? reading.snapshot : reading.problem;
    },
  };
}

test('a list has the subscriptions of our tenant below the group, and its tenant', async () => {
  const { read } = open();
  expect(await read({ group: 'corp', tags: {} })).toMatchObject({
    tenantId: localTenantId,
    entries: [shop, sandbox],
  });
  expect(await read({ group: 'corp', tags: { env: 'prod' } })).toMatchObject({ entries: [shop] });
});

test('groups are found by their whole id, never by their display name, and only in our tenant', async () => {
  const { managementGroups } = open();
  const found = await managementGroups.find([
    'CORP',
    'customers-own',
    "x') or true or name in~ ('sandbox",
    'corp-of',
  ]);
  expect(found).toEqual([{ name: 'Corp', tenantId: localTenantId }]);
  expect(await managementGroups.find(["'"])).toEqual([]);
});

test('a group that may not be read fails the reading, although its subscriptions are listed', async () => {
  const { read } = open([
    {
      action: 'Microsoft.Management/managementGroups/read',
      scope: '/providers/Microsoft.Management/managementGroups/Corp',
    },
  ]);
  expect(await read({ group: 'corp', tags: {} })).toBe('the management group corp is not visible');
});

test.each<[string, (page: Page) => Page]>([
  [
    'cut, without a token to go on',
    (page) => ({ ...page, data: page.data.slice(0, 1), resultTruncated: 'true' }),
  ],
  [
    'with a row that is no subscription',
    (page) => ({ ...page, data: [...page.data, { subscriptionId: 'x' }] }),
  ],
  [
    'with a chain of groups that is cut',
    (page) => ({ ...page, data: page.data.map((row) => ({ ...row, groups: '[{"name":' })) }),
  ],
])('a page %s is no complete reading', async (_, changePage) => {
  const { read } = open([], changePage);
  const reading = await read({ group: 'corp', tags: {} }).catch((error: unknown) => String(error));
  expect(typeof reading).toBe('string');
});
