import { ArmError } from '../../../src/errors';
import { createRig, type Rig } from '../../support/rig';

/** A rig whose process ended after the alarm was set and before the row said that the write was sent. */
async function diedBeforeTheRow(effect: 'approve' | 'reject'): Promise<Rig> {
  const rig = createRig();
  rig.arm.plant({ name: 'one' });
  rig.policy.effects.set('one', effect);
  const save = rig.operations.save.bind(rig.operations);
  rig.operations.save = async (target, rows, reviewedAt) => {
    if (rows[0]?.operation?.state !== 'running') return save(target, rows, reviewedAt);
    rig.operations.save = save;
    throw new Error('the process dies here');
  };
  await expect(rig.takeRequest(rig.request())).rejects.toThrow('dies here');
  expect(rig.alarm.pending).toHaveLength(1);
  expect(rig.operation('one')?.state).toBe('planned');
  return rig;
}

describe('the alarm of a write whose row still says planned', () => {
  test('rings ever more rarely while nobody reviews the target', async () => {
    const rig = await diedBeforeTheRow('approve');
    await rig.run(15 * 60);
    expect(rig.alarm.history.length).toBeLessThan(25);
    expect(rig.alarm.pending).toHaveLength(1);
  });

  test('falls silent when a limit has come to hold the write', async () => {
    const rig = await diedBeforeTheRow('reject');
    rig.policy.limits = { rejects: { perHour: 0 } };
    rig.clock.advance(60);
    await rig.takeRequest(rig.request());
    expect(rig.operation('one')?.limit?.state).toBe('held');
    await rig.run(10);
    expect(rig.alarm.pending).toEqual([]);
  });

  test('does not ring before the time until which Azure asked for patience', async () => {
    const rig = await diedBeforeTheRow('approve');
    rig.arm.writeReplies.push(new ArmError('ARM_THROTTLED', 'slow', { retryAfterSeconds: 300 }));
    rig.clock.advance(60);
    await rig.takeRequest(rig.request());
    const rung = rig.alarm.history.length;
    await rig.run(250);
    expect(rig.alarm.history.length).toBeLessThanOrEqual(rung + 1);
  });
});
