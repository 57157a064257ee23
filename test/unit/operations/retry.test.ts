import { backoffSeconds, redoAt, retryAt } from '../../../src/operations/retry';

const ended = new Date('2026-01-05T12:00:00Z');
const minutesAfter = (date: Date): number => (date.getTime() - ended.getTime()) / 60_000;

test('a failed attempt is repeated after 15 minutes, then four times as late each time, and after a day at the latest', () => {
  const waits = [1, 2, 3, 4, 5, 12].map((attempt) => minutesAfter(retryAt(attempt, ended)));
  expect(waits).toEqual([15, 60, 240, 960, 1440, 1440]);
});

test('a write that changed nothing is repeated at once, then a little later each time, and after 15 minutes at the latest', () => {
  const waits = [1, 2, 3, 4, 5, 6, 40].map((attempt) => minutesAfter(redoAt(attempt, ended)));
  expect(waits).toEqual([0, 1, 2, 4, 8, 15, 15]);
});

test('a back-off doubles in whole seconds, from one second up to its cap', () => {
  expect([0, 1, 2, 3, 4, 30].map((attempt) => backoffSeconds(attempt, 10, 100))).toEqual([
    10, 20, 40, 80, 100, 100,
  ]);
  expect([0, 1, 2].map((attempt) => backoffSeconds(attempt, 0.3, 100))).toEqual([1, 1, 2]);
  expect(backoffSeconds(5_000, 1, 1e9)).toBe(65_536);
});
