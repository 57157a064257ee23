import { sampleOperation, sampleConnectionState, sampleTarget } from '../../../dev/lib/samples';
import { composeDescriptions } from '../../../src/operations/description';
import type { Operation, ConnectionState } from '../../../src/operations/operation';
import {
  asEnded,
  endpointKeyOf,
  isOfAnotherEndpoint,
  observe,
  observeMissing,
  reconcile,
  reconcileMissing,
  supersedePlanned,
} from '../../../src/review/observe';
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

  test('while it shows another status, whoever has set that', () => {
    const rejected = arm.seed({ name: 'one', status: 'Rejected', message: 'by hand' });
    const row = known({ state: 'failed' }, { approval });
    expect(reconcile(rejected, row, now).connectionState.approval).toEqual(approval);
  });

  test('but not when somebody else has approved it', () => {
    expect(after({ state: 'failed' }, 'by hand')).toBeUndefined();
    expect(after({ state: 'planned' }, 'by hand')).toBeUndefined();
    expect(after({ state: 'applied', effect: 'reject' })).toBeUndefined();
  });
});

describe('a reading', () => {
  const connection = arm.seed({ name: 'one' });
  const row = known({ state: 'failed' }, { generation: 4, decisionId: 'd4' });

  test('of a new connection begins its row', () => {
    expect(observe(undefined, connection, now, 9)).toEqual({
      connection: connection.id,
      endpointKey: connection.endpoint!.key,
      status: 'Pending',
      generation: 9,
      firstSeen: now.toISOString(),
    });
    expect(observe(undefined, connection, now).generation).toBe(0);
  });

  test('that shows what is known changes nothing, but that the connection is there', () => {
    expect(observe(row, connection, now)).toBe(row);
    expect(observe({ ...row, missingSince }, connection, now)).toEqual({ ...row, missingSince: undefined });
  });

  test('of another status or endpoint is a new question', () => {
    const next = { generation: 5, firstSeen: now.toISOString(), decisionId: undefined };
    const found = { ...row, missingSince };
    expect(observe(found, { ...connection, status: 'Rejected' }, now)).toMatchObject({
      ...next,
      status: 'Rejected',
    });
    expect(observe(found, { ...connection, status: 'Rejected' }, now).missingSince).toBeUndefined();
    const elsewhere = observe(
      { ...row, approval },
      arm.seed({ name: 'one', subscription: '33333333-3333-3333-3333-333333333333' }),
      now,
    );
    expect(elsewhere).toMatchObject({ ...next, approval: undefined });
  });

  test('of an endpoint that ARM leaves out keeps the approval; so does the endpoint that was approved', () => {
    const nameless = { ...connection, endpoint: undefined, endpointText: undefined };
    expect(endpointKeyOf(nameless)).toBe('');
    const lost = observe({ ...row, approval }, nameless, now);
    expect(lost).toMatchObject({ approval, endpointKey: '', generation: 5 });
    expect(observe(lost, connection, now)).toMatchObject({ approval, generation: 6 });
    const bound = { ...lost, approval: { ...approval, endpointKey: '/subscriptions/other' } };
    expect(observe(bound, connection, now).approval).toBeUndefined();
  });

  test('names another endpoint only if both are known', () => {
    const { endpoint } = connection;
    expect(isOfAnotherEndpoint({ endpointKey: endpoint!.key }, connection)).toBe(false);
    expect(isOfAnotherEndpoint({ endpointKey: '/other' }, connection)).toBe(true);
    expect(isOfAnotherEndpoint({ endpointKey: '' }, connection)).toBe(false);
    expect(isOfAnotherEndpoint({ endpointKey: '/other' }, { ...connection, endpoint: undefined })).toBe(
      false,
    );
    expect(endpointKeyOf({ ...connection, endpoint: undefined, endpointText: '/odd' })).toBe('/odd');
  });
});

describe('a listing without a connection', () => {
  const row = known(
    { state: 'failed' },
    { generation: 4, decisionId: 'd4', unclear: { since: missingSince, why: 'x' } },
  );

  test('is noted the first time, and believed half a minute later', () => {
    const first = observeMissing(row, now, 30);
    expect(first).toEqual({
      absence: 'missing',
      connectionState: { ...row, missingSince: now.toISOString() },
    });
    const tooSoon = { ...row, missingSince: '2026-01-05T12:59:31Z' };
    expect(observeMissing(tooSoon, now, 30)).toEqual({ absence: 'missing', connectionState: tooSoon });
    expect(observeMissing({ ...row, missingSince }, now, 30)).toEqual({
      absence: 'gone',
      connectionState: {
        ...row,
        status: '(gone)',
        generation: 5,
        firstSeen: now.toISOString(),
        decisionId: undefined,
        missingSince: undefined,
        unclear: undefined,
        forget: true,
      },
    });
  });

  test('leaves what is gone as it is, for as long as its approval may come back', () => {
    const gone = { ...row, status: '(gone)', approval: { ...approval, proof: 'named' as const } };
    expect(observeMissing(gone, now, 30)).toEqual({ absence: 'gone', connectionState: gone });
    const later = new Date('2026-03-01T00:00:00Z');
    expect(observeMissing(gone, later, 30).connectionState.forget).toBe(true);
    const planned = { ...gone, operation: sampleOperation({ state: 'planned' }) };
    expect(reconcileMissing(planned, now, 30)).toEqual({
      absence: 'gone',
      connectionState: planned,
      records: [],
    });
  });
});

test.each<[string, Partial<Operation>, Partial<ConnectionState>, Partial<ConnectionState> | undefined]>([
  ['approval', { state: 'applied' }, {}, { status: 'Approved', generation: 2, decisionId: undefined }],
  ['rejection', { state: 'applied', effect: 'reject' }, {}, { status: 'Rejected', generation: 2 }],
  ['deletion', { state: 'applied', effect: 'delete' }, {}, { status: '(gone)', generation: 2 }],
  ['approval that is known', { state: 'applied' }, { status: 'approved' }, undefined],
  ['approval of another decision', { state: 'applied' }, { decisionId: 'other' }, undefined],
  ['approval that failed', { state: 'failed' }, {}, undefined],
])('a row of an earlier version knows what came of its %s', (_, operation, change, expected) => {
  const row = known(operation, { decisionId: 'd1', ...change });
  if (expected === undefined) expect(asEnded(row)).toBe(row);
  else expect(asEnded(row)).toEqual({ ...row, decisionId: undefined, ...expected });
});
