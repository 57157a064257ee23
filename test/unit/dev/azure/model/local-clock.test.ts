import { createManualClock, createRunningClock } from '../../../../../dev/azure/index';
import { retryAfterText } from '../../../../../dev/azure/model/local-clock';

describe('the manual clock', () => {
  test('runs what falls due in the order of time, and at its time', async () => {
    const clock = createManualClock(new Date('2026-01-01T00:00:00Z'));
    const seen: [string, number][] = [];
    const note = (name: string) => () => seen.push([name, clock.seconds()]);
    clock.schedule(20, note('second'));
    clock.schedule(10, () => {
      note('first')();
      clock.schedule(5, note('made on the way'));
    });
    clock.schedule(31, note('too late'));
    await clock.advance(30);
    expect(seen).toEqual([
      ['first', 10],
      ['made on the way', 15],
      ['second', 20],
    ]);
    expect(clock.now().toISOString()).toBe('2026-01-01T00:00:30.000Z');
  });

  test('forgets what was cancelled and wakes sleepers when it is closed', async () => {
    const clock = createManualClock();
    const seen: string[] = [];
    const cancel = clock.schedule(1, () => seen.push('cancelled'));
    cancel();
    const sleeper = clock.sleep(100).then(() => seen.push('woken'));
    clock.close();
    await sleeper;
    await clock.advance(200);
    expect(seen).toEqual(['woken']);
  });
});

describe('the running clock', () => {
  test('lets a minute pass in an instant when it is fast enough', async () => {
    // A timer may ring a millisecond early: 0.6 s of this clock.
    const clock = createRunningClock(600);
    await clock.sleep(60);
    expect(clock.seconds()).toBeGreaterThanOrEqual(59);
    clock.close();
  });

  test.each([
    [1, 60, '60'],
    [20, 60, '3'],
    [7, 60, '9'],
    [1000, 60, '1'],
  ])('at speed %d a wait of %d seconds is told as %s real seconds', (speed, seconds, text) => {
    const clock = createRunningClock(speed);
    expect(retryAfterText(clock, seconds)).toBe(text);
    clock.close();
  });
});
