import { parseTargetId } from '../../../../src/connections/resource-id';
import { ArmError } from '../../../../src/base/errors';
import { targetIds } from '../../../support/rigs/rig';
import { createSweepRig } from '../../../support/rigs/sweep-rig';

const vault = parseTargetId(targetIds.vault);
const trouble = new ArmError('ARM_UNAVAILABLE', 'HTTP 503');

function rigWithOne() {
  const rig = createSweepRig();
  rig.arm.seed({ name: 'one' });
  rig.graph.found = [{ targetId: vault, status: 'Pending' }];
  return rig;
}

test('while the policy stays as it is, nothing is swept', async () => {
  const rig = rigWithOne();
  await rig.followPolicy(undefined);
  expect(rig.graph.asked).toEqual([]);
});

test.each([
  ['digest', { digest: 'e'.repeat(64) }],
  ['mode', { mode: 'audit' as const }],
])('a new %s is swept for, once', async (_title, change) => {
  const rig = rigWithOne();
  Object.assign(rig.policy, change);
  await rig.followPolicy(undefined);
  await rig.followPolicy(undefined);
  expect(rig.graph.asked).toHaveLength(1);
});

test('what the old policy decided is decided again by the new one, and is no late find', async () => {
  const rig = rigWithOne();
  await rig.takeRequest(rig.request());
  rig.policy.digest = 'e'.repeat(64);
  rig.policy.effects.set('one', 'approve');
  await rig.followPolicy(undefined);
  await rig.run(20);
  expect(rig.ledger.ofKind('decided').map(({ effect }) => effect)).toEqual(['hold', 'approve']);
  expect(rig.ledger.ofKind('found')).toEqual([]);
  expect(rig.arm.writes).toHaveLength(1);
});

test('its reviews wait until no instance goes by the old policy any more, and earlier ones do not answer them', async () => {
  const rig = rigWithOne();
  rig.policy.digest = 'e'.repeat(64);
  await rig.followPolicy(undefined);
  expect(rig.asked()).toMatchObject([{ because: 'policy change', hintedAt: '2026-01-05T12:00:15.000Z' }]);
  await rig.run(14);
  expect(rig.ledger.ofKind('decided')).toEqual([]);
  await rig.run(2);
  expect(rig.ledger.ofKind('decided')).toHaveLength(1);
});

test('a timed sweep that comes first counts for the new policy', async () => {
  const rig = rigWithOne();
  rig.policy.digest = 'e'.repeat(64);
  await rig.sweep(undefined);
  expect(rig.asked()).toMatchObject([{ because: 'policy change' }]);
  await rig.followPolicy(undefined);
  expect(rig.graph.asked).toHaveLength(1);
});

test('a sweep that failed before it asked for anything is tried again', async () => {
  const rig = rigWithOne();
  rig.policy.digest = 'e'.repeat(64);
  rig.graph.found = [];
  rig.graph.failure = trouble;
  await expect(rig.followPolicy(undefined)).rejects.toBe(trouble);
  rig.graph.failure = undefined;
  await rig.followPolicy(undefined);
  expect(rig.graph.asked).toHaveLength(2);
});

test('a sweep that failed half-way is left to the timed one: a large tenant is not asked anew each minute', async () => {
  const rig = rigWithOne();
  rig.policy.digest = 'e'.repeat(64);
  rig.graph.failure = trouble;
  await expect(rig.followPolicy(undefined)).rejects.toBe(trouble);
  await rig.followPolicy(undefined);
  expect(rig.graph.asked).toHaveLength(1);
});

test('before the first sweep it makes the first sweep', async () => {
  const rig = rigWithOne();
  rig.journal.state = {};
  rig.lists.found = [{ targetId: vault }];
  await rig.followPolicy(undefined);
  expect(rig.asked()).toMatchObject([{ because: 'first sweep', hintedAt: '2026-01-05T12:00:00.000Z' }]);
});

test('a policy that does not load starts no sweep', async () => {
  const rig = rigWithOne();
  rig.load.current = { kind: 'refused', digest: 'x', problems: [] };
  await rig.followPolicy(undefined);
  expect([rig.graph.asked, rig.lists.asked]).toEqual([[], []]);
});
