import { TableConsoleIndex } from '../../../../src/azure/storage/tables/console-index';
import { createOpenRoute } from '../../../../src/console/routes/open';
import { createRecentRoute } from '../../../../src/console/routes/recent';
import { openEntry } from '../../../contract/suites/console-index';
import { FakeClock, FakeOperationStore } from '../../../support/fakes';
import { CountedTable, type CountedRow } from '../../../support/fakes/counted-table';
import { person, ada } from '../../../support/console/console-rig';

const pageSize = 50;
const day = '2026-01-05';

const instantOf = (number: number): string => new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString();
const keyOf = (number: number): string => `${instantOf(number)}|${String(number).padStart(32, '0')}`;
const endKeyOf = (number: number): string => `${String(number).padStart(13, '0')}|${'0'.repeat(32)}`;
const { rules, ...columns } = openEntry(0);

/** A table with `many` held connections and as many ends of a day, and three entries in each other list. */
function tableWith(many: number): CountedTable {
  const table = new CountedTable();
  const fill = (count: number, rowOf: (number: number) => CountedRow): void =>
    table.fill(Array.from({ length: count }, (_each, number) => rowOf(number)));
  const common = { ...columns, rules: JSON.stringify(rules) };
  for (const state of ['held', 'working', 'limited', 'given up'])
    fill(state === 'held' ? many : 3, (number) => ({
      ...common,
      state,
      firstSeen: instantOf(number),
      partitionKey: `open|${state}`,
      rowKey: keyOf(number),
    }));
  fill(many, (number) => ({
    ...common,
    kind: 'applied',
    partitionKey: `recent|${day}`,
    rowKey: endKeyOf(number),
  }));
  return table;
}

function consoleOver(table: CountedTable) {
  const index = new TableConsoleIndex(table.open());
  const clock = new FakeClock(`${day}T13:00:00.000Z`);
  const open = createOpenRoute({ index, clock, operations: new FakeOperationStore() });
  const recent = createRecentRoute({ index, clock });
  const get = async (route: typeof open, query: string) => {
    const request = {
      method: 'GET',
      url: new URL(`https://postern.test/console/api/x?${query}`),
      header: () => undefined,
      body: () => Promise.resolve(new Uint8Array()),
    };
    const { body } = await route.answer(request, person(ada));
    return JSON.parse(String(body)) as { items: unknown[]; next?: string; count?: { n: number } };
  };
  return {
    open: (query: string) => get(open, query),
    recent: (query: string) => get(recent, query),
  };
}

const many = tableWith(100_000);

test('a page of 100,000 open connections reads as many rows as one of 51, and the first counts to 1,001', async () => {
  const few = tableWith(51);
  const after = `after=${encodeURIComponent(keyOf(0))}`;
  const later = await few.costOf(() => consoleOver(few).open(`state=held&${after}`));
  expect(later).toEqual({ calls: 1, examined: pageSize });
  for (const number of [0, 1, 49_999, 99_000]) {
    const query = `state=held&after=${encodeURIComponent(keyOf(number))}`;
    const cost = await many.costOf(() => consoleOver(many).open(query));
    expect(cost).toEqual({ calls: 1, examined: pageSize + 1 });
  }
  const page = await consoleOver(many).open('state=held');
  expect([page.items.length, page.count?.n]).toEqual([pageSize, 1_000]);
  const first = await many.costOf(() => consoleOver(many).open('state=held'));
  expect(first).toEqual({ calls: 3, examined: pageSize + 1 + 1_002 });
});

test.each(['working', 'limited', 'given up'])(
  'the list of what is %s costs the same, however many are held',
  async (state) => {
    const few = tableWith(50);
    const { items } = await consoleOver(many).open(`state=${state}`);
    expect(items).toHaveLength(3);
    const cost = { calls: 1, examined: 3 };
    expect(await few.costOf(() => consoleOver(few).open(`state=${state}`))).toEqual(cost);
    expect(await many.costOf(() => consoleOver(many).open(`state=${state}`))).toEqual(cost);
  },
);

test('a page of 100,000 ends of a day reads its own rows only', async () => {
  const cost = { calls: 1, examined: pageSize + 1 };
  expect(await many.costOf(() => consoleOver(many).recent(`day=${day}`))).toEqual(cost);
  const after = encodeURIComponent(endKeyOf(50_000));
  expect(await many.costOf(() => consoleOver(many).recent(`day=${day}&after=${after}`))).toEqual(cost);
});
