import { intervals } from '../../../bench/pace/part';
import {
  atInterval,
  havingLearned,
  knowingNothing,
  knowingOthers,
  latenessAt,
  type Outcome,
} from '../../../bench/pace/simulate';

const curve = intervals.map(atInterval);

describe.each([
  ['knowing nothing', knowingNothing()],
  ['knowing what was recorded of others', knowingOthers()],
  ['having learned', havingLearned()],
])('over the recorded operations, %s', (_, rule) => {
  test.each([
    ['median', (outcome: Outcome) => outcome.medianLateness],
    ['mean', (outcome: Outcome) => outcome.meanLateness],
  ])('the rule has a smaller %s lateness than any fixed interval with as many polls', (_kind, pick) => {
    expect(pick(rule)).toBeLessThan(latenessAt(rule.polls, curve, pick));
  });

  test('the rule makes fewer polls than the shortest interval', () => {
    expect(rule.polls).toBeLessThan(curve[0]!.polls);
  });
});

test('what is recorded saves nearly half of the polls of the shortest interval', () => {
  expect(knowingOthers().polls).toBeLessThan(curve[0]!.polls * 0.55);
});

test('learning makes polls both fewer and earlier', () => {
  const [before, after] = [knowingOthers(), havingLearned()];
  expect(after.polls).toBeLessThan(before.polls);
  expect(after.medianLateness).toBeLessThan(before.medianLateness);
});
