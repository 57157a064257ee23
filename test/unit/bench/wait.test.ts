import { isMet } from '../../../bench/report/part';
import { tableText } from '../../../bench/report/table';
import { goalsOf, tableOf } from '../../../bench/wait/part';
import type { Waited } from '../../../bench/wait/wait-once';
import { ownStoreTypes } from '../../../src/connections/target-type';

function waited(some: Partial<Waited>): Waited {
  const usual = { lateSeconds: 4, requestedSeconds: 10, gaps: [10, 10], polls: 3, durationSeconds: 40 };
  return { type: 'Microsoft.KeyVault/vaults', ...usual, ...some };
}

const all = ownStoreTypes.flatMap((type) => [
  waited({ type }),
  waited({ type, lateSeconds: 30, durationSeconds: 100 }),
  waited({ type, lateSeconds: 1, durationSeconds: 10 }),
]);

test('the delay is a share of each operation’s own duration, and its median counts', () => {
  expect(goalsOf(all).map(({ measured }) => measured)).toEqual([0.1, 0.1, 0.1, 0.1]);
  expect(goalsOf(all).every(isMet)).toBe(true);
});

test('one type that is late misses its goal, and only its own', () => {
  const late = [1, 2, 3].map(() => waited({ lateSeconds: 7 }));
  const others = all.filter(({ type }) => type !== 'Microsoft.KeyVault/vaults');
  const missed = goalsOf([...late, ...others]).filter((goal) => !isMet(goal));
  expect(missed).toEqual([expect.objectContaining({ measured: 0.175 })]);
  expect(missed[0]?.what).toContain('Microsoft.KeyVault/vaults');
});

test('a type of which nothing was approved meets no goal', () => {
  expect(goalsOf([]).some(isMet)).toBe(false);
});

test('the table has a row of each type', () => {
  const row = '| Microsoft.Compute/diskAccesses | 3 | 40.0 | 10.0 | 10.0 | 3.0 | 4.0 | 30.0 | 0.10 |';
  expect(tableText(tableOf(all))).toContain(row);
});
