import fc from 'fast-check';
import {
  bucketCount,
  bucketOf,
  emptyHistogram,
  histogramFrom,
  likelyDurations,
  mostWeight,
  type Observation,
  withObservation,
} from '../../../../src/operations/pace/duration-histogram';

const learned = (observations: readonly Observation[]) =>
  observations.reduce(withObservation, emptyHistogram);
const times = (count: number, observation: Observation): Observation[] =>
  Array.from({ length: count }, () => observation);
const middle = (observations: readonly Observation[]): number | undefined =>
  likelyDurations(learned(observations), 11)[5];

test('nothing learned says nothing', () => {
  expect(likelyDurations(emptyHistogram, 12)).toEqual([]);
});

test('what took 40 s each time takes 40 s, within the width of a bucket', () => {
  const durations = likelyDurations(learned(times(5, { from: 40, to: 40 })), 12);
  expect(durations).toHaveLength(12);
  for (const duration of durations) {
    expect(duration).toBeGreaterThan(40 / 1.1);
    expect(duration).toBeLessThan(40 * 1.1);
  }
});

test('what ended at once takes less than a second', () => {
  const durations = likelyDurations(learned([{ from: 0, to: 0.5 }]), 4);
  expect(durations[0]).toBeLessThan(0.5);
  expect(durations.at(-1)).toBeLessThanOrEqual(1);
});

test('of a span that begins within a bucket, only the part in it counts', () => {
  const { weights } = learned([{ from: 40, to: 50 }]);
  const [first, second, third] = [...weights.values()];
  // 38.05 to 41.5, 41.5 to 45.25, 45.25 to 49.35, 49.35 to 53.8
  expect(first! / second!).toBeCloseTo(0.435, 2);
  expect(third).toBeCloseTo(second!, 5);
  expect([...weights.keys()]).toEqual([bucketOf(40), bucketOf(42), bucketOf(46), bucketOf(50)]);
});

test('most of an operation is spread as earlier ones ended, a quarter evenly', () => {
  const before = learned([{ from: 42, to: 45 }]);
  const { weights } = withObservation(before, { from: 38.1, to: 49.3 });
  const [low, usual, high] = [39, 43, 47].map((seconds) => weights.get(bucketOf(seconds)) ?? 0);
  expect(low).toBeCloseTo(1 / 12, 2);
  expect(high).toBeCloseTo(1 / 12, 2);
  expect(usual).toBeCloseTo(15 / 16 + 3 / 4 + 1 / 12, 2);
});

test('what has almost faded is forgotten', () => {
  const many = [{ from: 4_000, to: 4_000 }, ...times(120, { from: 40, to: 40 })];
  expect([...learned(many).weights.keys()]).toEqual([bucketOf(40)]);
});

test('weights below the most that can be learned are taken as they are, and those of one bucket add up', () => {
  expect(
    histogramFrom([
      [3, 1],
      [3, 2],
      [5, 0.5],
    ]).weights,
  ).toEqual(
    new Map([
      [3, 3],
      [5, 0.5],
    ]),
  );
});

test('the end lies where the spans between polls overlap', () => {
  const spans = [
    { from: 30, to: 60 },
    { from: 10, to: 33 },
  ];
  const durations = likelyDurations(learned(Array.from({ length: 20 }, () => spans).flat()), 10);
  expect(durations.filter((duration) => duration > 29 && duration < 34).length).toBeGreaterThanOrEqual(5);
});

test('a provider that turns a hundred times slower is followed within twelve operations', () => {
  expect(
    middle([...times(50, { from: 38, to: 42 }), ...times(12, { from: 3_800, to: 4_200 })]),
  ).toBeGreaterThan(3_000);
});

test('a provider that turns fast is noticed, though each poll only shows that it has ended', () => {
  const [low] = likelyDurations(
    learned([...times(50, { from: 38, to: 42 }), ...times(12, { from: 0, to: 42 })]),
    12,
  );
  expect(low).toBeLessThan(20);
});

test('one odd duration does not change what is usual', () => {
  expect(middle([...times(50, { from: 38, to: 42 }), { from: 4_000, to: 4_000 }])).toBeLessThan(45);
});

describe('whatever is learned', () => {
  const observation = fc
    .tuple(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.double({ min: 0, max: 1e7, noNaN: true }))
    .map(([one, other]): Observation => ({ from: Math.min(one, other), to: Math.max(one, other) }));

  test('a histogram has a bounded size and weight, and its durations ascend within the buckets', () => {
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 60 }), (all) => {
        const histogram = learned(all);
        const total = [...histogram.weights.values()].reduce((sum, weight) => sum + weight, 0);
        expect(histogram.weights.size).toBeLessThanOrEqual(bucketCount);
        expect(total).toBeLessThanOrEqual(mostWeight + 1e-6);
        const durations = likelyDurations(histogram, 12);
        expect(durations).toHaveLength(12);
        expect(durations).toEqual(durations.toSorted((one, other) => one - other));
        expect(durations[0]).toBeGreaterThanOrEqual(0);
        expect(durations.at(-1)).toBeLessThan(2 * 7_200);
      }),
    );
  });

  test('each new operation weighs one, less what is forgotten as too little', () => {
    fc.assert(
      fc.property(observation, (only) => {
        const weight = [...learned([only]).weights.values()].reduce((sum, each) => sum + each, 0);
        expect(weight).toBeGreaterThan(0.8);
        expect(weight).toBeLessThan(1.0001);
      }),
    );
  });

  test('a longer duration is in no earlier bucket, and each bucket is at most a tenth wide', () => {
    const seconds = fc.double({ min: 1, max: 8_000, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, (one, other) => {
        const [short, long] = [Math.min(one, other), Math.max(one, other)];
        expect(bucketOf(short)).toBeLessThanOrEqual(bucketOf(long));
        if (bucketOf(short) === bucketOf(long) && long < 7_200) expect(long / short).toBeLessThan(1.1);
      }),
    );
  });
});

test('a row that claims more weight than can be learned does not outweigh what follows', () => {
  let histogram = histogramFrom([[100, 1e300]]);
  for (let count = 0; count < 25; count += 1) histogram = withObservation(histogram, { from: 38, to: 42 });
  expect(likelyDurations(histogram, 11)[5]).toBeLessThan(50);
});
