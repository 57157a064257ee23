import type { LimitStore } from '../../../src/review/limits/limit-store';

/** What every store of limits must do. `create` gives an empty one. */
export function limitStoreContract(name: string, create: () => LimitStore): void {
  describe(`${name} as a store of limits`, () => {
    const begun = [{ decisionId: 'd1', at: '2026-01-05T12:00:00.000Z' }];

    test('a kind never stored is empty', async () => {
      expect(await create().load('rejects')).toEqual({ begun: [], lifts: 0 });
    });

    test('what was saved is loaded, with a version, and for its kind only', async () => {
      const store = create();
      const state = { begun, reachedAt: '2026-01-05T12:00:01.000Z', lifts: 2 };
      await store.save('rejects', state);
      expect(await store.load('rejects')).toEqual({ ...state, version: expect.any(String) });
      expect(await store.load('deletes')).toEqual({ begun: [], lifts: 0 });
    });

    test('what is absent in a newer state is gone', async () => {
      const store = create();
      await store.save('deletes', { begun, reachedAt: '2026-01-05T12:00:01.000Z', lifts: 0 });
      const { version } = await store.load('deletes');
      await store.save('deletes', { begun: [], lifts: 1, version });
      expect(await store.load('deletes')).toEqual({ begun: [], lifts: 1, version: expect.any(String) });
    });

    test('of two who change the same version, the second is told of the conflict', async () => {
      const store = create();
      await store.save('rejects', { begun, lifts: 0 });
      await expect(store.save('rejects', { begun: [], lifts: 0 })).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
      const { version } = await store.load('rejects');
      await store.save('rejects', { begun: [], lifts: 0, version });
      await expect(store.save('rejects', { begun, lifts: 5, version })).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
      });
      expect((await store.load('rejects')).lifts).toBe(0);
    });

    test('the writes of a busy hour fit', async () => {
      const store = create();
      const many = Array.from({ length: 500 }, (_, index) => ({
        decisionId: `${index}`.padStart(32, 'f'),
        at: '2026-01-05T12:00:00.000Z',
      }));
      await store.save('revocations', { begun: many, lifts: 0 });
      expect((await store.load('revocations')).begun).toEqual(many);
    });
  });
}
