import { snapshotOf } from '../../../src/policy/lists/list-snapshot';
import type { ListState } from '../../../src/policy/lists/list-state';
import type { ListStore } from '../../../src/review/lists/list-store';

const readAt = '2026-01-05T12:00:00.000Z';
const tenantId = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const idOf = (number: number): string => `0f0f0f0f-0f0f-4f0f-8f0f-${String(number).padStart(12, '0')}`;

function stateOf(entries: number, change: Partial<ListState> = {}): ListState {
  const ids = Array.from({ length: entries }, (_, index) => idOf(index));
  return {
    source: 'subscriptionsUnder corp',
    maxAgeSeconds: 86_400,
    snapshot: snapshotOf({ tenantId, entries: ids, readAt }),
    ...change,
  };
}

/** What every store of managed lists must do. `create` gives an empty one. */
export function listStoreContract(name: string, create: () => ListStore): void {
  describe(`${name} as a store of managed lists`, () => {
    test('a list that was never stored has no state', async () => {
      const store = create();
      await store.save({ name: 'other', state: stateOf(1) });
      expect(await store.load('zones')).toBeUndefined();
    });

    test('everything that was saved is loaded, with a version', async () => {
      const store = create();
      const state = stateOf(2, {
        changed: { at: readAt, came: 2, went: 0 },
        aside: { snapshot: snapshotOf({ tenantId, entries: [idOf(7)], readAt }), since: readAt },
        stale: { since: readAt, problem: 'ARM is away, "now"' },
      });
      await store.save({ name: 'zones', state });
      expect(await store.load('zones')).toEqual({ name: 'zones', state, version: expect.any(String) });
    });

    test('what is absent in a newer state is gone', async () => {
      const store = create();
      await store.save({ name: 'zones', state: stateOf(900, { stale: { since: readAt, problem: 'away' } }) });
      const before = await store.load('zones');
      const state = stateOf(0);
      await store.save({ name: 'zones', state, version: before?.version });
      expect((await store.load('zones'))?.state).toEqual(state);
    });

    test('two snapshots of the largest list fit', async () => {
      const store = create();
      const { snapshot } = stateOf(5_000);
      const state = stateOf(5_000, snapshot && { aside: { snapshot, since: readAt } });
      await store.save({ name: 'zones', state });
      expect((await store.load('zones'))?.state).toEqual(state);
    });

    test('all lists are found, and removed ones are gone', async () => {
      const store = create();
      for (const each of ['zones', 'sandboxes', 'partners'])
        await store.save({ name: each, state: stateOf(1) });
      await store.remove('sandboxes');
      await store.remove('sandboxes');
      expect((await store.all()).map((each) => each.name)).toEqual(['partners', 'zones']);
    });

    test('of two who change the same version, the second gets a conflict', async () => {
      const store = create();
      await store.save({ name: 'zones', state: stateOf(1) });
      await expect(store.save({ name: 'zones', state: stateOf(2) })).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
      const version = (await store.load('zones'))?.version;
      await store.save({ name: 'zones', state: stateOf(3), version });
      await expect(store.save({ name: 'zones', state: stateOf(4), version })).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
      await store.remove('zones');
      await expect(store.save({ name: 'zones', state: stateOf(4), version })).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
    });
  });
}
