import { calm, following, idleAfter, nextReading } from '../../../../../console/api/pace';

test.each([
  ['somebody is there', calm, true, 0, 20_000],
  ['nobody has moved for just less than ten minutes', calm, true, idleAfter - 1, 20_000],
  ['nobody has moved for ten minutes', calm, true, idleAfter, 60_000],
  ['an answer is carried out', following, true, 0, 3000],
  ['nobody follows it any more', following, true, idleAfter, 20_000],
  ['nobody can see it', following, false, 0, undefined],
])('%s', (_when, pace, isVisible, idleMs, expected) => {
  expect(nextReading(pace, isVisible, 1000, 1000 + idleMs)).toBe(expected);
});
