import { TableClient } from '@azure/data-tables';
import { randomBytes } from 'node:crypto';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { createStorageClients } from '../../../src/azure/storage/clients';
import { TableConsoleIndex } from '../../../src/azure/storage/tables/console-index';
import { systemClock } from '../../../src/base/clock';
import { FakeConsoleIndex } from '../../support/fakes/fake-console-index';
import { consoleIndexContract, openEntry } from '../suites/console-index';

let azurite: RunningAzurite;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.close());

consoleIndexContract('FakeConsoleIndex', () => new FakeConsoleIndex());
consoleIndexContract('TableConsoleIndex', () => open().index);

function open() {
  const name = `console${randomBytes(6).toString('hex')}`;
  const access = { kind: 'connectionString', connectionString: azurite.connectionString } as const;
  const index = new TableConsoleIndex(createStorageClients(access, systemClock).table(name));
  const table = TableClient.fromConnectionString(azurite.connectionString, name, {
    allowInsecureConnection: true,
  });
  return { index, table };
}

test.each([{ state: 'mine' }, { rules: 'x' }, { rules: '{}' }, { firstSeen: 'yesterday' }, { mode: 'x' }])(
  'an entry that somebody has spoiled (%j) is left out, and the others are shown',
  async (change) => {
    const { index, table } = open();
    await index.change([1, 2].map((number) => ({ kind: 'put', entry: openEntry(number) })));
    const { key } = openEntry(1);
    await table.updateEntity({ partitionKey: 'open|held', rowKey: key, ...change }, 'Merge');
    const { items } = await index.open(['held'], undefined, 50);
    expect(items.map(({ decisionId }) => decisionId)).toEqual(['d2']);
  },
);

test('thousands of open connections page with one query each', async () => {
  const { index, table } = open();
  await index.change([{ kind: 'put', entry: openEntry(0) }]);
  const { rules, ...columns } = openEntry(0);
  for (let start = 0; start < 5_000; start += 100) {
    await table.submitTransaction(
      Array.from({ length: 100 }, (_, offset) => {
        const { key, firstSeen, decisionId } = openEntry(start + offset);
        const row = { ...columns, firstSeen, decisionId, rules: JSON.stringify(rules) };
        return ['upsert', { ...row, partitionKey: 'open|held', rowKey: key }];
      }),
    );
  }
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const page = await index.open(['held'], after, 50);
    for (const { key } of page.items) seen.add(key);
    after = page.next;
  } while (after !== undefined);
  expect(seen.size).toBe(5_000);
  expect(await index.count(['held'], 1_001)).toBe(1_001);
});
