import { ArmError } from '../../../src/base/errors';
import { createRig, fakePolicy } from '../../support/rigs/rig';

/**
 * A run of the whole local system found this: a process died between the row of an operation and its record in the ledger, and
 * the next review could not decide that connection. It stored the row as recorded, and the write left without its decision.
 */
test('a decision that the ledger does not have yet is recorded by a review that cannot decide its connection', async () => {
  const policy = { ...fakePolicy(), reads: { target: false, endpoint: true } };
  policy.effects.set('one', 'approve');
  const rig = createRig({ policy });
  const { endpoint } = rig.arm.seed({ name: 'one' });
  const recorded: boolean[] = [];
  const { write } = rig.arm;
  rig.arm.write = (planned, fence) => {
    recorded.push(rig.ledger.records.some(({ kind }) => kind === 'decided'));
    return write.call(rig.arm, planned, fence);
  };

  rig.ledger.unavailable = true;
  const request = rig.request();
  await expect(rig.takeRequest(request)).rejects.toThrow('the fake ledger is unavailable');
  rig.ledger.unavailable = false;
  const details = rig.arm.endpoints.get(endpoint!.key);
  rig.arm.endpoints.set(endpoint!.key, new ArmError('ARM_THROTTLED', 'Too many requests'));
  // The host delivers it again.
  await rig.takeRequest(request);
  await rig.run(60);
  if (details === undefined) rig.arm.endpoints.delete(endpoint!.key);
  else rig.arm.endpoints.set(endpoint!.key, details);
  await rig.run(3600);

  expect(recorded).toContain(true);
  expect(recorded).not.toContain(false);
  expect(rig.ledger.records.filter(({ kind }) => kind === 'decided')).toHaveLength(1);
});
