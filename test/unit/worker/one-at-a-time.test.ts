import { oneAtATime } from '../../../src/worker/one-at-a-time';

test('who asks while it runs gets the end of that run; who asks later gets another', async () => {
  const ends: ((value: string) => void)[] = [];
  const asked: string[] = [];
  const work = oneAtATime((name: string) => {
    asked.push(name);
    return new Promise<string>((resolve) => ends.push(resolve));
  });
  const both = Promise.all([work('one'), work('two')]);
  expect(asked).toEqual(['one']);
  ends[0]?.('first');
  expect(await both).toEqual(['first', 'first']);
  const third = work('three');
  ends[1]?.('second');
  expect(await third).toBe('second');
  expect(asked).toEqual(['one', 'three']);
});

test('a run that fails fails for all who wait for it, and is made again by the next', async () => {
  let runs = 0;
  const work = oneAtATime(async () => {
    runs += 1;
    if (runs === 1) throw new Error('away');
    return runs;
  });
  const both = await Promise.allSettled([work(), work()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await work()).toBe(2);
});
