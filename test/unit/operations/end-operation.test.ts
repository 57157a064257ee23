import { PosternError } from '../../../src/base/errors';
import { closeOperation, endOperation, type End } from '../../../src/operations/end-operation';
import { goneStatus, type Operation, type Seen } from '../../../src/operations/operation';
import { sampleConnectionState, sampleOperation, sampleRecord } from '../../../dev/lib/samples';
import { createRig } from '../../support/rigs/rig';

const now = new Date('2026-01-05T13:00:00.000Z');
const failed: End = { state: 'failed', reason: 'Azure said no', error: 'Conflict: no' };
const expired: End = { state: 'expired', reason: 'The deadline passed', error: 'nothing came' };
const revocation: Partial<Operation> = { effect: 'delete', decided: sampleRecord({ status: 'Approved' }) };

describe('the end of an operation', () => {
  test('is recorded under one id whatever it is, with the decision and what the operation did', () => {
    const operation = sampleOperation({ dueAt: '2026-01-05T12:59:00.000Z', ending: undefined });
    const { ended, record } = endOperation(operation, failed, now);
    expect(ended).toEqual({
      ...operation,
      state: 'failed',
      endedAt: now.toISOString(),
      dueAt: undefined,
      ending: undefined,
      error: 'Conflict: no',
      retryAt: '2026-01-05T13:15:00.000Z',
    });
    expect(record).toEqual({
      ...operation.decided,
      id: 'd1.1|end',
      kind: 'failed',
      at: now.toISOString(),
      reason: 'Azure said no',
      operation: {
        attempt: 1,
        startedAt: operation.startedAt,
        endedAt: now.toISOString(),
        polls: 3,
        lastHttpStatus: 202,
        error: 'Conflict: no',
      },
    });
    expect(endOperation(sampleOperation({ ticket: undefined }), failed, now).record.operation?.polls).toBe(0);
  });

  test('is the one that was saved before, whatever is read by then', () => {
    const { ended, record } = endOperation(
      sampleOperation({ ending: failed }),
      { state: 'applied', reason: 'It is there' },
      now,
    );
    expect([ended.state, ended.ending, record.reason]).toEqual(['failed', undefined, 'Azure said no']);
  });

  test.each<[string, Partial<Operation>, End, string, string | undefined]>([
    ['a failure', {}, failed, 'failed', '13:15:00'],
    ['a later failure', { attempt: 2 }, failed, 'failed', '14:00:00'],
    ['the last failure', { attempt: 6 }, failed, 'abandoned', undefined],
    ['the last expiry', { attempt: 6 }, expired, 'abandoned', undefined],
    ['an unconfirmed expiry', { attempt: 6 }, { ...expired, unconfirmed: true }, 'expired', '13:00:00'],
    ['the last unconfirmed one', { attempt: 12 }, { ...expired, unconfirmed: true }, 'abandoned', undefined],
    ['a confirmed expiry', {}, { ...expired, unconfirmed: false }, 'expired', '13:15:00'],
    ['a write that changed nothing', {}, { ...expired, undone: true }, 'expired', '13:00:00'],
    ['the next of these', { attempt: 2 }, { ...expired, undone: true }, 'expired', '13:01:00'],
    ['a late success', { attempt: 6 }, { state: 'applied', reason: 'ok' }, 'applied', undefined],
    ['a revocation that expired', { ...revocation, attempt: 3 }, expired, 'expired', '13:02:00'],
    ['one that expired often', { ...revocation, attempt: 99 }, expired, 'expired', '13:15:00'],
    ['one that was refused', { ...revocation, attempt: 2 }, failed, 'failed', '14:00:00'],
  ])('leaves %s as it should be', (_, change, end, state, retryAt) => {
    const { ended } = endOperation(sampleOperation(change), end, now);
    expect([ended.state, ended.retryAt?.slice(11, 19)]).toEqual([state, retryAt]);
  });

  test('says after how many attempts the decision was given up, and only then', () => {
    const reasonOf = (attempt: number): string | undefined =>
      endOperation(sampleOperation({ attempt }), failed, now).record.reason;
    expect([reasonOf(5), reasonOf(6)]).toEqual(['Azure said no', 'Azure said no; given up after 6 attempts']);
  });
});

describe('closing an operation', () => {
  const done: End = { state: 'applied', reason: 'It is there' };
  const approval = { endsAt: '2026-02-05T12:00:00.000Z', rules: ['guests'], decisionId: 'd1' };

  function closable(change: Partial<Operation> = {}) {
    const rig = createRig();
    const operation = sampleOperation(change);
    const fresh = sampleConnectionState({ operation, approval, missingSince: '2026-01-05T12:01:00.000Z' });
    const [row = fresh] = rig.operations.seed(fresh.connection.target, [fresh]);
    const stored = () => rig.operations.rows(fresh.connection.target)[0]!;
    return { rig, row, operation, stored };
  }

  test.each<End>([
    failed,
    expired,
    { state: 'abandoned', reason: 'a defect' },
    { ...done, seen: { status: 'Approved', isNamed: true } },
    { state: 'superseded', reason: 'The connection went away', seen: { status: goneStatus } },
  ])('saves the outcome before it is recorded: $state', async (end) => {
    const { rig, row, operation } = closable();
    const saved: unknown[] = [];
    const append = rig.ledger.append.bind(rig.ledger);
    rig.ledger.append = (records) => {
      saved.push(...rig.operations.saves.flatMap((save) => save.rows.map((kept) => kept.operation?.ending)));
      return append(records);
    };
    const ended = await closeOperation(rig, { row, operation, end });
    expect(ended?.state).toBe(end.state);
    expect(saved).toEqual([end]);
    expect(rig.operations.saves).toHaveLength(2);
  });

  test('whose outcome is saved ends that way, whatever is read by then', async () => {
    const saved: End = { ...done, seen: { status: 'Approved', isNamed: true } };
    const { rig, row, operation, stored } = closable({ ending: saved });
    const end: End = { state: 'superseded', reason: 'It is gone', seen: { status: goneStatus } };
    await closeOperation(rig, { row, operation, end });
    expect(rig.ledger.records).toMatchObject([{ kind: 'applied', reason: 'It is there' }]);
    expect(stored()).toMatchObject({
      status: 'Approved',
      operation: { state: 'applied', ending: undefined },
    });
  });

  test('does not save a pending end again', async () => {
    const { rig, row, operation } = closable({ ending: failed });
    await closeOperation(rig, { row, operation, end: failed });
    expect(rig.operations.saves).toHaveLength(1);
  });

  test.each<[string, Partial<Operation>, End, Seen, object]>([
    ['named', {}, done, { status: 'Approved', isNamed: true }, { ...approval, proof: 'named' }],
    ['unnamed', {}, done, { status: 'Approved', isNamed: false }, { ...approval, proof: 'unnamed' }],
    ['not proven', {}, { state: 'superseded', reason: 'x' }, { status: 'Rejected' }, approval],
  ])(
    'keeps an approval that is %s, and makes what was read the known status',
    async (_, change, end, seen, kept) => {
      const { rig, row, operation, stored } = closable(change);
      await closeOperation(rig, { row, operation, end: { ...end, seen } });
      expect(stored()).toMatchObject({ status: seen.status, generation: 2 });
      expect(stored().approval).toEqual(kept);
      expect(stored().firstSeen).toBe(rig.clock.now().toISOString());
      expect([stored().decisionId, stored().missingSince]).toEqual([undefined, undefined]);
    },
  );

  test('forgets an approval once something else was applied, and never makes one up', async () => {
    const removed = closable({ effect: 'delete' });
    await closeOperation(removed.rig, { ...removed, end: { ...done, seen: { status: goneStatus } } });
    expect(removed.stored()).toMatchObject({ status: goneStatus, approval: undefined });
    const without = closable();
    const row = { ...without.row, approval: undefined };
    await closeOperation(without.rig, {
      ...without,
      row,
      end: { ...done, seen: { status: 'Approved', isNamed: true } },
    });
    expect(without.stored().approval).toBeUndefined();
  });

  test('leaves the known status alone when nothing was read', async () => {
    const { rig, row, operation, stored } = closable();
    await closeOperation(rig, { row, operation, end: failed });
    expect(stored()).toMatchObject({ status: 'Pending', generation: 1, decisionId: 'd1', approval });
  });

  test('stops without a record when another process was faster with the row, or throws if nobody is to be told', async () => {
    const { rig, row, operation } = closable();
    await rig.operations.save(row.connection.target, [row]);
    let overtaken = 0;
    const whenOvertaken = () => (overtaken += 1);
    expect(await closeOperation(rig, { row, operation, end: failed, whenOvertaken })).toBeUndefined();
    expect([overtaken, rig.ledger.records]).toEqual([1, []]);
    await expect(closeOperation(rig, { row, operation, end: failed })).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
    });
  });

  test('does not take unavailable storage for another process', async () => {
    const { rig, row, operation } = closable();
    rig.operations.failNext(new PosternError('STORE_UNAVAILABLE', 'away'));
    const whenOvertaken = () => expect('nobody').toBe('overtaken');
    await expect(closeOperation(rig, { row, operation, end: failed, whenOvertaken })).rejects.toThrow('away');
  });
});
