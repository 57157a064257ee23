import fc from 'fast-check';
import { createIds } from '../../../../../dev/explore/storage/ids';

const start = Date.parse('2026-01-05T12:00:00.000Z');

test('ids differ, even if chance always gives the same', () => {
  const ids = createIds(
    () => start,
    () => 0.999_999,
  );
  const given = Array.from({ length: 1_000 }, () => ids.uuid());
  expect(new Set(given).size).toBe(1_000);
  for (const id of given) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test('ids and time stamps depend on nothing but the clock and chance', () => {
  const given = [1, 2].map(() => {
    let draws = 0;
    const ids = createIds(
      () => start,
      () => (draws += 1) / 1_000,
    );
    return Array.from({ length: 20 }, () => [ids.uuid(), ids.timestamp()]);
  });
  expect(given[0]).toEqual(given[1]);
});

test('a time stamp shows the clock', () => {
  const ids = createIds(
    () => start + 0.75,
    () => 0,
  );
  expect(ids.timestamp()).toBe('2026-01-05T12:00:00.0000000Z');
  expect(ids.timestamp()).toBe('2026-01-05T12:00:00.0000001Z');
});

test('time stamps grow, also more than ten thousand in a millisecond and while the clock goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 30 }), (moves) => {
      let now = start;
      const ids = createIds(
        () => now,
        () => 0,
      );
      let last = '';
      for (const move of moves) {
        now += move;
        for (let stamp = 0; stamp < 5_000; stamp += 1) {
          const next = ids.timestamp();
          if (next <= last) throw new Error(`${next} after ${last}`);
          last = next;
        }
      }
    }),
    { numRuns: 10 },
  );
});
