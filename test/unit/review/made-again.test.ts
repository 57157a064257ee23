import type { ConnectionStore } from '../../../src/connections/connection-store';
import { createRig, fakePolicy, targetIds, type Rig } from '../../support/rigs/rig';

const autoApproved = { name: 'mine', status: 'Approved', message: 'Auto-Approved' };
const effects = (rig: Rig): string[] => rig.arm.writes.map(({ effect }) => effect);

/** A policy that takes away what others have approved. */
function revoking(effect: 'delete' | 'reject', target?: string): Rig {
  const rig = createRig({ policy: fakePolicy(['Pending', 'Approved']), ...(target ? { target } : {}) });
  rig.policy.effects.set('mine', effect);
  rig.arm.appliesWrites = true;
  rig.arm.seed(autoApproved);
  return rig;
}

async function sweeps(rig: Rig, count: number): Promise<void> {
  for (let sweep = 0; sweep < count; sweep += 1) {
    await rig.reviews.put(rig.request({ origin: 'sweep' }), 0);
    await rig.run(900);
  }
}

describe.each(['delete', 'reject'] as const)('to %s what somebody approved', (effect) => {
  test.each([true, false])(
    'is done again when he approves it again; a review came between: %s',
    async (between) => {
      const rig = revoking(effect);
      await rig.takeRequest(rig.request());
      // The event of Postern's own write, while the operation goes on.
      await rig.run(2);
      await rig.takeRequest(rig.request());
      await rig.run(60);
      expect(rig.ledger.ofKind('applied')).toHaveLength(1);
      if (between) await rig.takeRequest(rig.request());
      rig.arm.seed(autoApproved);
      await sweeps(rig, 2);
      expect(effects(rig)).toEqual([effect, effect]);
      const decided = rig.ledger.ofKind('decided').map(({ decisionId }) => decisionId);
      expect(new Set(decided).size).toBe(2);
      expect(rig.ledger.ofKind('applied')).toHaveLength(2);
    },
  );

  test('is done again when he approves it before the next look', async () => {
    const rig = revoking(effect);
    await rig.takeRequest(rig.request());
    rig.arm.seed(autoApproved);
    // One sweep and one operation at most.
    await sweeps(rig, 2);
    expect(effects(rig).slice(0, 2)).toEqual([effect, effect]);
    expect(rig.ledger.ofKind('applied')).toHaveLength(1);
  });

  test('is done again and again, and never given up, while he approves it at once', async () => {
    const rig = revoking(effect);
    rig.arm.beforeWrite = () => undefined;
    const write = rig.arm.write.bind(rig.arm);
    const store: Pick<ConnectionStore, 'write'> = rig.arm;
    store.write = async (wanted, fence) => {
      const reply = await write(wanted, fence);
      rig.arm.seed(autoApproved);
      return reply;
    };
    await rig.takeRequest(rig.request());
    await sweeps(rig, 24);
    // Every quarter of an hour at least.
    expect(effects(rig).length).toBeGreaterThan(20);
    expect(rig.ledger.ofKind('abandoned')).toEqual([]);
    expect(rig.ledger.ofKind('expired').length).toBeGreaterThan(20);
  });
});

test('what a disk access undoes is done again as soon, although it hides its work behind the old status', async () => {
  const rig = revoking('reject', targetIds.diskAccess);
  rig.arm.writeReplies.push({ kind: 'accepted', httpStatus: 202, operationUrl: 'https://arm/op' });
  rig.arm.reports.push({ httpStatus: 200, status: 'Succeeded' });
  await rig.takeRequest(rig.request());
  rig.arm.seed(autoApproved);
  await sweeps(rig, 1);
  expect(effects(rig)).toEqual(['reject', 'reject']);
});

describe('a request that is made again', () => {
  test.each([true, false])('is answered; a review saw the approval before: %s', async (between) => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.policy.effects.set('one', 'approve');
    rig.arm.seed({ name: 'one', message: 'for the shop' });
    await rig.takeRequest(rig.request());
    await rig.takeRequest(rig.request());
    await rig.run(60);
    if (between) await rig.takeRequest(rig.request());
    rig.clock.advance(30);
    // The same names, the same message.
    rig.arm.seed({ name: 'one', message: 'for the shop' });
    await rig.reviews.put(rig.request(), 2);
    await rig.run(5 * 60);
    expect(effects(rig)).toEqual(['approve', 'approve']);
    expect(rig.ledger.ofKind('applied')).toHaveLength(2);
  });

  test('during its own approval waits a minute for the answer, not for the old one’s deadline', async () => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.policy.effects.set('one', 'approve');
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request());
    rig.arm.seed({ name: 'one' });
    await rig.run(3 * 60);
    expect(effects(rig)).toEqual(['approve', 'approve']);
    expect(rig.ledger.ofKind('applied')).toHaveLength(1);
  });

  test('by another endpoint during the approval is another question', async () => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.policy.effects.set('one', 'approve');
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request());
    rig.arm.seed({ name: 'one', subscription: '99999999-1111-1111-1111-111111111111' });
    await rig.run(3 * 60);
    expect(rig.ledger.ofKind('superseded')).toMatchObject([
      { reason: 'The connection name now belongs to another endpoint' },
    ]);
    const endpoints = rig.ledger.ofKind('applied').map(({ endpoint }) => endpoint?.split('/')[2]);
    expect(endpoints).toEqual(['99999999-1111-1111-1111-111111111111']);
  });
});

test('a disk access that answers without doing anything has not done Postern’s work', async () => {
  const rig = createRig({ target: targetIds.diskAccess });
  rig.policy.effects.set('one', 'approve');
  rig.arm.seed({ name: 'one' });
  // Somebody approves between the reading and the write: the service answers 200, and keeps his description.
  rig.arm.beforeWrite = () => rig.arm.change('one', { status: 'Approved', message: 'by hand' });
  rig.arm.writeReplies.push({ kind: 'accepted', httpStatus: 200 });
  await rig.takeRequest(rig.request());
  await rig.run(60);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'superseded']);
});
