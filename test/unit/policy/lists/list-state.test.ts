import { snapshotOf } from '../../../../src/policy/lists/list-snapshot';
import {
  accepted,
  advance,
  type ListReading,
  type ListState,
  usableList,
} from '../../../../src/policy/lists/list-state';
import type { ManagedList } from '../../../../src/policy/lists/managed-list';

const tenantId = '10000000-0000-0000-0000-000000000000';
const list: ManagedList = { name: 'zones', source: { group: 'corp', tags: {} }, maxAgeSeconds: 86_400 };
const start = Date.parse('2026-03-01T12:00:00.000Z');
const at = (hours: number): Date => new Date(start + hours * 3_600_000);
const ids = (from: number, to: number): string[] =>
  Array.from(
    { length: to - from },
    (_, index) => `00000000-0000-0000-0000-${String(from + index).padStart(12, '0')}`,
  );

function whole(entries: readonly string[], hours: number, tenant = tenantId): ListReading {
  return {
    kind: 'whole',
    snapshot: snapshotOf({ tenantId: tenant, entries, readAt: at(hours).toISOString() }),
  };
}
const failed: ListReading = { kind: 'failed', problem: 'ARM is away' };

function after(...readings: readonly (readonly [ListReading, number])[]): ListState | undefined {
  return readings.reduce<ListState | undefined>(
    (state, [reading, hours]) => advance(state, list, { reading, now: at(hours) }).state,
    undefined,
  );
}

function usable(state: ListState | undefined, hours: number): readonly string[] | undefined {
  return usableList(state, list, at(hours))?.entries;
}

test('the first complete reading is taken and recorded', () => {
  const { state, event } = advance(undefined, list, { reading: whole(ids(0, 3), 0), now: at(0) });
  expect(usable(state, 0)).toEqual(ids(0, 3));
  expect(event).toEqual({ kind: 'changed', came: ids(0, 3), went: [] });
});

test('a flood of new subscriptions is taken and recorded', () => {
  const state = after([whole(ids(0, 3), 0), 0]);
  const { state: next, event } = advance(state, list, { reading: whole(ids(0, 4_000), 1), now: at(1) });
  expect(usable(next, 1)).toHaveLength(4_000);
  expect(event).toMatchObject({ kind: 'changed', came: ids(3, 4_000), went: [] });
  expect(next.changed).toEqual({ at: at(1).toISOString(), came: 3_997, went: 0 });
});

test('the same entries are younger, and nothing is recorded', () => {
  const state = after([whole(ids(0, 3), 0), 0]);
  const { state: next, event } = advance(state, list, { reading: whole(ids(0, 3), 20), now: at(20) });
  expect(event).toBeUndefined();
  expect(usable(next, 43)).toEqual(ids(0, 3));
  expect(next.changed).toEqual(state?.changed);
});

describe('a reading that has lost much', () => {
  test.each([
    ['four of ten are taken', 10, 6, true],
    ['five of ten wait', 10, 5, false],
    ['five of twenty-five are taken', 25, 20, true],
    ['six of twenty-five wait', 25, 19, false],
    ['two of two wait: the list would be empty', 2, 0, false],
  ])('%s', (_, before, left, isTaken) => {
    const state = after([whole(ids(0, before), 0), 0], [whole(ids(0, left), 1), 1]);
    expect(usable(state, 1)).toEqual(ids(0, isTaken ? left : before));
    expect(state?.aside === undefined).toBe(isTaken);
  });

  test('is recorded once for each that differs, and keeps since when', () => {
    const state = after([whole(ids(0, 10), 0), 0]);
    const one = advance(state, list, { reading: whole(ids(0, 2), 1), now: at(1) });
    expect(one.event).toEqual({ kind: 'withheld', came: [], went: ids(2, 10) });
    const two = advance(one.state, list, { reading: whole(ids(0, 2), 2), now: at(2) });
    expect(two.event).toBeUndefined();
    const three = advance(two.state, list, { reading: whole(ids(0, 1), 3), now: at(3) });
    expect(three.event).toMatchObject({ kind: 'withheld', went: ids(1, 10) });
    expect(three.state.aside?.since).toBe(at(1).toISOString());
  });

  test('leaves the last one in force until it is too old; then the list is absent', () => {
    const state = after([whole(ids(0, 10), 0), 0], [whole([], 1), 1], [whole([], 23), 23]);
    expect(usable(state, 23.9)).toEqual(ids(0, 10));
    expect(usable(state, 24)).toBeUndefined();
  });

  test('is forgotten when the source is as before', () => {
    const state = after([whole(ids(0, 10), 0), 0], [whole([], 1), 1], [whole(ids(0, 10), 2), 2]);
    expect(state?.aside).toBeUndefined();
    expect(usable(state, 25)).toEqual(ids(0, 10));
  });

  test('is taken once a person accepts it', () => {
    const state = after([whole(ids(0, 10), 0), 0], [whole(ids(0, 2), 1), 1]);
    const next = state && accepted(state, at(2));
    expect(usable(next, 2)).toEqual(ids(0, 2));
    expect(next?.changed).toEqual({ at: at(2).toISOString(), came: 0, went: 8 });
    expect(next && accepted(next, at(2))).toBeUndefined();
  });

  test('an empty list counts only after a person has accepted it', () => {
    const state = after([whole([], 0), 0]);
    expect(usable(state, 0)).toBeUndefined();
    expect(state && usable(accepted(state, at(0)), 0)).toEqual([]);
  });
});

describe('a reading that fails', () => {
  test('is recorded once until one succeeds', () => {
    const state = after([whole(ids(0, 3), 0), 0]);
    const one = advance(state, list, { reading: failed, now: at(1) });
    expect(one.event).toEqual({ kind: 'stale', problem: 'ARM is away' });
    const two = advance(one.state, list, { reading: failed, now: at(2) });
    expect(two.event).toBeUndefined();
    expect(two.state.stale?.since).toBe(at(1).toISOString());
    const good = advance(two.state, list, { reading: whole(ids(0, 3), 3), now: at(3) });
    expect(advance(good.state, list, { reading: failed, now: at(4) }).event).toBeDefined();
  });

  test('leaves the last one in force until it is too old; then the list is absent', () => {
    const state = after([whole(ids(0, 3), 0), 0], [failed, 1], [failed, 23]);
    expect(usable(state, 23.9)).toEqual(ids(0, 3));
    expect(usable(state, 24)).toBeUndefined();
  });

  test('and no other before it: the list is absent', () => {
    expect(usable(after([failed, 0]), 0)).toBeUndefined();
    expect(usable(undefined, 0)).toBeUndefined();
  });
});

describe('two instances', () => {
  test('an older reading that arrives later changes nothing', () => {
    const state = after([whole(ids(0, 3), 1), 1], [whole(ids(0, 4), 0), 1]);
    expect(usable(state, 1)).toEqual(ids(0, 3));
  });

  test('clocks a few minutes apart do not make a list absent', () => {
    const state = after([whole(ids(0, 3), 0), 0]);
    expect(usable(state, -0.05)).toEqual(ids(0, 3));
  });

  test('a reading from far in the future proves nothing, and does not keep younger ones away', () => {
    const state = after([whole(ids(0, 3), 100), 0]);
    expect(usable(state, 0)).toBeUndefined();
    const next = advance(state, list, { reading: whole(ids(0, 4), 1), now: at(1) }).state;
    expect(usable(next, 1)).toEqual(ids(0, 4));
  });

  test('with different ages of one list decide by their own', () => {
    const patient = { ...list, maxAgeSeconds: 7 * 86_400 };
    const state = after([whole(ids(0, 3), 0), 0]);
    expect(usableList(state, patient, at(100))?.entries).toEqual(ids(0, 3));
    expect(usable(state, 100)).toBeUndefined();
  });
});

describe('what is stored', () => {
  const state = after([whole(ids(0, 10), 0), 0], [whole(ids(0, 2), 1), 1]);
  const { snapshot } = state ?? {};

  test.each([
    ['an entry is added', [...ids(0, 10), ids(99, 100)[0] ?? '']],
    ['an entry is removed', ids(1, 10)],
    ['all entries are removed', []],
    ['an entry is there twice', [...ids(0, 10), ids(9, 10)[0] ?? '']],
  ])('is absent when somebody changes it: %s', (_, entries) => {
    const changed = { ...state!, snapshot: { ...snapshot!, entries } };
    expect(usable(changed, 1)).toBeUndefined();
  });

  test('cannot be accepted when somebody has changed what was set aside', () => {
    const aside = { ...state!.aside!, snapshot: { ...state!.aside!.snapshot, entries: ids(0, 1) } };
    expect(accepted({ ...state!, aside }, at(1))).toBeUndefined();
  });

  test('of another source is absent, and the new source begins anew', () => {
    const other = { ...list, source: { group: 'corp', tags: { env: 'prod' } } };
    expect(usableList(state, other, at(1))).toBeUndefined();
    const next = advance(state, other, { reading: whole(ids(0, 1), 2), now: at(2) }).state;
    expect(usableList(next, other, at(2))?.entries).toEqual(ids(0, 1));
    expect(next.aside).toBeUndefined();
  });

  test('of another tenant is set aside', () => {
    const foreign = whole(ids(0, 10), 2, '20000000-0000-0000-0000-000000000000');
    const next = advance(state, list, { reading: foreign, now: at(2) });
    expect(next.event?.kind).toBe('withheld');
    expect(usableList(next.state, list, at(2))?.tenantId).toBe(tenantId);
  });
});
