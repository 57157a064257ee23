import { createManualClock } from '../../../../../dev/azure/model/local-clock';
import { createThrottle, type Throttle } from '../../../../../dev/azure/arm/throttle';

const header = (name: string) => `x-ms-ratelimit-remaining-subscription-${name}`;
const order = { subscriptionId: 'S', principal: 'p', method: 'GET' };

describe('the rate limits of the local Azure', () => {
  const spend = (throttle: Throttle, count: number, principal = 'p') => {
    for (let index = 0; index < count; index += 1) throttle.take({ ...order, principal });
  };

  test('tell what is left of the identity’s own bucket and of everybody’s', () => {
    const throttle = createThrottle(createManualClock(), { enforced: true });
    expect(throttle.take(order).headers).toEqual({
      [header('reads')]: '249',
      [header('global-reads')]: '3749',
    });
    expect(throttle.take({ ...order, method: 'PUT' }).headers).toEqual({
      [header('writes')]: '199',
      [header('global-writes')]: '2999',
    });
  });

  test('refuse when the own bucket is empty, and a refusal takes nothing', async () => {
    const clock = createManualClock();
    const throttle = createThrottle(clock, {
      enforced: true,
      limits: { reads: { size: 40, refillPerSecond: 4 } },
    });
    spend(throttle, 40);
    for (let index = 0; index < 10; index += 1) {
      expect(throttle.take(order)).toMatchObject({ exceeded: true, headers: { [header('reads')]: '0' } });
      await clock.advance(0.02);
    }
    expect(throttle.take(order).waitSeconds).toBeCloseTo(0.05);
    await clock.advance(0.06);
    expect(throttle.take(order)).toMatchObject({ exceeded: false });
    expect(throttle.take({ ...order, principal: 'q' })).toMatchObject({ exceeded: false });
  });

  test('refuse everybody when everybody’s bucket is empty', () => {
    const throttle = createThrottle(createManualClock(), { enforced: true });
    for (let principal = 0; principal < 15; principal += 1) spend(throttle, 250, `p${principal}`);
    expect(throttle.take({ ...order, principal: 'fresh' })).toMatchObject({
      exceeded: true,
      headers: { [header('reads')]: '250', [header('global-reads')]: '0' },
    });
  });

  test('are only counted when they are not enforced', () => {
    const throttle = createThrottle(createManualClock(), { enforced: false });
    spend(throttle, 300);
    expect(throttle.take(order)).toMatchObject({ exceeded: false, headers: { [header('reads')]: '0' } });
  });

  test('allow 15 queries of Resource Graph in five seconds', async () => {
    const clock = createManualClock();
    const throttle = createThrottle(clock, { enforced: true });
    const answers = Array.from({ length: 15 }, () => throttle.takeQuery('p'));
    expect(answers.every(({ exceeded }) => !exceeded)).toBe(true);
    await clock.advance(2);
    expect(throttle.takeQuery('p')).toEqual({
      exceeded: true,
      waitSeconds: 3,
      headers: { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:03' },
    });
    expect(throttle.takeQuery('q').exceeded).toBe(false);
    await clock.advance(3);
    expect(throttle.takeQuery('p').exceeded).toBe(false);
  });
});
