import fc from 'fast-check';
import { longestPaceSeconds, nextPollAt } from '../../../../src/operations/pace/next-poll';

/** The times of all polls until `end`, of an operation that never ends. */
function polls(durations: readonly number[], gap: number, end: number): readonly number[] {
  const times: number[] = [];
  for (let elapsed = 0; elapsed < end;) {
    elapsed = nextPollAt({ durations, elapsed, gap });
    times.push(elapsed);
  }
  return times;
}

const vaults = [32.4, 34.9, 35.7, 36.4, 37.2, 37.9, 38.7, 39.5, 40.3, 41.1, 42.5, 44.7];

describe('the time of the next poll', () => {
  test('operations that take about as long as each other are polled once, when most have ended', () => {
    expect(polls(vaults, 10, 50)).toEqual([43, 53]);
  });

  test('operations that always take as long are polled right then', () => {
    expect(polls([40, 40, 40, 40], 10, 40)).toEqual([40]);
  });

  test('of operations that are either fast or slow, both are met', () => {
    expect(polls([30, 30, 30, 30, 90, 90, 90, 90], 10, 90)).toEqual([30, 90]);
  });

  test('beyond the usual durations no wait is longer than twice the time that has passed', () => {
    expect(polls([12, 12, 12, 12, 12, 12, 12, 4_000], 10, 1_000)).toEqual([
      12, 36, 108, 324, 624, 924, 1_224,
    ]);
  });

  test('a long minimum is waited for, and the next poll comes late enough to be the last', () => {
    expect(polls([155, 158, 160, 162, 165], 60, 160)).toEqual([165]);
  });

  test('of operations of which nothing is known, the waits grow with the time that has passed', () => {
    expect(polls([], 10, 150)).toEqual([10, 20, 30, 40, 52, 68, 89, 116, 151]);
  });

  test('an operation that takes a hundred times as long as usual is polled less and less often', () => {
    const times = polls(vaults, 10, 4_000);
    expect(times.length).toBeLessThan(26);
    expect(times.at(-1)! - times.at(-2)!).toBe(longestPaceSeconds);
  });
});

describe('whatever durations are told', () => {
  const duration = fc.oneof(
    fc.double({ min: 0, max: 100, noNaN: true }),
    fc.double({ min: 0, max: 1e9, noNaN: true }),
  );
  const durations = fc
    .array(duration, { maxLength: 12 })
    .map((all) => all.toSorted((one, other) => one - other));
  const gap = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.double({ min: 1, max: 3_600, noNaN: true }));
  const elapsed = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 100_000 }));

  test('a poll is never sooner than the minimum, and never later than the bound', () => {
    fc.assert(
      fc.property(durations, elapsed, gap, (all, at, least) => {
        const next = nextPollAt({ durations: all, elapsed: at, gap: least });
        expect(next).toBeGreaterThanOrEqual(at + least);
        expect(next).toBeLessThanOrEqual(Math.ceil(at + Math.max(least, longestPaceSeconds)));
        expect(Number.isInteger(next)).toBe(true);
      }),
    );
  });

  test('the later the last poll, the later the next one', () => {
    fc.assert(
      fc.property(durations, elapsed, fc.integer({ min: 0, max: 100 }), gap, (all, at, more, least) => {
        // Before the first poll nothing has passed that a wait could be too long for.
        fc.pre(at > 0);
        const one = nextPollAt({ durations: all, elapsed: at, gap: least });
        const other = nextPollAt({ durations: all, elapsed: at + more, gap: least });
        expect(other).toBeGreaterThanOrEqual(one);
      }),
    );
  });

  test('until a deadline there is a bounded number of polls', () => {
    fc.assert(
      fc.property(durations, gap, fc.integer({ min: 1, max: 7_200 }), (all, least, deadline) => {
        const times = polls(all, least, deadline);
        const known = all.length;
        // One poll right after each known duration and one more for it, a growing wait beyond them,
        // and one poll every five minutes.
        const growing = 4 + Math.log(1_000) / Math.log(1.3);
        expect(times.length).toBeLessThanOrEqual(2 * known + growing + deadline / longestPaceSeconds + 1);
        expect(times.length).toBeLessThanOrEqual(Math.ceil(deadline / least) + 1);
      }),
    );
  });
});
