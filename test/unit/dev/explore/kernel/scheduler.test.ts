import fc from 'fast-check';
import { createRandom } from '../../../../../dev/azure/model/random';
import { createScheduler, type Owner } from '../../../../../dev/explore/kernel/scheduler';

const startMs = 1_000_000;
const create = (seed = 1) => createScheduler(startMs, createRandom(seed));

/** Runs jobs with these delays and returns what each saw, in order. */
async function runAll(delays: readonly number[], seed: number): Promise<readonly string[]> {
  const scheduler = create(seed);
  const seen: string[] = [];
  delays.forEach((delay, index) => {
    scheduler.at(delay, () => seen.push(`${index} at ${scheduler.nowMs() - startMs}`));
  });
  await scheduler.run(startMs + 1_000);
  return seen;
}

test('jobs run in the order of their time, each at its time', async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(delays, fc.nat(), async (given, seed) => {
      const seen = await runAll(given, seed);
      const times = seen.map((text) => Number(text.split(' at ')[1]));
      expect(times).toEqual([...given].sort((one, other) => one - other));
    }),
  );
});

test('the seed alone decides the order of jobs at the same time', async () => {
  const together = Array.from({ length: 12 }, () => 5);
  const orders = await Promise.all([1, 1, 2, 3].map((seed) => runAll(together, seed)));
  expect(orders[1]).toEqual(orders[0]);
  expect(new Set(orders.map(String)).size).toBe(3);
});

test('whatever a job has resolved is followed before the next job begins', async () => {
  const scheduler = create();
  const seen: string[] = [];
  scheduler.at(1, () => {
    void Promise.resolve()
      .then(() => undefined)
      .then(() => undefined)
      .then(() => seen.push('followed'));
  });
  scheduler.at(1, () => seen.push('next'));
  scheduler.at(2, () => seen.push('last'));
  await scheduler.run(startMs + 10);
  expect(seen.indexOf('followed')).toBeLessThan(seen.indexOf('last'));
});

test('a job may schedule others, and a cancelled one does not run', async () => {
  const scheduler = create();
  const seen: number[] = [];
  const again = (left: number): void => {
    seen.push(scheduler.nowMs() - startMs);
    if (left > 0) scheduler.at(100, () => again(left - 1));
  };
  scheduler.at(0, () => again(3));
  scheduler.at(50, () => seen.push(-1))();
  await scheduler.run(startMs + 10_000);
  expect(seen).toEqual([0, 100, 200, 300]);
  expect(scheduler.nowMs()).toBe(startMs + 10_000);
});

test('jobs of a dead owner are dropped, and those of one that is away wait for it', async () => {
  const scheduler = create();
  const owner: { isDead: boolean; awayUntilMs: number } & Owner = { isDead: false, awayUntilMs: 0 };
  const seen: string[] = [];
  const note = (what: string) => (): void => void seen.push(`${what} at ${scheduler.nowMs() - startMs}`);
  scheduler.at(5, () => (owner.awayUntilMs = startMs + 500));
  const cancelled = scheduler.at(10, note('cancelled'), owner);
  scheduler.at(10, note('late'), owner);
  scheduler.at(10, note('free'));
  scheduler.at(20, () => cancelled());
  scheduler.at(600, () => (owner.isDead = true));
  scheduler.at(700, note('dead'), owner);
  await scheduler.run(startMs + 1_000);
  expect(seen).toEqual(['free at 10', 'late at 500']);
});

test('a run stops at its time or when it is over, and goes on later', async () => {
  const scheduler = create();
  const seen: number[] = [];
  for (const delay of [10, 20, 30]) scheduler.at(delay, () => seen.push(delay));
  await scheduler.run(startMs + 20);
  expect(seen).toEqual([10, 20]);
  await scheduler.run(startMs + 100, () => seen.length === 3);
  expect(seen).toEqual([10, 20, 30]);
  expect(scheduler.steps).toBe(3);
});

test('an error of a job ends the run', async () => {
  const scheduler = create();
  scheduler.at(1, () => {
    throw new Error('a broken job');
  });
  await expect(scheduler.run(startMs + 10)).rejects.toThrow('a broken job');
});
