import type { ConsoleIndex } from '../../../src/console/index/console-index';
import { openKey, type OpenEntry, type RecentEntry } from '../../../src/console/index/entries';
import { sampleConnection, sampleTarget } from '../../../dev/lib/samples';

/** Returns an entry of the index; a larger number is younger. */
export function openEntry(number: number, changes: Partial<OpenEntry> = {}): OpenEntry {
  const connection = sampleConnection(`pe-${number}`).id;
  const firstSeen = new Date(Date.UTC(2026, 0, 5) + number * 1000).toISOString();
  return {
    key: openKey(firstSeen, connection),
    state: 'held',
    connection,
    target: sampleTarget().id,
    targetType: 'Microsoft.KeyVault/vaults',
    message: "it's <b>urgent</b> 👍",
    status: 'Pending',
    firstSeen,
    rules: ['one', 'two'],
    reason: 'A person decides',
    effect: 'hold',
    mode: 'enforce',
    decisionId: `d${number}`,
    at: '2026-01-05T12:00:00.000Z',
    ...changes,
  };
}

function recentEntry(number: number, changes: Partial<RecentEntry> = {}): RecentEntry {
  const at = new Date(Date.UTC(2026, 0, 5) + number * 1000).toISOString();
  return {
    key: `${9_999_999_999_999 - Date.parse(at)}|${String(number).padStart(32, '0')}`,
    connection: sampleConnection(`pe-${number}`).id,
    target: sampleTarget().id,
    kind: 'applied',
    effect: 'approve',
    rules: [],
    reason: 'Done',
    at,
    ...changes,
  };
}

const put = (entry: OpenEntry) => ({ kind: 'put', entry }) as const;

/** What every index of the console must do. `create` gives an empty one. */
export function consoleIndexContract(name: string, create: () => ConsoleIndex): void {
  describe(`${name} as an index of the console`, () => {
    test('is empty at first', async () => {
      const index = create();
      expect(await index.open(['held'], undefined, 50)).toEqual({ items: [], next: undefined });
      expect(await index.recent('2026-01-05', undefined, 50)).toEqual({ items: [], next: undefined });
      expect(await index.count(['held'], 10)).toBe(0);
    });

    test('gives back what was put, the oldest first, by state', async () => {
      const index = create();
      const bare = openEntry(3, {
        endpoint: undefined,
        message: undefined,
        decisionId: undefined,
        rules: [],
      });
      await index.change([
        put(openEntry(2)),
        put(bare),
        put(openEntry(1)),
        put(openEntry(4, { state: 'working' })),
      ]);
      const { items } = await index.open(['held'], undefined, 50);
      expect(items.map((item) => JSON.parse(JSON.stringify(item)) as unknown)).toEqual(
        [openEntry(1), openEntry(2), bare].map((item) => JSON.parse(JSON.stringify(item)) as unknown),
      );
      expect((await index.open(['held', 'working'], undefined, 50)).items).toHaveLength(4);
    });

    test('an entry moves from state to state, and is removed, once or twice', async () => {
      const index = create();
      await index.change([put(openEntry(1))]);
      await index.change([put(openEntry(1, { state: 'limited', message: undefined }))]);
      expect((await index.open(['held'], undefined, 50)).items).toEqual([]);
      const { items } = await index.open(['limited'], undefined, 50);
      expect(items.map(({ message }) => message)).toEqual([undefined]);
      const { key } = openEntry(1);
      await index.change([{ kind: 'remove', key }]);
      await index.change([{ kind: 'remove', key }]);
      expect((await index.open(['limited'], undefined, 50)).items).toEqual([]);
    });

    test('a repeated decision brings back a lost entry, and changes nothing but the time of another', async () => {
      const index = create();
      const at = '2026-01-06T00:00:00.000Z';
      await index.change([put(openEntry(1, { state: 'given up' }))]);
      await index.change([1, 2].map((number) => ({ kind: 'touch', entry: openEntry(number, { at }) })));
      const { items } = await index.open(['held', 'given up'], undefined, 50);
      expect(items.map((item) => [item.state, item.at])).toEqual([
        ['given up', at],
        ['held', at],
      ]);
    });

    test('pages meet, and neither repeat nor leave out an entry', async () => {
      const index = create();
      await index.change(Array.from({ length: 23 }, (_, number) => put(openEntry(number))));
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await index.open(['held'], after, 5);
        seen.push(...page.items.map(({ decisionId }) => decisionId ?? ''));
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual(Array.from({ length: 23 }, (_, number) => `d${number}`));
      expect([await index.count(['held'], 100), await index.count(['held'], 7)]).toEqual([23, 7]);
    });

    test('the ends of a day are read newest first, once each, and forgotten', async () => {
      const index = create();
      await index.addEnds([recentEntry(1), recentEntry(3), recentEntry(2, { by: 'Ada', rules: ['r'] })]);
      await index.addEnds([recentEntry(3), recentEntry(100_000)]);
      const first = await index.recent('2026-01-05', undefined, 2);
      expect(first.items.map(({ at }) => at.slice(17, 19))).toEqual(['03', '02']);
      const second = await index.recent('2026-01-05', first.next, 2);
      expect(second).toMatchObject({ items: [{ connection: sampleConnection('pe-1').id }], next: undefined });
      await index.forgetDay('2026-01-05', 2);
      expect((await index.recent('2026-01-05', undefined, 5)).items).toHaveLength(1);
      expect((await index.recent('2026-01-06', undefined, 5)).items).toHaveLength(1);
    });

    test('two writers at once leave the entry of one of them', async () => {
      const index = create();
      const states = ['held', 'working', 'limited', 'given up'] as const;
      await Promise.all(states.map((state) => index.change([put(openEntry(1, { state }))])));
      expect((await index.open(states, undefined, 50)).items).toHaveLength(1);
    });
  });
}
