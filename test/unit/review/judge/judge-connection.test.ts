import { goneStatus, type ConnectionState, type Operation } from '../../../../src/operations/operation';
import type { Effect } from '../../../../src/policy/decision';
import { judge, settle } from '../../../../src/review/judge/judge-connection';
import { endpointKeyOf } from '../../../../src/review/observe';
import { planReview } from '../../../../src/review/plan-review';
import type { ReviewInput } from '../../../../src/review/review-job';
import { sampleConnectionState, sampleOperation, sampleRecord } from '../../../../dev/lib/samples';
import { fakePolicy, type FakePolicy } from '../../../support/rigs/rig';
import { at, listed, now, sampleInput } from '../sample-input';

const connection = listed();

function policyWith(effect: Effect, statuses?: readonly string[]): FakePolicy {
  const policy = fakePolicy(statuses);
  policy.effects.set('one', effect);
  return policy;
}

/** Judges with a policy that decides `effect`, twice: the second time with what the first has left. */
function decided(effect: Effect, change: Partial<ReviewInput> = {}): ConnectionState {
  const plan = judge(sampleInput({ policy: policyWith(effect), ...change }), connection, undefined);
  return plan.row!;
}

function ends(plan: ReturnType<typeof judge>): unknown[] {
  return (plan.records ?? []).map(({ kind, reason }) => [kind, reason]);
}

function known(change: Partial<ConnectionState> = {}): ConnectionState {
  return sampleConnectionState({
    connection: connection.id,
    endpointKey: endpointKeyOf(connection),
    operation: undefined,
    decisionId: undefined,
    ...change,
  });
}

describe('a connection', () => {
  test('is left to its poller while a write runs', () => {
    const row = known({ operation: sampleOperation() });
    expect(judge(sampleInput({ policy: policyWith('reject') }), connection, row)).toEqual({ running: true });
  });

  test('that lags behind an applied write is read again after one polling floor', () => {
    const row = known({
      status: 'Approved',
      operation: sampleOperation({ state: 'applied', endedAt: at(-1) }),
    });
    expect(judge(sampleInput({ minPollSeconds: 15 }), connection, row)).toEqual({ againSeconds: 15 });
  });

  test('that the sweep sees first is recorded as found, also while it cannot be decided', () => {
    const input = sampleInput({ policy: policyWith('hold'), swept: true });
    expect(judge(input, connection, undefined).records).toMatchObject([
      { kind: 'found' },
      { kind: 'decided' },
    ]);
    const working = { ...connection, provisioningState: 'Updating' };
    expect(judge(input, working, undefined).records).toMatchObject([{ kind: 'found' }]);
    expect(judge(input, connection, known()).records).toMatchObject([{ kind: 'decided' }]);
    expect(judge({ ...input, swept: false }, connection, undefined).records).toHaveLength(1);
    const elsewhere = { ...working, status: 'Approved' };
    expect(judge(input, elsewhere, undefined)).toEqual({});
  });

  test('is decided once: with the same answer, its row stays as it is', () => {
    const row = decided('hold');
    expect(row).toMatchObject({ decisionId: expect.any(String), generation: 0 });
    const again = judge(sampleInput({ policy: policyWith('hold') }), connection, row);
    expect(again).toEqual({ records: [], row: undefined });
  });

  test('with another answer has another decision', () => {
    const row = decided('hold');
    const plan = judge(sampleInput({ policy: policyWith('approve') }), connection, row);
    expect(plan.records).toMatchObject([{ kind: 'decided', effect: 'approve' }]);
    expect(plan.write?.operation).toMatchObject({ attempt: 1, state: 'planned', effect: 'approve' });
  });

  test('decided although in doubt carries the doubt in its record and its row', () => {
    const why = 'ARM shows no provisioningState';
    const unclear = { since: at(-9999), why };
    const odd = { ...connection, provisioningState: undefined };
    const plan = judge(sampleInput({ policy: policyWith('hold') }), odd, known({ unclear }));
    expect(plan.records).toMatchObject([{ reason: `No rule matched; decided although ${why}` }]);
    expect(plan.row?.unclear).toBe(unclear);
    const clear = judge(sampleInput({ policy: policyWith('hold') }), connection, plan.row);
    expect(clear.row).toMatchObject({ unclear: undefined });
  });

  test('records of an earlier review that may have got lost come first', () => {
    const untold = [sampleRecord({ id: 'lost' })];
    const row = known({ operation: sampleOperation({ state: 'planned', ticket: undefined, untold }) });
    const plan = judge(sampleInput({ policy: policyWith('hold') }), connection, row);
    expect(ends(plan)).toEqual([
      ['superseded', 'A later decision needs no write'],
      ['decided', 'The endpoint is in a landing zone'],
      ['decided', 'No rule matched'],
    ]);
  });
});

describe('a planned write', () => {
  const planned = decided('approve');

  test('is what the decision asks for', () => {
    const { operation } = planned;
    expect(operation).toMatchObject({
      id: `${planned.decisionId}.1`,
      decisionId: planned.decisionId,
      attempt: 1,
      effect: 'approve',
      state: 'planned',
      plannedAt: now.toISOString(),
      dueAt: now.toISOString(),
      decided: { kind: 'decided', effect: 'approve' },
      untold: [{ kind: 'decided' }],
    });
    expect(operation).not.toHaveProperty('endsApproval');
  });

  test('goes on with the same answer', () => {
    const row = { ...planned, operation: { ...planned.operation!, untold: undefined } };
    const plan = judge(sampleInput({ policy: policyWith('approve') }), connection, row);
    expect(plan).toMatchObject({ records: [], row: undefined, write: { operation: row.operation } });
  });

  test.each<[string, Effect, string]>([
    ['that needs none', 'hold', 'A later decision needs no write'],
    ['with another one', 'reject', 'A later decision replaced this one'],
  ])('is superseded by an answer %s', (_, effect, reason) => {
    const row = { ...planned, operation: { ...planned.operation!, untold: undefined } };
    const plan = judge(sampleInput({ policy: policyWith(effect) }), connection, row);
    expect(ends(plan)[0]).toEqual(['superseded', reason]);
    expect(plan.write?.operation.effect).toBe(effect === 'hold' ? undefined : effect);
    if (effect === 'hold') expect(plan.row?.operation?.state).toBe('superseded');
  });

  test('is superseded when no rule applies to the status any more', () => {
    const row = known({ status: 'Approved', operation: sampleOperation({ state: 'planned' }) });
    const plan = judge(sampleInput(), { ...connection, status: 'Approved' }, row);
    expect(ends(plan)).toEqual([['superseded', 'No rule applies to this status any more']]);
    expect(plan.row?.operation?.state).toBe('superseded');
  });

  test('of another effect than the decision is not Postern’s work and is planned anew', () => {
    const odd = {
      ...planned,
      operation: { ...planned.operation!, effect: 'delete' as const, untold: undefined },
    };
    const plan = judge(sampleInput({ policy: policyWith('approve') }), connection, odd);
    expect(plan.write?.operation).toMatchObject({ effect: 'approve', attempt: 1 });
    expect(ends(plan)).toEqual([['superseded', 'A later decision replaced this one']]);
  });

  test('waits while there were many within the hour', () => {
    const writes = [-40, -30, -20, -10].map(at);
    const plan = judge(sampleInput({ policy: policyWith('approve') }), connection, known({ writes }));
    expect(plan.write?.operation.dueAt).toBe(at(590));
  });
});

describe('an ended write', () => {
  function after(change: Partial<Operation>, input: Partial<ReviewInput> = {}) {
    const row = decided('approve');
    const operation = { ...row.operation!, untold: undefined, state: 'failed' as const, ...change };
    return judge(sampleInput({ policy: policyWith('approve'), ...input }), connection, { ...row, operation });
  }

  test.each<[string, Partial<Operation>, Partial<ReviewInput>, number | undefined]>([
    ['before its time', { retryAt: at(1), endedAt: at(-1) }, {}, undefined],
    ['at its time', { retryAt: at(0), endedAt: at(-1) }, {}, 2],
    ['without a time', { endedAt: at(-1) }, {}, 2],
    ['before its time by a wrong clock', { retryAt: at(9999), endedAt: at(9000) }, {}, 2],
    ['before its time when a person asks', { retryAt: at(1), endedAt: at(-1) }, { isRetry: true }, 2],
    ['that was abandoned', { state: 'abandoned', endedAt: at(-1) }, {}, undefined],
    ['that was abandoned when a person asks', { state: 'abandoned', endedAt: at(-1) }, { isRetry: true }, 2],
  ])('is repeated or not, as it should: one %s', (_, change, input, attempt) => {
    const plan = after(change, input);
    expect(plan.write?.operation.attempt).toBe(attempt);
    if (attempt === undefined) expect(plan).toEqual({ records: [], row: undefined });
    else expect(plan.write?.operation).toMatchObject({ state: 'planned', untold: undefined });
  });
});

describe('a write is needed', () => {
  test.each<[boolean, Effect, string, 'audit' | 'enforce']>([
    [false, 'hold', 'Pending', 'enforce'],
    [true, 'approve', 'Pending', 'enforce'],
    [false, 'approve', 'Pending', 'audit'],
    [false, 'approve', 'Approved', 'enforce'],
    [true, 'reject', 'Approved', 'enforce'],
    [false, 'reject', 'Rejected', 'enforce'],
    [true, 'delete', 'Rejected', 'enforce'],
    [false, 'delete', 'Rejected', 'audit'],
  ])('%s: to %s what is %s in mode %s', (isNeeded, effect, status, mode) => {
    const policy = policyWith(effect, ['Pending', 'Approved', 'Rejected']);
    policy.mode = mode;
    const plan = judge(sampleInput({ policy }), { ...connection, status }, undefined);
    expect(plan.write?.operation.effect).toBe(isNeeded ? effect : undefined);
    expect(plan.records).toMatchObject([{ kind: 'decided', effect }]);
  });
});

describe('a time limit', () => {
  const limited = policyWith('approve');
  limited.expireAfterSeconds = 3600;
  const guests = { endsAt: at(-60), rules: ['guests'], proof: 'named' as const, decisionId: 'd0' };
  const both = ['Pending', 'Approved'];

  test('counts from the decision on, and stands in its record', () => {
    const plan = judge(sampleInput({ policy: limited }), connection, undefined);
    expect(plan.row?.approval).toEqual({ endsAt: at(3600), rules: ['rule-approve'] });
    expect(plan.records).toMatchObject([{ expiresAt: at(3600) }]);
    const later = sampleInput({ policy: limited, now: new Date(at(60)) });
    const again = judge(later, connection, plan.row);
    expect(again.write?.connectionState.approval?.endsAt).toBe(at(3600));
  });

  test('stands in no record of another answer', () => {
    const policy = policyWith('reject', both);
    const row = known({ status: 'Approved', approval: { ...guests, endsAt: at(60) } });
    const plan = judge(sampleInput({ policy }), { ...connection, status: 'Approved' }, row);
    expect(plan.records).toMatchObject([{ effect: 'reject', expiresAt: undefined }]);
    expect(plan.row?.approval).toEqual({ ...guests, endsAt: at(60) });
  });

  test('ends, even if its row tells nothing but the operation, and ARM leaves the endpoint out meanwhile', () => {
    const approval = { endsAt: at(-60), rules: ['guests'] };
    const operation = sampleOperation({ state: 'applied', endedAt: at(-3600) });
    const row = known({ status: 'Approved', approval, operation });
    const approved = { ...connection, status: 'Approved' };
    const nameless = { ...approved, endpoint: undefined, endpointText: undefined };
    const first = judge(sampleInput({ policy: policyWith('hold') }), nameless, row);
    expect(first.write?.operation).toMatchObject({ effect: 'delete', endsApproval: true });
    const again = judge(sampleInput({ policy: policyWith('hold') }), approved, first.row);
    expect(again.write?.operation).toMatchObject({ effect: 'delete', endsApproval: true });
    expect(again.row?.approval).toMatchObject(approval);
  });

  test('stands in no daily record of a decision that holds', () => {
    const held = judge(sampleInput({ policy: policyWith('hold') }), connection, undefined).row!;
    const row = { ...held, firstSeen: at(-86_400), approval: { ...guests, endsAt: at(60) } };
    const plan = judge(sampleInput({ policy: policyWith('hold'), isFirstToday: true }), connection, row);
    expect(plan.records).toMatchObject([{ kind: 'waited', expiresAt: undefined }]);
  });

  test('that is over deletes, and no spacing of writes delays that', () => {
    const row = known({ status: 'Approved', approval: guests, writes: [-40, -30, -20, -10].map(at) });
    const plan = judge(sampleInput(), { ...connection, status: 'Approved' }, row);
    expect(plan.write?.operation).toMatchObject({ effect: 'delete', dueAt: at(0), endsApproval: true });
    const policy = policyWith('delete', both);
    const other = judge(
      sampleInput({ policy }),
      { ...connection, status: 'Approved' },
      {
        ...row,
        approval: { ...guests, endsAt: at(60) },
      },
    );
    expect(other.write?.operation).not.toHaveProperty('endsApproval');
    expect(other.write?.operation.dueAt).toBe(at(590));
  });
});

describe('a connection that waits since an earlier day', () => {
  const policy = policyWith('hold', ['Pending', 'Approved']);
  const waits = (row: ConnectionState, change: Partial<ReviewInput> = {}, status = 'Pending'): boolean =>
    (
      judge(sampleInput({ policy, isFirstToday: true, ...change }), { ...connection, status }, row).records ??
      []
    )
      .map(({ kind }) => kind)
      .includes('waited');
  const endsAt = at(-86_400);
  const approval = { endsAt, rules: ['guests'], proof: 'named' as const };

  test('is recorded with the first review of a day', () => {
    const yesterday = known({ firstSeen: '2026-01-04T23:59:59.000Z' });
    expect(waits(yesterday)).toBe(true);
    expect(waits(yesterday, { isFirstToday: false })).toBe(false);
    expect(waits(known({ firstSeen: '2026-01-05T00:00:00.000Z' }))).toBe(false);
  });

  test('is one whose approval should have ended on an earlier day, too', () => {
    const row = known({ status: 'Approved', approval });
    expect(waits(row, {}, 'Approved')).toBe(true);
    const today = { ...row, approval: { ...approval, endsAt: at(-60) } };
    expect(waits(today, {}, 'Approved')).toBe(false);
    expect(waits({ ...row, approval: undefined }, {}, 'Approved')).toBe(false);
  });
});

describe('a row is stored', () => {
  const row = known({ decisionId: 'd1', operation: sampleOperation({ state: 'failed' }) });
  const rowOf = (next: Partial<ConnectionState>): ConnectionState | undefined =>
    settle(row, { connectionState: { ...row, ...next }, records: [] }, []).row;

  test('when it is new, and not when it is as it was', () => {
    expect(settle(undefined, { connectionState: row, records: [] }, []).row).toBe(row);
    expect(rowOf({})).toBeUndefined();
  });

  test.each<[string, Partial<ConnectionState>]>([
    ['generation', { generation: 9 }],
    ['decision', { decisionId: 'd2' }],
    ['time limit', { approval: { endsAt: at(1), rules: [] } }],
    ['absence', { missingSince: at(-1) }],
    ['doubt', { unclear: { since: at(-1), why: 'x' } }],
    ['operation', { operation: sampleOperation({ state: 'failed' }) }],
    ['end', { forget: true }],
  ])('when it has another %s', (_, change) => {
    expect(rowOf(change)).toMatchObject(change);
  });

  test('with the records of what it ended first', () => {
    const [first, second] = [sampleRecord({ id: 'a' }), sampleRecord({ id: 'b' })];
    expect(settle(row, { connectionState: row, records: [first] }, [second]).records).toEqual([
      first,
      second,
    ]);
  });
});

describe('a review of a target', () => {
  const named = (name: string) => listed({ name });
  const rowOf = (name: string, change: Partial<ConnectionState> = {}): ConnectionState =>
    known({ connection: named(name).id, endpointKey: endpointKeyOf(named(name)), ...change });

  test('writes approvals first, then rejections, then deletions, the oldest of each first', () => {
    const policy = fakePolicy();
    const effects = { a: 'delete', b: 'reject', c: 'approve', d: 'approve', e: 'reject' } as const;
    for (const [name, effect] of Object.entries(effects)) policy.effects.set(name, effect);
    const connections = Object.keys(effects).map(named);
    const first = planReview(sampleInput({ policy }, connections));
    expect(first.writes.map(({ connection: { id } }) => id.name).join('')).toBe('cdbea');
    const older = first.rows.map((row) => {
      const isOld = row.connection.name === 'd';
      const plannedAt = isOld ? at(-60) : row.operation!.plannedAt;
      return { ...row, operation: { ...row.operation!, untold: undefined, plannedAt } };
    });
    const second = planReview(sampleInput({ policy, connectionStates: older }, connections));
    expect(second.writes.map(({ connection: { id } }) => id.name).join('')).toBe('dcbea');
  });

  test('is followed by another one as soon as the first connection wants it', () => {
    const working = { ...named('a'), provisioningState: 'Updating' };
    const longer = rowOf('b', {
      unclear: { since: at(-300), why: 'Azure is at work on it: provisioningState is Updating' },
    });
    const input = sampleInput({ connectionStates: [longer] }, [
      { ...named('b'), provisioningState: 'Updating' },
      working,
    ]);
    expect(planReview(input).againSeconds).toBe(10);
    expect(
      planReview(sampleInput({ policy: policyWith('hold') }, [connection])).againSeconds,
    ).toBeUndefined();
  });

  test('waits for a second listing before a connection counts as gone', () => {
    const first = planReview(sampleInput({ connectionStates: [rowOf('a')] }));
    expect(first).toMatchObject({ againSeconds: 30, running: false, records: [] });
    expect(first.rows).toMatchObject([{ missingSince: now.toISOString(), status: 'Pending' }]);
    const second = planReview(sampleInput({ connectionStates: [rowOf('a', { missingSince: at(-30) })] }));
    expect(second.againSeconds).toBeUndefined();
    expect(second.rows).toMatchObject([{ status: goneStatus, forget: true }]);
  });

  test('leaves a missing connection to the poller of its write', () => {
    const row = rowOf('a', { operation: sampleOperation(), missingSince: at(-9999) });
    expect(planReview(sampleInput({ connectionStates: [row] }))).toMatchObject({ running: true, rows: [] });
  });

  test('tells the records that a missing connection left behind', () => {
    const untold = [sampleRecord({ id: 'lost' })];
    const operation = sampleOperation({ state: 'planned', untold });
    const { records } = planReview(sampleInput({ connectionStates: [rowOf('a', { operation })] }));
    expect(records.map(({ id }) => id)).toEqual(['lost']);
  });

  test('neither decides nor forgets what is listed but cannot be read', () => {
    const row = rowOf('a', { missingSince: at(-9999) });
    const malformed = (id: string) => ({ connections: [], malformed: [{ id, problem: 'odd' }] });
    for (const id of [row.connection.id.toUpperCase(), '']) {
      const plan = planReview(sampleInput({ connectionStates: [row], listing: malformed(id) }));
      expect(plan).toMatchObject({ rows: [], running: false, againSeconds: undefined });
      expect(plan.records).toMatchObject([{ kind: 'ignored' }]);
    }
    const other = planReview(sampleInput({ connectionStates: [row], listing: malformed('/other') }));
    expect(other.rows).toMatchObject([{ status: goneStatus }]);
  });

  test('knows of a write that runs on a connection that cannot be read', () => {
    const row = rowOf('a', { operation: sampleOperation() });
    const listing = { connections: [], malformed: [{ id: row.connection.id, problem: 'odd' }] };
    expect(planReview(sampleInput({ connectionStates: [row], listing })).running).toBe(true);
    const ended = rowOf('a', { operation: sampleOperation({ state: 'applied' }) });
    expect(planReview(sampleInput({ connectionStates: [ended], listing })).running).toBe(false);
  });
});
