import { parseTargetId } from '../../../src/connections/resource-id';
import type { ConnectionFinder, FoundConnection } from '../../../src/review/connection-finder';
import { createSweep } from '../../../src/review/sweep';
import { createRig, targetIds, type Rig } from '../../support/rig';

function finderOf(found: readonly FoundConnection[], asked: unknown[] = []): ConnectionFinder {
  return {
    async *find(query) {
      asked.push(query);
      yield* found;
    },
  };
}

function sweepOf(rig: Rig, finder: ConnectionFinder) {
  return createSweep({
    ...rig,
    finder,
    policy: { current: async () => rig.load.current },
    subscriptions: [],
  });
}

test('each target is asked for once, however many connections were found on it', async () => {
  const rig = createRig();
  const [one, two] = [parseTargetId(targetIds.vault), parseTargetId(targetIds.managedHsm)];
  const found = [one, one, two].map((targetId) => ({ targetId, status: 'Pending' }));
  const asked: unknown[] = [];
  const report = await sweepOf(rig, finderOf(found, asked))(undefined);
  expect(report).toEqual({ connections: 3, targets: 2, woken: 0 });
  expect(rig.reviews.pending.map(({ message }) => message.id)).toEqual([one.id, two.id]);
  expect(asked).toMatchObject([{ statuses: ['Pending'], subscriptions: [] }]);
});

test('what the sweep sees first is recorded as found', async () => {
  const rig = createRig();
  rig.arm.plant({ name: 'lost' });
  await sweepOf(rig, finderOf([{ targetId: rig.target, status: 'Pending' }]))(undefined);
  await rig.run(1);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['found', 'decided']);
});

test('an operation whose alarm got lost is woken and comes to its end', async () => {
  const rig = createRig();
  rig.arm.plant({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  await rig.takeRequest(rig.request());
  rig.clock.advance(5);
  rig.alarm.takeDue();
  rig.clock.advance(60 * 60);
  rig.alarm.takeDue();
  rig.arm.change('one', { status: 'Approved' });
  const report = await sweepOf(rig, finderOf([]))(undefined);
  expect(report.woken).toBe(1);
  await rig.run(1);
  expect(rig.operation('one')?.state).toBe('applied');
});

test('an operation that was planned and never begun gets its review', async () => {
  const rig = createRig();
  rig.arm.plant({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  rig.arm.beforeWrite = () => {
    throw new Error('the process dies here');
  };
  await expect(rig.takeRequest(rig.request())).rejects.toThrow('dies here');
  rig.arm.beforeWrite = () => undefined;
  rig.clock.advance(60 * 60);
  await sweepOf(rig, finderOf([]))(undefined);
  await rig.run(1);
  expect(rig.arm.writes).toHaveLength(1);
  expect(rig.ledger.ofKind('decided')).toHaveLength(1);
});

test('while the policy does not load, the sweep asks for no review but still wakes operations', async () => {
  const rig = createRig();
  rig.load.current = { kind: 'refused', digest: 'x', problems: [] };
  const asked: unknown[] = [];
  await sweepOf(rig, finderOf([], asked))(undefined);
  expect(asked).toEqual([]);
});
