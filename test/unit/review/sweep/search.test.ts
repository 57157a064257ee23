import { parseTargetId } from '../../../../src/connections/resource-id';
import { ArmError } from '../../../../src/base/errors';
import { targetIds } from '../../../support/rigs/rig';
import { createSweepRig } from '../../../support/rigs/sweep-rig';

const vault = parseTargetId(targetIds.vault);
const hsm = parseTargetId(targetIds.managedHsm);
const pending = () => ({ targetId: vault, status: 'Pending' });

describe('when Resource Graph is not enough', () => {
  const day = 24 * 60 * 60;
  const refusal = new ArmError('ARM_FORBIDDEN', 'The identity may not');
  const trouble = new ArmError('ARM_UNAVAILABLE', 'HTTP 503');

  test('the first sweep reads the lists, and what was there before Postern counts as nobody’s loss', async () => {
    const rig = createSweepRig();
    rig.journal.state = {};
    rig.arm.seed({ name: 'old' });
    rig.lists.found = [{ targetId: vault }];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({
      source: 'lists',
      connections: 0,
      targets: 1,
      asked: 1,
    });
    await rig.run(1);
    expect(rig.graph.asked).toEqual([]);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['swept', 'decided']);
    await rig.sweep(undefined);
    expect(rig.graph.asked).toHaveLength(1);
  });

  test('once a day the lists are read, whatever Resource Graph says', async () => {
    const rig = createSweepRig();
    const sources: string[] = [];
    for (let quarters = 0; quarters <= 2 * 96; quarters += 1) {
      sources.push((await rig.sweep(undefined)).source);
      rig.clock.advance(15 * 60);
    }
    expect(sources.flatMap((source, index) => (source === 'lists' ? index : []))).toEqual([96, 192]);
  });

  test('a clock that was set back does not put the lists off', async () => {
    const rig = createSweepRig();
    rig.journal.state = { ...rig.journal.state, listedAt: '2030-01-01T00:00:00.000Z' };
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists' });
  });

  test('a refusal is told once a day, and the lists take its place', async () => {
    const rig = createSweepRig();
    rig.graph.failure = refusal;
    rig.lists.found = [{ targetId: vault }, { targetId: hsm }];
    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists', asked: 2 });
      rig.clock.advance(60);
    }
    expect(rig.ledger.ofKind('failed')).toMatchObject([
      { target: '', reason: expect.stringContaining('ARM_FORBIDDEN') },
    ]);
    expect(rig.ledger.ofKind('swept')).toHaveLength(2);
  });

  test('a passing trouble ends the sweep; the second in a row brings the lists', async () => {
    const rig = createSweepRig();
    rig.graph.failure = trouble;
    rig.lists.found = [{ targetId: vault }];
    await expect(rig.sweep(undefined)).rejects.toBe(trouble);
    expect([rig.asked(), rig.ledger.records]).toEqual([[], []]);
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists', asked: 1 });
    rig.graph.failure = undefined;
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'graph' });
    rig.graph.failure = trouble;
    await expect(rig.sweep(undefined)).rejects.toBe(trouble);
  });

  test('what was told before the trouble has its review', async () => {
    const rig = createSweepRig();
    rig.graph.found = [pending()];
    rig.graph.failure = trouble;
    await expect(rig.sweep(undefined)).rejects.toBe(trouble);
    expect(rig.asked()).toHaveLength(1);
  });

  test('sudden silence is not believed', async () => {
    const rig = createSweepRig();
    rig.graph.found = [pending()];
    await rig.sweep(undefined);
    rig.graph.found = [];
    rig.lists.found = [{ targetId: vault }];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists', asked: 1 });
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'graph' });
  });

  test('a subscription that is refused hides none of the others and is named once a day', async () => {
    const rig = createSweepRig();
    rig.clock.advance(day);
    rig.lists.found = [{ targetId: vault }];
    rig.lists.unread = [{ subscriptionId: '33333333-3333-3333-3333-333333333333', error: refusal }];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ asked: 1, unread: 1 });
    expect(rig.ledger.ofKind('failed')).toMatchObject([
      { target: '/subscriptions/33333333-3333-3333-3333-333333333333' },
    ]);
    expect(rig.ledger.ofKind('swept')).toHaveLength(1);
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'graph' });
  });

  test('a subscription in passing trouble leaves the sweep unfinished, so that the next one reads the lists again', async () => {
    const rig = createSweepRig();
    rig.clock.advance(day);
    rig.lists.found = [{ targetId: vault }];
    rig.lists.unread = [{ subscriptionId: '33333333-3333-3333-3333-333333333333', error: trouble }];
    await expect(rig.sweep(undefined)).rejects.toBe(trouble);
    expect(rig.asked()).toHaveLength(1);
    expect(rig.ledger.records).toEqual([]);
    rig.lists.unread = [];
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ source: 'lists' });
  });

  test('of a great many refused subscriptions a hundred are named, and all are counted', async () => {
    const rig = createSweepRig();
    rig.clock.advance(day);
    rig.lists.unread = Array.from({ length: 250 }, (_, index) => ({
      subscriptionId: `33333333-3333-3333-3333-${String(index).padStart(12, '0')}`,
      error: refusal,
    }));
    await expect(rig.sweep(undefined)).resolves.toMatchObject({ unread: 250 });
    expect(rig.ledger.ofKind('failed')).toHaveLength(100);
  });
});
