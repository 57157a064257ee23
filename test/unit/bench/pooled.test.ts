import { pooled } from '../../../bench/system/pooled';

test('every item is done once, with no more at the same time than asked for', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await pooled([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    done.push(item);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('a failure is not lost', async () => {
  const work = (item: number) => (item === 2 ? Promise.reject(new Error('no')) : Promise.resolve());
  await expect(pooled([1, 2, 3], 2, work)).rejects.toThrow('no');
});
