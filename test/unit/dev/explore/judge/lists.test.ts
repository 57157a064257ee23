import { localRequest, localTenantId, type LocalReply } from '../../../../../dev/azure';
import { governed, governedList } from '../../../../../dev/chaos/plan/governed';
import { ListLaw } from '../../../../../dev/explore/judge/lists';

const [first = '', second = ''] = governed;
const hourMs = 3_600_000;

function createLaw() {
  const time = { nowMs: Date.UTC(2026, 0, 5) };
  const law = new ListLaw(() => time.nowMs, { lagMs: 90_000, clockMs: 10_000 });
  const query = localRequest(
    'POST',
    'https://management.azure.com/providers/Microsoft.ResourceGraph/resources',
    {
      body: { query: "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id" },
    },
  );
  const show = (rows: readonly object[], more: object = {}): void =>
    law.onReply(query, replyOf({ data: rows, ...more }));
  const store = (entries: readonly string[]): string | undefined =>
    law.onRow({
      partitionKey: 'lists',
      rowKey: governedList.name,
      snapshot: JSON.stringify({ readAt: new Date(time.nowMs).toISOString() }),
      snapshotEntries: entries.join(','),
    });
  return { law, time, show, store };
}

function replyOf(body: object): LocalReply {
  return { kind: 'response', status: 200, headers: {}, body: JSON.stringify(body) };
}

function row(subscriptionId: string, changed: object = {}): object {
  const groups = JSON.stringify([{ name: governedList.group, displayName: 'Corporate' }]);
  return {
    subscriptionId,
    tenantId: localTenantId,
    groups,
    tags: JSON.stringify(governedList.tag),
    ...changed,
  };
}

test('what a complete listing showed may be stored, and admits its subscriptions only', () => {
  const { law, show, store } = createLaw();
  show([row(first), row(second, { tags: '' })]);
  expect(store([first])).toBeUndefined();
  expect([first, second].map((id) => law.admits(`/subscriptions/${id}/resourceGroups/network`))).toEqual([
    true,
    false,
  ]);
});

test.each([
  ['a listing with a row that cannot be read', [row(first), row(second, { tags: '{"order":7}' })], {}],
  ['one page of several', [row(first)], { $skipToken: 'more' }],
  ['a subscription of another tenant', [row(first, { tenantId: second })], {}],
  ['a subscription of another group', [row(first, { groups: '[{"name":"other"}]' })], {}],
])('%s justifies no entry', (_, rows, more) => {
  const { show, store } = createLaw();
  show(rows, more);
  expect(store([first])).toMatch(/1 entries, which no complete listing has shown/);
});

test('an empty list is never taken', () => {
  const { show, store } = createLaw();
  show([row(first, { tags: '' })]);
  expect(store([])).toMatch(/empty/);
});

test('an earlier list admits for as long as it may be in hand, and none for longer than its age allows', () => {
  const { law, time, show, store } = createLaw();
  const admits = (id: string): boolean => law.admits(`/subscriptions/${id}`);
  show([row(first)]);
  store([first]);
  show([row(second)]);
  time.nowMs += 60_000;
  store([second]);
  time.nowMs += 80_000;
  expect([admits(first), admits(second)]).toEqual([true, true]);
  time.nowMs += 20_000;
  expect([admits(first), admits(second)]).toEqual([false, true]);
  time.nowMs += hourMs;
  expect(admits(second)).toBe(false);
});
