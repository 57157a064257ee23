import { noReads } from '../../../src/policy/cel/costly-reads';
import { ArmError, PosternError } from '../../../src/base/errors';
import { markOf } from '../../../src/operations/operation-store';
import { createRig, fakePolicy, targetIds, type Rig } from '../../support/rigs/rig';

const day = 24 * 60 * 60;

async function review(rig: Rig, change: Parameters<Rig['request']>[0] = {}): Promise<void> {
  await rig.takeRequest(rig.request(change));
}

function ends(rig: Rig): string[] {
  return rig.ledger.records.filter((record) => record.kind !== 'decided').map((record) => record.kind);
}

describe('a review of a target', () => {
  test('an approval is decided, durable, then written, then proven', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one', message: 'please' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.beforeWrite = () => {
      expect(rig.ledger.ofKind('decided')).toHaveLength(1);
      expect(rig.operation('one')).toMatchObject({ state: 'running', ticket: { confirmed: false } });
    };
    await review(rig);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.arm.writes[0]?.description).toMatch(
      /^please \[Postern approved: rule-approve; [0-9a-f]{8}\]$/,
    );
    expect(rig.operation('one')?.state).toBe('running');
    rig.arm.change('one', { status: 'Approved' });
    await rig.run(20);
    expect(rig.operation('one')?.state).toBe('applied');
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'applied']);
    expect(rig.ledger.ofKind('applied')[0]).toMatchObject({
      effect: 'approve',
      rules: ['rule-approve'],
      message: 'please',
      status: 'Pending',
      operation: { attempt: 1, polls: 1, lastHttpStatus: 200 },
    });
  });

  test('a hold is recorded once, however often it is reviewed, and nothing is written', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    for (let round = 0; round < 3; round += 1) {
      await review(rig);
      rig.clock.advance(60);
    }
    expect(rig.ledger.records.map(({ kind, effect }) => [kind, effect])).toEqual([['decided', 'hold']]);
    expect(rig.arm.writes).toEqual([]);
  });

  test('what is Pending since an earlier day is told of once a day, with the decision that stands', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.arm.seed({ name: 'two', status: 'Approved' });
    await review(rig);
    const firstSeen = rig.ledger.ofKind('decided')[0]?.firstSeen;
    for (let round = 0; round < 9; round += 1) {
      rig.clock.advance(day / 4);
      await review(rig);
    }
    const waited = rig.ledger.ofKind('waited');
    expect(waited.map(({ at }) => at.slice(0, 10))).toEqual(['2026-01-06', '2026-01-07']);
    expect(waited[0]).toMatchObject({
      connection: expect.stringMatching(/one$/),
      status: 'Pending',
      effect: 'hold',
      reason: 'No rule matched',
      firstSeen,
    });
    expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  });

  test('what was told of as waiting is not told of again after a lost row, and not at all once it is answered', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    await review(rig);
    rig.clock.advance(day);
    const mark = markOf(await rig.operations.load(rig.target));
    await review(rig);
    const { version } = await rig.operations.load(rig.target);
    await rig.operations.save(rig.target, [], { ...mark, version });
    await review(rig);
    expect(rig.ledger.ofKind('waited')).toHaveLength(1);
    rig.arm.change('one', { status: 'Approved' });
    rig.clock.advance(day);
    await review(rig);
    expect(ends(rig)).toEqual(['waited', 'superseded']);
  });

  test('in audit mode the decision is recorded and nothing is written', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.policy.mode = 'audit';
    await review(rig);
    expect(rig.ledger.records).toMatchObject([{ kind: 'decided', effect: 'approve', mode: 'audit' }]);
    expect(rig.arm.writes).toEqual([]);
    expect(rig.operation('one')).toBeUndefined();
  });

  test('writes to one target never overlap: the next waits for the end of the one before', async () => {
    const rig = createRig();
    for (const name of ['one', 'two', 'three']) {
      rig.arm.seed({ name });
      rig.policy.effects.set(name, 'approve');
    }
    await review(rig);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.ledger.ofKind('decided')).toHaveLength(3);
    await review(rig, { hintedAt: '2027-01-01T00:00:00Z' });
    expect(rig.arm.writes).toHaveLength(1);
    const begun: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const name = rig.arm.writes.at(-1)!.connection.id.name;
      begun.push(name);
      rig.arm.change(name, { status: 'Approved' });
      await rig.run(30);
    }
    expect(begun.sort()).toEqual(['one', 'three', 'two']);
    expect(rig.arm.writes).toHaveLength(3);
    expect(rig.ledger.ofKind('applied')).toHaveLength(3);
    expect(rig.ledger.ofKind('decided')).toHaveLength(3);
  });

  test('a repeated message makes one decision and one write', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const request = rig.request();
    await Promise.all([rig.takeRequest(request), rig.takeRequest(request), rig.takeRequest(request)]);
    rig.arm.change('one', { status: 'Approved' });
    await rig.run(60);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'applied']);
  });

  test('a hint older than the last review costs no call to ARM', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    const old = rig.request();
    rig.clock.advance(10);
    await review(rig);
    const calls = rig.arm.calls.length;
    await rig.takeRequest(old);
    expect(rig.arm.calls).toHaveLength(calls);
  });

  test('a connection that is being changed is looked at again later and not decided', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one', provisioningState: 'Updating' });
    rig.policy.effects.set('one', 'approve');
    await review(rig);
    expect(rig.ledger.records).toEqual([]);
    rig.arm.change('one', { provisioningState: 'Succeeded' });
    await rig.run(12);
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('a rejected connection that comes back as Pending is a new question', async () => {
    const rig = createRig({ policy: fakePolicy() });
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'reject');
    await review(rig);
    rig.arm.change('one', { status: 'Rejected' });
    await rig.run(20);
    await review(rig, { hintedAt: rig.clock.now().toISOString() });
    rig.arm.change('one', { status: 'Pending' });
    rig.clock.advance(60);
    await review(rig);
    expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['reject', 'reject']);
    expect(new Set(rig.ledger.ofKind('decided').map(({ decisionId }) => decisionId)).size).toBe(2);
  });

  test('while a listing lags behind an operation that has ended, nothing is written twice', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    await review(rig);
    rig.arm.change('one', { status: 'Approved' });
    await rig.run(20);
    rig.arm.change('one', { status: 'Pending' });
    await review(rig);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.reviews.pending).toHaveLength(1);
    rig.arm.change('one', { status: 'Approved' });
    await rig.run(15 * 60);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'applied']);
  });

  test('what shows the old status for longer than any lag is a new question, decided anew', async () => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    await review(rig);
    await rig.run(20);
    rig.arm.seed({ name: 'one' });
    await review(rig);
    await rig.run(3 * 60);
    expect(rig.arm.writes).toHaveLength(2);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'applied', 'decided', 'applied']);
  });
});

describe('somebody else', () => {
  test('if somebody else approves before our turn, the operation is superseded and nothing is written', async () => {
    const rig = createRig();
    for (const name of ['one', 'two']) {
      rig.arm.seed({ name });
      rig.policy.effects.set(name, 'approve');
    }
    await review(rig);
    const [first] = rig.arm.writes;
    const other = first!.connection.id.name === 'one' ? 'two' : 'one';
    rig.arm.change(other, { status: 'Approved' });
    rig.arm.change(first!.connection.id.name, { status: 'Approved' });
    await rig.run(30);
    expect(rig.arm.writes).toHaveLength(1);
    expect(ends(rig).sort()).toEqual(['applied', 'superseded']);
  });

  test('a connection that goes away before its write is done, not failed', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push({ kind: 'gone', httpStatus: 404 });
    await review(rig);
    rig.arm.remove('one');
    await rig.run(30);
    expect(ends(rig)).toEqual(['superseded']);
  });

  test('a write that is answered with 404 is no proof: what the next look finds goes on', async () => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push({ kind: 'gone', httpStatus: 404 });
    await review(rig);
    await rig.run(3 * 60);
    expect(ends(rig)).toEqual(['expired', 'applied']);
    expect(rig.arm.writes).toHaveLength(2);
  });

  test('a connection that goes away while it waits in line is done, not failed', async () => {
    const rig = createRig();
    for (const name of ['one', 'two']) {
      rig.arm.seed({ name });
      rig.policy.effects.set(name, 'approve');
    }
    await review(rig);
    const running = rig.arm.writes[0]!.connection.id.name;
    rig.arm.remove(running === 'one' ? 'two' : 'one');
    rig.arm.change(running, { status: 'Approved' });
    await rig.run(60);
    expect(ends(rig).sort()).toEqual(['applied', 'superseded']);
  });

  test('killed after the write, its own message comes back, looks, and calls it applied', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const request = rig.request();
    const save = rig.operations.save.bind(rig.operations);
    rig.arm.beforeWrite = () => {
      rig.operations.save = async () => {
        throw new Error('the process dies here');
      };
      rig.alarm.ring = async () => {
        throw new Error('the process dies here');
      };
    };
    const ring = rig.alarm.ring.bind(rig.alarm);
    await expect(rig.takeRequest(request)).rejects.toThrow('dies here');
    rig.operations.save = save;
    rig.alarm.ring = ring;
    rig.arm.change('one', { status: 'Approved', message: rig.arm.writes[0]!.description });
    rig.clock.advance(600);
    await rig.takeRequest(request);
    await rig.run(1);
    expect(rig.arm.writes).toHaveLength(1);
    expect(ends(rig)).toEqual(['applied']);
  });

  test('a planned delete of a connection that is gone is applied', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'delete');
    rig.arm.writeReplies.push(new ArmError('ARM_CONFLICT', 'busy'));
    await review(rig);
    rig.arm.remove('one');
    await rig.run(60);
    expect(ends(rig)).toEqual(['applied']);
    expect((await rig.operations.load(rig.target)).connectionStates).toEqual([]);
  });

  test('a target that is gone ends what was planned on it', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new ArmError('ARM_CONFLICT', 'busy'));
    await review(rig);
    rig.arm.targetExists = false;
    await rig.run(30);
    expect(ends(rig)).toEqual([]);
    await rig.run(30);
    expect(ends(rig)).toEqual(['superseded']);
    expect(rig.reviews.pending).toEqual([]);
    expect((await rig.operations.load(rig.target)).connectionStates).toEqual([]);
  });
});

describe('trouble', () => {
  test('a conflict leaves the operation planned and the write comes again later', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new ArmError('ARM_CONFLICT', 'ServiceLocked'));
    await review(rig);
    expect(rig.operation('one')?.state).toBe('planned');
    await rig.run(15);
    expect(rig.arm.writes).toHaveLength(2);
    expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  });

  test('while ARM asks for patience, further hints do not send the write again', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new ArmError('ARM_THROTTLED', 'slow', { retryAfterSeconds: 120 }));
    await review(rig);
    for (let hint = 0; hint < 5; hint += 1) {
      rig.clock.advance(10);
      await review(rig);
    }
    expect(rig.arm.writes).toHaveLength(1);
    await rig.run(71);
    expect(rig.arm.writes).toHaveLength(2);
  });

  test('killed before the write went out, its own message comes back and looks; then a new attempt is made', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const request = rig.request();
    rig.clock.advance(5);
    rig.arm.beforeWrite = () => {
      throw new Error('the process dies here');
    };
    await expect(rig.takeRequest(request)).rejects.toThrow('dies here');
    rig.arm.beforeWrite = () => undefined;
    rig.clock.advance(600);
    await rig.takeRequest(request);
    expect(rig.arm.writes).toHaveLength(0);
    await rig.run(5);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'expired']);
    expect(rig.operation('one')).toMatchObject({ state: 'running', attempt: 2 });
  });

  test('a write that the fence stopped is planned again, for whoever comes next', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new PosternError('LEASE_LOST', 'the lease has run out'));
    await review(rig);
    expect(rig.operation('one')).toMatchObject({ state: 'planned', attempt: 1, ticket: undefined });
  });

  test('throttling moves the review by exactly what ARM says', async () => {
    const rig = createRig();
    rig.arm.listFailure = new ArmError('ARM_THROTTLED', 'slow down', { retryAfterSeconds: 324 });
    await review(rig);
    expect(rig.reviews.pending.map(({ delaySeconds }) => delaySeconds)).toEqual([324]);
  });

  test('a reply that got lost is proven by reading, not repeated', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new ArmError('ARM_UNREACHABLE', 'socket hang up'));
    await review(rig);
    expect(rig.operation('one')).toMatchObject({ state: 'running', ticket: { confirmed: false } });
    rig.arm.change('one', { status: 'Approved', message: rig.arm.writes[0]?.description ?? '' });
    await rig.run(20);
    expect(rig.arm.writes).toHaveLength(1);
    expect(ends(rig)).toEqual(['applied']);
  });

  test('a reply that got lost, and somebody else who did the same: nothing says that the write was ours', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new ArmError('ARM_UNREACHABLE', 'socket hang up'));
    await review(rig);
    rig.arm.change('one', { status: 'Approved' });
    await rig.run(20);
    expect(rig.arm.writes).toHaveLength(1);
    expect(ends(rig)).toEqual(['superseded']);
  });

  test('a write that was never done is made again after its patience ran out', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(new ArmError('ARM_UNREACHABLE', 'connection refused'));
    await review(rig);
    await rig.run(90);
    expect(rig.arm.writes).toHaveLength(2);
    expect(ends(rig)).toEqual(['expired']);
    expect(rig.operation('one')).toMatchObject({ attempt: 2, state: 'running' });
  });

  test('a missing permission fails the operation, names itself, and is tried again much later', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const action = 'Microsoft.KeyVault/vaults/privateEndpointConnections/write';
    rig.arm.writeReplies.push(
      new ArmError('ARM_FORBIDDEN', `missing ${action}`, { httpStatus: 403, action }),
    );
    await review(rig);
    expect(rig.ledger.ofKind('failed')[0]?.operation?.error).toContain(action);
    await rig.run(14 * 60);
    expect(rig.arm.writes).toHaveLength(1);
    await rig.run(2 * 60);
    expect(rig.arm.writes).toHaveLength(2);
    expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  });

  test('after its last attempt an operation is abandoned and left to a person', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    for (let attempt = 0; attempt < 10; attempt += 1) {
      rig.arm.writeReplies.push(new ArmError('ARM_REFUSED', 'no'));
    }
    await review(rig);
    for (let step = 0; step < 40; step += 1) {
      rig.clock.advance(day / 4);
      await review(rig);
    }
    expect(ends(rig).filter((kind) => kind !== 'waited')).toEqual([
      ...Array<string>(5).fill('failed'),
      'abandoned',
    ]);
    expect(rig.arm.writes).toHaveLength(6);
  });

  test('if the ledger cannot be written, nothing is written to ARM', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.ledger.unavailable = true;
    await expect(review(rig)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(rig.arm.writes).toEqual([]);
  });

  test.each([
    ['somebody else has answered', (rig: Rig) => rig.arm.change('one', { status: 'Rejected' })],
    ['it is gone', (rig: Rig) => rig.arm.remove('one')],
    ['the policy holds it', (rig: Rig) => void rig.policy.effects.delete('one')],
  ])(
    'what the ledger did not take is told by the next review, and ends, if meanwhile %s',
    async (_, happen) => {
      const rig = createRig();
      rig.arm.seed({ name: 'one' });
      rig.policy.effects.set('one', 'approve');
      rig.ledger.unavailable = true;
      await expect(review(rig)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
      rig.ledger.unavailable = false;
      happen(rig);
      // The same message: the review that began after it has not ended.
      await review(rig);
      await rig.run(30);
      expect(rig.arm.writes).toEqual([]);
      expect(rig.ledger.records.filter(({ effect }) => effect === 'approve')).toHaveLength(2);
      expect(rig.ledger.ofKind('decided')[0]).toMatchObject({ effect: 'approve', status: 'Pending' });
      expect(rig.ledger.ofKind('superseded')).toMatchObject([
        { effect: 'approve', operation: { attempt: 1 } },
      ]);
      const row = rig.operation('one');
      if (row !== undefined) expect(row).toMatchObject({ state: 'superseded', untold: undefined });
    },
  );

  test('what the ledger took is handed to it once, also of writes that wait for their turn', async () => {
    const rig = createRig();
    const appended: string[] = [];
    const append = rig.ledger.append.bind(rig.ledger);
    rig.ledger.append = (records) => {
      appended.push(...records.map(({ id }) => id));
      return append(records);
    };
    for (const name of ['one', 'two', 'three', 'four']) {
      rig.arm.seed({ name });
      if (name !== 'four') rig.policy.effects.set(name, 'approve');
    }
    await review(rig);
    expect(['one', 'two', 'three'].flatMap((name) => rig.operation(name)?.untold ?? [])).toEqual([]);
    rig.clock.advance(60);
    await review(rig);
    expect(appended).toHaveLength(4);
    expect(new Set(appended).size).toBe(4);
  });

  test('if the rows cannot be written, nothing is written to ARM, and the lease is free again', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const save = rig.operations.save.bind(rig.operations);
    rig.operations.save = async () => {
      throw new Error('storage is away');
    };
    await expect(review(rig)).rejects.toThrow('storage is away');
    expect(rig.arm.writes).toEqual([]);
    rig.operations.save = save;
    await review(rig);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  });

  test('a lease that is lost before the write stops the write', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const list = rig.arm.list.bind(rig.arm);
    rig.arm.list = async () => {
      rig.lease.lose(rig.target);
      return list();
    };
    await review(rig);
    expect(rig.arm.writes).toEqual([]);
    expect(rig.operation('one')?.state).toBe('planned');
    expect(rig.reviews.pending).toHaveLength(1);
  });

  test('while another instance reviews the target, the request waits', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    const held = await rig.lease.acquire(rig.target);
    await review(rig);
    expect(rig.arm.calls).toEqual([]);
    await held!.release();
    await rig.run(15);
    expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  });

  test('hints that come at once are one review and one lease: the others come again and find themselves answered', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const hint = rig.request();
    rig.clock.advance(5);
    await Promise.all(Array.from({ length: 16 }, () => rig.takeRequest(hint)));
    expect(rig.lease.granted).toHaveLength(1);
    expect(rig.arm.calls).toEqual(['list', 'write']);
    expect(rig.reviews.pending).toHaveLength(15);
    const again = rig.reviews.pending.map(({ message }) => message);
    for (const one of again) await rig.takeRequest(one);
    expect(rig.lease.granted).toHaveLength(1);
    expect(rig.reviews.pending).toHaveLength(15);
  });

  test('a hint that was put back and that no review has answered has its own', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request());
    await rig.takeRequest(rig.request({ hintedAt: '2027-01-01T00:00:00Z', attempt: 1 }));
    expect(rig.arm.calls).toEqual(['list', 'list']);
  });

  test('a hint that meets a held lease again and again comes more and more seldom', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    await rig.lease.acquire(rig.target);
    await review(rig);
    await rig.run(59);
    expect(rig.reviews.history.map(({ delaySeconds }) => delaySeconds)).toEqual([10, 20, 40]);
    await rig.run(30);
    expect(rig.ledger.ofKind('decided')).toHaveLength(1);
  });

  test('an error that nobody foresaw is thrown, so that the queue delivers again', async () => {
    const rig = createRig();
    rig.arm.listFailure = new TypeError('a defect');
    await expect(review(rig)).rejects.toThrow('a defect');
  });

  test('a target that may not be read is told of once a day and not tried for ever', async () => {
    const rig = createRig();
    rig.arm.listFailure = new ArmError('ARM_FORBIDDEN', 'missing …/read');
    await review(rig);
    await rig.run(3 * 60 * 60);
    expect(rig.ledger.ofKind('failed')).toHaveLength(1);
    expect(rig.reviews.pending).toEqual([]);
    expect(rig.arm.calls).toHaveLength(5);
  });

  test('throttling on the way does not use up the tries that a missing permission has', async () => {
    const rig = createRig();
    rig.arm.listFailure = new ArmError('ARM_THROTTLED', 'patience', { retryAfterSeconds: 30 });
    await review(rig);
    await rig.run(150);
    rig.arm.listFailure = new ArmError('ARM_FORBIDDEN', 'missing …/read');
    const before = rig.arm.calls.length;
    await rig.run(3 * 60 * 60);
    expect(rig.arm.calls.length - before).toBe(5);
  });

  test('a policy that does not load decides nothing, says so once, and is asked again', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const problem = { path: 'a.yaml', line: 3, column: 5, length: 1, message: 'no' };
    const loaded = rig.load.current;
    rig.load.current = { kind: 'refused', digest: 'x'.repeat(64), problems: [problem] };
    await review(rig);
    await rig.run(90);
    expect(rig.arm.calls).toEqual([]);
    expect(rig.ledger.records).toMatchObject([{ kind: 'suspended', policyDigest: 'x'.repeat(64) }]);
    expect(rig.ledger.records[0]?.reason).toContain('a.yaml:3:5');
    rig.load.current = loaded;
    await rig.run(60);
    expect(rig.arm.writes).toHaveLength(1);
  });
});

test('a newer policy that does not load is told of once, and the one before it goes on deciding', async () => {
  const rig = createRig();
  rig.arm.seed({ name: 'one' });
  const problem = { path: 'a.yaml', line: 3, column: 5, length: 1, message: 'no' };
  const refusedUpdate = { digest: 'x'.repeat(64), problems: [problem] };
  rig.load.current = { kind: 'loaded', policy: rig.policy, refusedUpdate };
  await review(rig);
  rig.clock.advance(60);
  await review(rig);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['refused', 'decided']);
  expect(rig.ledger.ofKind('decided')[0]?.policyDigest).toBe(rig.policy.digest);
});

describe('API Management', () => {
  test('while the service is changing, no write is sent; it comes when the service is free', async () => {
    const rig = createRig({ target: targetIds.apiManagement });
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const free = rig.arm.targetDetails;
    rig.arm.targetDetails = { provisioningState: 'Updating', kind: undefined, location: undefined, tags: {} };
    await review(rig);
    await rig.run(60);
    expect(rig.arm.writes).toEqual([]);
    rig.arm.targetDetails = free;
    await rig.run(60);
    expect(rig.arm.writes).toHaveLength(1);
  });
});

describe('what an event announced', () => {
  const expects =
    '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/consumers/providers/microsoft.network/privateendpoints/pe-late';

  test('a connection that comes eleven minutes after its event is found', async () => {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.policy.effects.set('late', 'approve');
    const lookUntil = new Date(rig.clock.now().getTime() + 20 * 60_000).toISOString();
    await review(rig, { expects, lookUntil });
    await rig.run(11 * 60);
    rig.arm.seed({ name: 'late' });
    await rig.run(5 * 60);
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('if it never comes, the looking ends after at least fifteen minutes', async () => {
    const rig = createRig();
    const lookUntil = new Date(rig.clock.now().getTime() + 20 * 60_000).toISOString();
    await review(rig, { expects, lookUntil });
    await rig.run(15 * 60);
    expect(rig.reviews.pending).toHaveLength(1);
    await rig.run(10 * 60);
    expect(rig.reviews.pending).toEqual([]);
  });

  test('an event that names only an endpoint leads to the endpoint’s targets', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'late' });
    rig.policy.effects.set('late', 'approve');
    const storage = `/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/x`;
    rig.arm.endpoints.set(expects, {
      location: undefined,
      tags: {},
      subnetId: undefined,
      targetIds: [storage, rig.target.id, 'nonsense'],
    });
    await review(rig, { kind: 'endpoint', id: expects });
    await rig.run(5);
    expect(rig.arm.writes).toHaveLength(1);
  });
});

test('a listed item that cannot be understood is told of once and never decided', async () => {
  const rig = createRig();
  rig.arm.malformed.push({ id: '/odd\u202e', problem: 'it is odd' });
  await review(rig);
  rig.clock.advance(60);
  await review(rig);
  expect(rig.ledger.records).toHaveLength(1);
  expect(rig.ledger.records[0]).toMatchObject({ kind: 'ignored' });
  expect(rig.ledger.records[0]?.connection).not.toContain('\u202e');
});

test.each([
  ['by its id', (id: string) => id],
  ['without an id', () => ''],
])(
  'a known connection that is listed and cannot be understood, %s, is not taken for gone',
  async (_, idOf) => {
    const rig = createRig();
    const { id } = rig.arm.seed({ name: 'one', status: 'Pending' });
    rig.policy.effects.set('one', 'delete');
    rig.arm.writeReplies.push(new ArmError('ARM_THROTTLED', 'slow', { retryAfterSeconds: 30 }));
    await review(rig);
    const before = rig.operations.rows(rig.target);
    rig.arm.remove('one');
    rig.arm.malformed.push({ id: idOf(id.id.toUpperCase()), problem: 'it is odd' });
    await review(rig);
    expect(rig.operations.rows(rig.target)).toEqual(before);
    expect(rig.ledger.ofKind('applied')).toEqual([]);
  },
);

test('while the operation of a connection that cannot be understood runs, nothing else is written', async () => {
  const rig = createRig();
  const { id } = rig.arm.seed({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  await review(rig);
  rig.arm.remove('one');
  rig.arm.malformed.push({ id: id.id, problem: 'it is odd' });
  rig.arm.seed({ name: 'two' });
  rig.policy.effects.set('two', 'approve');
  await rig.takeRequest(rig.request({ hintedAt: '2027-01-01T00:00:00Z' }));
  expect(rig.arm.writes).toHaveLength(1);
});

test('a fact that may not be read stays absent and the review goes on', async () => {
  const policy = Object.assign(fakePolicy(), {
    reads: { ...noReads, target: true, endpoint: true },
  });
  const rig = createRig({ policy });
  rig.arm.seed({ name: 'one' });
  rig.arm.targetDetails = new ArmError('ARM_FORBIDDEN', 'no tags for you');
  await review(rig);
  expect(policy.seen[0]?.target.tags).toBeUndefined();
  expect(rig.ledger.ofKind('decided')).toHaveLength(1);
});

test('a fact that cannot be read for now moves the review; nothing is decided without it', async () => {
  const policy = Object.assign(fakePolicy(), {
    reads: { ...noReads, target: true },
  });
  const rig = createRig({ policy });
  rig.arm.seed({ name: 'one' });
  rig.arm.targetDetails = new ArmError('ARM_UNAVAILABLE', '503');
  await review(rig);
  expect(rig.ledger.records).toEqual([]);
  expect(rig.reviews.pending).toHaveLength(1);
});

test('a row that somebody else changed puts the request back instead of failing', async () => {
  const rig = createRig();
  rig.arm.seed({ name: 'one' });
  rig.operations.failNext(new PosternError('STORE_CONFLICT', 'changed'));
  await review(rig);
  expect(rig.reviews.pending).toHaveLength(1);
});
