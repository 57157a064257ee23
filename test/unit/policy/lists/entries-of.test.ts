import type { SubscriptionDetails } from '../../../../src/connections/subscription-reader';
import { type ListSources, readingOf } from '../../../../src/policy/lists/entries-of';

const own = '10000000-0000-0000-0000-000000000000';
const customers = '20000000-0000-0000-0000-000000000000';
const readAt = '2026-03-01T12:00:00.000Z';
const corp = { group: 'corp', tags: {} };
const idOf = (number: number): string => `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;

function subscription(number: number, change: Partial<SubscriptionDetails> = {}): SubscriptionDetails {
  return {
    subscriptionId: idOf(number),
    name: 'anything',
    tenantId: own,
    tags: {},
    managementGroups: ['corp', own],
    ...change,
  };
}

function read(
  subscriptions: readonly SubscriptionDetails[],
  groups: ListSources['groups'] = [{ name: 'corp', tenantId: own }],
  source: Parameters<typeof readingOf>[0] = corp,
): unknown {
  const reading = readingOf(source, { groups, subscriptions, readAt });
  return reading.kind === 'whole' ? reading.snapshot.entries : reading.problem;
}

test('a list has the subscriptions below its group, at any depth, sorted', () => {
  const below = { managementGroups: ['online', 'landingzones', 'corp', own] };
  expect(
    read([subscription(2, below), subscription(1), subscription(3, { managementGroups: [own] })]),
  ).toEqual([idOf(1), idOf(2)]);
});

test('the id of the group is compared without case, and whole', () => {
  const chains = ['CORP', 'corporate', 'corp-old', 'my-corp', 'c\u043erp', 'corp ', ''];
  const all = chains.map((name, index) => subscription(index, { managementGroups: [name] }));
  expect(read(all)).toEqual([idOf(0)]);
  expect(read([subscription(1)], [{ name: 'Corp', tenantId: own }], { group: 'coRP', tags: {} })).toEqual([
    idOf(1),
  ]);
});

test('a group that is not visible fails the reading, whatever subscriptions are listed', () => {
  expect(read([subscription(1)], [])).toBe('the management group corp is not visible');
  expect(read([subscription(1)], [{ name: 'corporate', tenantId: own }])).toContain('is not visible');
});

test('subscriptions that customers delegate are no entries, even below a group of the same id', () => {
  expect(read([subscription(1), subscription(2, { tenantId: customers })])).toEqual([idOf(1)]);
});

test('groups of two tenants with one id fail the reading', () => {
  const groups = [own, customers].map((tenantId) => ({ name: 'corp', tenantId }));
  expect(read([subscription(1)], groups)).toBe('management groups of two tenants have the id corp');
});

test('a subscription must have all tags: names without case, values with case', () => {
  const source = { group: 'corp', tags: { env: 'prod', Team: 'Web' } };
  const tagged = (number: number, tags: Record<string, string>) => subscription(number, { tags });
  const all = [
    tagged(1, { ENV: 'prod', team: 'Web', other: 'x' }),
    tagged(2, { env: 'prod' }),
    tagged(3, { env: 'Prod', team: 'Web' }),
    tagged(4, { env: 'prod', Env: 'dev', team: 'Web' }),
    tagged(5, { environment: 'prod', team: 'Web' }),
  ];
  expect(read(all, undefined, source)).toEqual([idOf(1)]);
});

test('more subscriptions than the limit fail the reading: a list is never cut', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => subscription(index));
  expect(read(many(5_000))).toHaveLength(5_000);
  expect(read(many(5_001))).toBe('5001 subscriptions are more than the limit of 5000');
});

test('no subscription at all is an empty reading, which the state of the list judges', () => {
  expect(read([])).toEqual([]);
});
