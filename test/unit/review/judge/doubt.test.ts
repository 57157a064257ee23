import { goneStatus, type ConnectionState, type Operation } from '../../../../src/operations/operation';
import { doubtOf, isLagging, leaveUndecided } from '../../../../src/review/judge/doubt';
import { endpointKeyOf } from '../../../../src/review/observe';
import { sampleConnectionState, sampleOperation, sampleRecord } from '../../../../dev/lib/samples';
import { fakePolicy } from '../../../support/rigs/rig';
import { at, listed, now, sampleInput } from '../sample-input';

const connection = listed();
const endpointKey = endpointKeyOf(connection);

function known(change: Partial<ConnectionState> = {}): ConnectionState {
  return sampleConnectionState({
    connection: connection.id,
    endpointKey,
    operation: undefined,
    decisionId: undefined,
    ...change,
  });
}

describe('a reading that says nothing certain', () => {
  const working = listed({ provisioningState: 'Updating' });
  const unknown = listed({ provisioningState: 'Zzz' });

  test('is none if the state is final and the endpoint is known', () => {
    expect(doubtOf(sampleInput(), connection, undefined)).toBeUndefined();
    expect(doubtOf(sampleInput(), connection, known())).toBeUndefined();
  });

  test.each([
    ['Updating', 'Azure is at work on it: provisioningState is Updating'],
    ['Zzz', 'nobody documented what provisioningState "Zzz" means'],
    ['Z'.repeat(200), `nobody documented what provisioningState "${'Z'.repeat(100)}" means`],
    [undefined, 'ARM shows no provisioningState'],
  ])('says why: for the state %s', (provisioningState, why) => {
    expect(doubtOf(sampleInput(), listed({ provisioningState }), undefined)).toEqual({
      unclear: { since: now.toISOString(), why },
      isDecided: false,
      retryAfterSeconds: 0,
    });
  });

  test('names an endpoint that could not be read first, and when ARM wants to be asked again', () => {
    const input = sampleInput({ unread: new Set([endpointKey]), retryAfterSeconds: 40 });
    const expected = { unclear: { why: 'its endpoint could not be read' }, retryAfterSeconds: 40 };
    expect(doubtOf(input, unknown, undefined)).toMatchObject(expected);
    const others = sampleInput({ unread: new Set(['/subscriptions/other']) });
    expect(doubtOf(others, connection, undefined)).toBeUndefined();
    expect(doubtOf(input, { ...connection, endpoint: undefined }, undefined)).toBeUndefined();
  });

  test('is an endpoint that ARM has named before, and does not now', () => {
    const nameless = { ...connection, endpoint: undefined, endpointText: undefined };
    const why = 'ARM has named its endpoint before, and does not now';
    expect(doubtOf(sampleInput(), nameless, known())?.unclear.why).toBe(why);
    expect(doubtOf(sampleInput(), { ...nameless, endpointText: '/odd' }, known())?.unclear.why).toBe(why);
    expect(doubtOf(sampleInput(), nameless, known({ endpointKey: '' }))).toBeUndefined();
    const odd = { ...nameless, endpointText: '/odd' };
    expect(doubtOf(sampleInput(), odd, known({ endpointKey: '/odd' }))).toBeUndefined();
    expect(doubtOf(sampleInput(), nameless, undefined)).toBeUndefined();
  });

  test('is waited for within a bound if ARM leaves out the endpoint', () => {
    const nameless = { ...connection, endpoint: undefined, endpointText: undefined };
    const unclear = { since: at(-120), why: 'ARM has named its endpoint before, and does not now' };
    expect(doubtOf(sampleInput(), nameless, known({ unclear }))?.isDecided).toBe(true);
  });

  const why = 'nobody documented what provisioningState "Zzz" means';
  test.each<[boolean, number, typeof unknown, string]>([
    [false, -119, unknown, why],
    [true, -120, unknown, why],
    [false, -9999, working, 'Azure is at work on it: provisioningState is Updating'],
  ])('it is %s that it may be decided after %s s', (isDecided, since, view, reason) => {
    const unclear = { since: at(since), why: reason, toldOn: '2026-01-04' };
    const doubt = doubtOf(sampleInput(), view, known({ unclear }));
    expect(doubt).toEqual({ unclear, isDecided, retryAfterSeconds: 0 });
  });

  test('begins anew with another reason, but is still told once a day', () => {
    const unclear = { since: at(-9999), why: 'another one', toldOn: '2026-01-05' };
    expect(doubtOf(sampleInput(), unknown, known({ unclear }))).toMatchObject({
      unclear: { since: now.toISOString(), why, toldOn: '2026-01-05' },
      isDecided: false,
    });
  });

  test('does not keep an approval in force whose time is over, unless Azure is at work on it', () => {
    const approval = { endsAt: at(-1), rules: ['guests'], proof: 'named' as const };
    const row = known({ status: 'Approved', approval });
    const approved = { ...unknown, status: 'Approved' };
    expect(doubtOf(sampleInput(), approved, row)?.isDecided).toBe(true);
    expect(doubtOf(sampleInput(), { ...working, status: 'Approved' }, row)?.isDecided).toBe(false);
    const lasting = { ...row, approval: { ...approval, endsAt: at(1) } };
    expect(doubtOf(sampleInput(), approved, lasting)?.isDecided).toBe(false);
  });
});

describe('a connection that is left undecided', () => {
  const doubt = (since: number, more: object = {}) => ({
    unclear: { since: at(since), why: 'Azure is at work on it', ...more },
    isDecided: false,
    retryAfterSeconds: 0,
  });

  test('is remembered from the first reading on', () => {
    const plan = leaveUndecided(sampleInput({ nextGeneration: 7 }), connection, undefined, doubt(0));
    expect(plan).toEqual({
      records: [],
      row: {
        connection: connection.id,
        endpointKey,
        status: 'Pending',
        generation: 7,
        firstSeen: now.toISOString(),
        missingSince: undefined,
        unclear: doubt(0).unclear,
      },
      againSeconds: 10,
    });
  });

  test.each([
    [10, 0, 0],
    [10, -10, 0],
    [100, -99.5, 0],
    [900, -5000, 0],
    [1200, -5000, 1200],
    [10, 0, 5],
  ])('is read again after %s s when it is so since %s s and ARM asked for %s s', (seconds, since, asked) => {
    const plan = leaveUndecided(sampleInput(), connection, known(), {
      ...doubt(since),
      retryAfterSeconds: asked,
    });
    expect(plan.againSeconds).toBe(seconds);
  });

  test('is stored only when something has changed', () => {
    const { unclear } = doubt(-30);
    const rowOf = (change: Partial<ConnectionState>) =>
      leaveUndecided(sampleInput(), connection, known({ firstSeen: at(-60), ...change }), {
        ...doubt(0),
        unclear,
      }).row;
    expect(rowOf({ unclear })).toBeUndefined();
    expect(rowOf({})).toMatchObject({ unclear });
    expect(rowOf({ unclear, missingSince: at(-10) })).toMatchObject({ missingSince: undefined });
  });

  test.each<[string, number, string | undefined, boolean]>([
    ['after a quarter of an hour', -900, undefined, true],
    ['not before', -899, undefined, false],
    ['not twice on a day', -9000, '2026-01-05', false],
    ['on the next day again', -90_000, '2026-01-04', true],
  ])('is recorded %s', (_, firstSeen, toldOn, isRecorded) => {
    const given = doubt(-30, toldOn === undefined ? {} : { toldOn });
    const plan = leaveUndecided(sampleInput(), connection, known({ firstSeen: at(firstSeen) }), given);
    expect(plan.records).toHaveLength(isRecorded ? 1 : 0);
    expect(plan.row?.unclear?.toldOn).toBe(isRecorded ? '2026-01-05' : toldOn);
    if (isRecorded) {
      expect(plan.records).toMatchObject([
        { kind: 'waited', firstSeen: at(firstSeen), reason: 'Not decided: Azure is at work on it' },
      ]);
    }
  });

  const approval = { endsAt: at(99), rules: [] };
  test.each<[boolean, string, string, Partial<ConnectionState> | undefined]>([
    [true, 'has a status of the policy', 'PENDING', undefined],
    [false, 'has another status', 'Approved', undefined],
    [false, 'has nothing open', 'Approved', {}],
    [true, 'has a decision', 'Approved', { decisionId: 'd1' }],
    [true, 'has a time limit', 'Approved', { approval }],
    [true, 'has an open operation', 'Approved', { operation: sampleOperation({ state: 'planned' }) }],
    [false, 'has an ended operation', 'Approved', { operation: sampleOperation({ state: 'failed' }) }],
  ])('it is %s that it concerns somebody: it %s', (expected, _, status, change) => {
    const row = change && known(change);
    const plan = leaveUndecided(sampleInput(), { ...connection, status }, row, doubt(-30));
    expect(plan.againSeconds !== undefined).toBe(expected);
    if (!expected) expect(plan).toEqual({});
  });

  test('concerns every status that a rule names', () => {
    const input = sampleInput({ policy: fakePolicy(['Pending', 'Rejected']) });
    const rejected = { ...connection, status: 'Rejected' };
    expect(leaveUndecided(input, rejected, undefined, doubt(0)).againSeconds).toBe(10);
  });
});

describe('a reading that shows the status from before a write', () => {
  const ticket = { ...sampleOperation().ticket!, statusBefore: 'Pending' };
  const applied = { state: 'applied', endedAt: at(-30), ticket } as const;
  const row = (operation: Partial<Operation>, change: Partial<ConnectionState> = {}): ConnectionState =>
    known({ status: 'Approved', operation: sampleOperation(operation), ...change });
  const decided = sampleRecord({ status: 'Pending' });

  test.each<[boolean, string, ConnectionState | undefined]>([
    [true, 'after it was applied', row(applied)],
    [true, 'after it was superseded', row({ ...applied, state: 'superseded' })],
    [false, 'after it failed', row({ ...applied, state: 'failed' })],
    [false, 'a minute after the end', row({ ...applied, endedAt: at(-60) })],
    [true, 'right before that', row({ ...applied, endedAt: at(-59) })],
    [true, 'at the moment of the end', row({ ...applied, endedAt: at(0) })],
    [false, 'before the end, by a wrong clock', row({ ...applied, endedAt: at(1) })],
    [false, 'while it runs', row({ ...applied, endedAt: undefined })],
    [false, 'that the proof showed as well', row(applied, { status: 'pending' })],
    [
      false,
      'if that is not the status before',
      row({ ...applied, ticket: { ...ticket, statusBefore: 'Rejected' } }),
    ],
    [true, 'of which only the record knows', row({ ...applied, ticket: undefined, decided })],
    [
      false,
      'of which nobody knows',
      row({ ...applied, ticket: undefined, decided: sampleRecord({ status: undefined }) }),
    ],
    [false, 'of another endpoint', row(applied, { endpointKey: '/subscriptions/other' })],
    [true, 'after a deletion', row({ ...applied, effect: 'delete' }, { status: goneStatus })],
    [false, 'without an operation', known({ status: 'Approved' })],
    [false, 'of a new connection', undefined],
  ])('it is %s that it lags: %s', (expected, _, previous) => {
    expect(isLagging(sampleInput(), connection, previous)).toBe(expected);
  });
});
