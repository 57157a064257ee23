import { createTurns } from '../../../src/review/turns';

/** Something that is under way until it is told to end. */
function task(): { run: () => Promise<string>; end: () => void; readonly hasBegun: boolean } {
  let hasBegun = false;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return {
    run: async () => {
      hasBegun = true;
      await ended;
      return 'done';
    },
    end: () => end(),
    get hasBegun() {
      return hasBegun;
    },
  };
}

afterEach(() => jest.useRealTimers());

test('for one key, each waits until those before it are done, and knows that it waited', async () => {
  const turns = createTurns();
  const first = task();
  const told: boolean[] = [];
  const one = turns.take('a', (waited) => (told.push(waited), first.run()));
  const two = turns.take('a', async (waited) => void told.push(waited));
  await new Promise(setImmediate);
  expect(told).toEqual([false]);
  first.end();
  expect(await one).toBe('done');
  await two;
  expect(told).toEqual([false, true]);
});

test('different keys do not wait for each other', async () => {
  const turns = createTurns();
  const first = task();
  const one = turns.take('a', first.run);
  await turns.take('b', async (waited) => expect(waited).toBe(false));
  first.end();
  await one;
});

test('work that fails gives its turn on', async () => {
  const turns = createTurns();
  await expect(turns.take('a', () => Promise.reject(new Error('a defect')))).rejects.toThrow('a defect');
  expect(await turns.take('a', async (waited) => waited)).toBe(false);
});

test('whoever waits for longer than a few seconds is told so, never runs, and holds nobody up', async () => {
  jest.useFakeTimers();
  const turns = createTurns();
  const [first, second] = [task(), task()];
  const one = turns.take('a', first.run);
  const two = turns.take('a', second.run);
  await jest.advanceTimersByTimeAsync(3_000);
  expect(await two).toBeUndefined();
  first.end();
  await one;
  expect(await turns.take('a', async () => 'third')).toBe('third');
  expect(second.hasBegun).toBe(false);
});
