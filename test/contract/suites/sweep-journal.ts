import type { SweepJournal, SweepState } from '../../../src/review/sweep/journal';

const state: SweepState = {
  last: {
    startedAt: '2026-01-05T12:00:00.000Z',
    finishedAt: '2026-01-05T12:00:07.000Z',
    source: 'graph',
    connections: 12,
    targets: 7,
    asked: 5,
    inHand: 2,
    woken: 1,
    unread: 0,
  },
  policy: { digest: 'ab'.repeat(32), mode: 'enforce' },
  listedAt: '2026-01-05T00:00:00.000Z',
  graphTroubleAt: '2026-01-05T11:45:00.000Z',
};

/** What every sweep journal must do. `create` gives an empty one. */
export function sweepJournalContract(name: string, create: () => SweepJournal): void {
  describe(`${name} as a sweep journal`, () => {
    test('before the first sweep nothing is remembered', async () => {
      expect(await create().read()).toEqual({});
    });

    test('what was written is read again, every field of it', async () => {
      const journal = create();
      await journal.write(state);
      expect(await journal.read()).toEqual(state);
    });

    test('what is written replaces what was there, fields that are gone included', async () => {
      const journal = create();
      await journal.write(state);
      await journal.write({ policy: { digest: 'cd', mode: 'audit' } });
      expect(await journal.read()).toEqual({ policy: { digest: 'cd', mode: 'audit' } });
    });
  });
}
