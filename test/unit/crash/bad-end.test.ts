import { ArmError } from '../../../src/base/errors';
import type { AuditRecord } from '../../../src/audit/audit-record';
import { abandonOperation } from '../../../src/operations/abandon-operation';
import { createRig, type Rig } from '../../support/rigs/rig';

/** A rig whose process ends right after its ledger took an end. */
function rigThatDiesAtTheEnd(): Rig {
  const rig = createRig();
  rig.arm.seed({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  const append = rig.ledger.append.bind(rig.ledger);
  rig.ledger.append = async (records: readonly AuditRecord[]) => {
    const fresh = await append(records);
    if (!records.some(({ id }) => id.endsWith('|end'))) return fresh;
    rig.ledger.append = append;
    throw new Error('the process dies here');
  };
  return rig;
}

function endIn(rig: Rig): string | undefined {
  return rig.ledger.records.find(({ id }) => id.endsWith('|end'))?.kind;
}

describe('a bad end that is on record stands, whatever Azure shows to those who carry on', () => {
  test('a refused write is not sent once more as the same attempt', async () => {
    const rig = rigThatDiesAtTheEnd();
    rig.arm.writeReplies.push(new ArmError('ARM_FORBIDDEN', 'no'));
    await expect(rig.takeRequest(rig.request())).rejects.toThrow('dies here');
    rig.clock.advance(600);
    await rig.takeRequest(rig.request());
    await rig.run(1);
    expect(rig.arm.writes).toHaveLength(1);
    expect([endIn(rig), rig.operation('one')?.state]).toEqual(['failed', 'failed']);
    expect(rig.operation('one')).not.toHaveProperty('ending.state');
  });

  test('a connection that shows the wanted status too late leaves the operation expired', async () => {
    const rig = rigThatDiesAtTheEnd();
    await rig.takeRequest(rig.request());
    const { message: call } = rig.alarm.pending[0]!;
    rig.clock.advance(3600);
    await expect(rig.poll(call)).rejects.toThrow('dies here');
    rig.arm.change('one', { status: 'Approved' });
    await rig.poll(call);
    expect([endIn(rig), rig.operation('one')?.state]).toEqual(['expired', 'expired']);
  });

  test('an abandoned operation stays abandoned, although a late alarm could prove it', async () => {
    const rig = rigThatDiesAtTheEnd();
    await rig.takeRequest(rig.request());
    const { message: call } = rig.alarm.pending[0]!;
    await expect(abandonOperation(rig, call, 'a bug')).rejects.toThrow('dies here');
    rig.arm.change('one', { status: 'Approved' });
    rig.clock.advance(600);
    await rig.poll(call);
    expect([endIn(rig), rig.operation('one')?.state]).toEqual(['abandoned', 'abandoned']);
  });

  test('the next attempt is asked for again when its request may have got lost', async () => {
    const rig = rigThatDiesAtTheEnd();
    rig.arm.writeReplies.push(new ArmError('ARM_FORBIDDEN', 'no'));
    await expect(rig.takeRequest(rig.request())).rejects.toThrow('dies here');
    rig.clock.advance(600);
    await rig.takeRequest(rig.request());
    await rig.run(16 * 60);
    expect(rig.arm.writes).toHaveLength(2);
  });
});
