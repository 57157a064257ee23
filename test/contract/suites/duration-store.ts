import { withObservation, emptyHistogram } from '../../../src/operations/pace/duration-histogram';
import type { DurationStore, WriteKind } from '../../../src/operations/pace/duration-store';

/** What every store of learned durations must do. `create` gives an empty one. */
export function durationStoreContract(name: string, create: () => DurationStore): void {
  describe(`${name} as a store of durations`, () => {
    const approvals: WriteKind = { type: 'Microsoft.KeyVault/vaults', effect: 'approve' };
    const deletions: WriteKind = { ...approvals, effect: 'delete' };
    const histogram = withObservation(emptyHistogram, { from: 30, to: 30 });

    test('an empty store holds nothing', async () => {
      expect(await create().load()).toEqual([]);
    });

    test('what was saved is loaded, each kind of write with the version that the save returned', async () => {
      const store = create();
      const version = await store.save({ kind: approvals, histogram });
      await store.save({ kind: deletions, histogram });
      const loaded = await store.load();
      expect(loaded).toHaveLength(2);
      expect(loaded).toContainEqual({ kind: approvals, histogram, version });
    });

    test('the returned version is enough for the next save', async () => {
      const store = create();
      const version = await store.save({ kind: approvals, histogram });
      const next = withObservation(histogram, { from: 60, to: 60 });
      await store.save({ kind: approvals, histogram: next, version });
      const [row] = await store.load();
      expect([...(row?.histogram.weights.keys() ?? [])]).toEqual([...next.weights.keys()]);
    });

    test('of two who change the same version, the second is told of the conflict', async () => {
      const store = create();
      const version = await store.save({ kind: approvals, histogram });
      const conflict = { code: 'STORE_CONFLICT' };
      await expect(store.save({ kind: approvals, histogram })).rejects.toMatchObject(conflict);
      await store.save({ kind: approvals, histogram, version });
      await expect(store.save({ kind: approvals, histogram, version })).rejects.toMatchObject(conflict);
    });
  });
}
