import { sampleOperation, sampleConnectionState, sampleTarget } from '../../../dev/lib/samples';
import { composeDescriptions } from '../../../src/operations/description';
import type { Operation, ConnectionState } from '../../../src/operations/operation';
import { reconcile, reconcileMissing, supersedePlanned } from '../../../src/review/observe';
import { FakeArm } from '../../support/fakes/fake-arm';

const now = new Date('2026-01-05T13:00:00Z');
/** Long enough ago. */
const missingSince = '2026-01-05T12:59:30Z';
const arm = new FakeArm(sampleTarget());
const approval = { endsAt: '2026-02-01T00:00:00.000Z', rules: ['contractors'] };

function known(operation: Partial<Operation>, change: Partial<ConnectionState> = {}): ConnectionState {
  const { endpoint, id } = arm.seed({ name: 'one' });
  return sampleConnectionState({
    connection: id,
    endpointKey: endpoint?.key ?? '',
    operation: sampleOperation({ ticket: undefined, ...operation }),
    ...change,
  });
}

const ends = (reconciled: ReturnType<typeof reconcile>): unknown[] =>
  reconciled.records.map(({ kind, reason }) => [kind, reason]);

describe('a planned operation', () => {
  test('goes on while its question is the same', () => {
    const before = known({ state: 'planned' });
    expect(reconcile(arm.seed({ name: 'one' }), before, now)).toEqual({
      connectionState: before,
      records: [],
    });
  });

  test('is superseded when the status has changed, whatever it is now', () => {
    const reconciled = reconcile(
      arm.seed({ name: 'one', status: 'Approved' }),
      known({ state: 'planned' }),
      now,
    );
    expect(ends(reconciled)).toEqual([['superseded', 'The connection changed before the write']]);
    expect(reconciled.connectionState).toMatchObject({
      status: 'Approved',
      operation: { state: 'superseded' },
    });
  });

  test.each([
    ['delete', 'applied', 'The connection is gone'],
    ['approve', 'superseded', 'The connection went away before the write'],
    ['reject', 'superseded', 'The connection went away before the write'],
  ] as const)('to %s is %s when the connection is gone', (effect, state, reason) => {
    const reconciled = reconcileMissing(known({ effect, state: 'planned' }, { missingSince }), now, 30);
    expect(ends(reconciled)).toEqual([[state, reason]]);
    expect(reconciled.connectionState).toMatchObject({ status: '(gone)', operation: { state } });
  });

  test('is superseded when a later decision takes its place, for the reason that is given', () => {
    const reconciled = supersedePlanned(known({ state: 'planned' }), 'A later decision needs no write', now);
    expect(ends(reconciled)).toEqual([['superseded', 'A later decision needs no write']]);
  });
});

test('an operation that has ended is left as it is', () => {
  const before = known({ state: 'failed' });
  expect(supersedePlanned(before, 'no', now)).toEqual({ connectionState: before, records: [] });
  expect(reconcileMissing({ ...before, missingSince }, now, 30).connectionState.operation).toEqual(
    before.operation,
  );
  const deleting = known({ effect: 'delete', state: 'failed' }, { missingSince });
  expect(reconcileMissing(deleting, now, 30).connectionState.operation?.state).toBe('failed');
});

describe('a decision that was left open', () => {
  const held = (change: Partial<ConnectionState> = {}): ConnectionState => ({
    ...known({}, { decisionId: 'd9', ...change }),
    operation: undefined,
  });
  const approvedNow = (message = '') => arm.seed({ name: 'one', status: 'Approved', message });

  test('a hold is closed when somebody else answers: the record says what was decided, and since when it waited', () => {
    const [record] = reconcile(approvedNow(), held(), now).records;
    expect(record).toEqual({
      version: 1,
      id: 'd9|superseded',
      kind: 'superseded',
      at: now.toISOString(),
      decisionId: 'd9',
      target: sampleTarget().id,
      targetType: 'Microsoft.KeyVault/vaults',
      connection: approvedNow().id.id,
      status: 'Pending',
      firstSeen: '2026-01-05T11:59:00.000Z',
      reason: 'Someone else changed the status to Approved',
    });
  });

  test('a hold is closed once when the connection goes away', () => {
    const reconciled = reconcileMissing(held({ missingSince }), now, 30);
    expect(ends(reconciled)).toEqual([['superseded', 'The connection went away']]);
    expect(reconcileMissing(reconciled.connectionState, now, 30).records).toEqual([]);
  });

  test('a hold is closed when its name belongs to another endpoint', () => {
    const reconciled = reconcile(
      arm.seed({ name: 'one' }),
      held({ endpointKey: '/subscriptions/other' }),
      now,
    );
    expect(ends(reconciled)).toEqual([['superseded', 'The connection name now belongs to another endpoint']]);
  });

  test.each(['failed', 'expired', 'abandoned'] as const)(
    'what was %s is closed when the status changes after all',
    (state) => {
      expect(ends(reconcile(approvedNow(), known({ state }), now))).toEqual([
        ['superseded', 'Someone else changed the status to Approved'],
      ]);
    },
  );

  test('an expired approval that came true later is not called somebody else’s', () => {
    const { decisionId } = sampleOperation();
    const note = composeDescriptions({ message: 'hi', effect: 'approve', rules: [], decisionId })[0];
    expect(ends(reconcile(approvedNow(note), known({ state: 'expired' }), now))).toEqual([
      ['superseded', 'The status became Approved after all: the description names this decision'],
    ]);
  });

  test('what was carried out, or tells of its end itself, is not closed a second time', () => {
    expect(ends(reconcile(approvedNow(), known({ state: 'applied' }), now))).toEqual([]);
    expect(ends(reconcile(approvedNow(), known({ state: 'superseded' }), now))).toEqual([]);
    expect(ends(reconcile(approvedNow(), known({ state: 'planned' }), now))).toHaveLength(1);
  });

  test('what was never decided is not closed', () => {
    expect(ends(reconcile(approvedNow(), held({ decisionId: undefined }), now))).toEqual([]);
  });
});

describe('the end of an approval stays with the connection', () => {
  const approvedNow = (message = '') => arm.seed({ name: 'one', status: 'Approved', message });
  const after = (operation: Partial<Operation>, message?: string) =>
    reconcile(approvedNow(message), known(operation, { approval }), now).connectionState.approval;

  test('when Postern has approved it', () => {
    expect(after({ state: 'applied' })).toEqual(approval);
  });

  test('when its note is there, although the operation could not be proven in time', () => {
    const { decisionId } = sampleOperation();
    const note = composeDescriptions({
      message: 'hi',
      effect: 'approve',
      rules: ['contractors'],
      decisionId,
    })[0];
    expect(after({ state: 'expired' }, note)).toEqual(approval);
  });

  test('but not when somebody else has approved it', () => {
    expect(after({ state: 'failed' }, 'by hand')).toBeUndefined();
    expect(after({ state: 'planned' }, 'by hand')).toBeUndefined();
    expect(after({ state: 'applied', effect: 'reject' })).toBeUndefined();
  });
});
