import fc from 'fast-check';
import type { LimitState } from '../../../../src/review/limits/limit-store';
import { admitWrite, isLifted, lifted, limitedKindOf } from '../../../../src/review/limits/write-limit';
import { sampleOperation, sampleRecord } from '../../../../dev/lib/samples';

const start = new Date('2026-03-01T12:00:00Z').getTime();
const empty: LimitState = { begun: [], lifts: 0 };

const steps = fc.array(
  fc.record({
    afterSeconds: fc.integer({ min: 0, max: 3_600 }),
    decisionId: fc.integer({ min: 0, max: 30 }).map(String),
    lifts: fc.boolean(),
  }),
  { maxLength: 60 },
);

interface Begun {
  readonly atMs: number;
  readonly decisionId: string;
}

/** When the writes of decisions began, stretch by stretch between two lifts. */
function play(perHour: number, all: typeof steps extends fc.Arbitrary<infer T> ? T : never): Begun[][] {
  let state = empty;
  let nowMs = start;
  const stretches: Begun[][] = [[]];
  for (const { afterSeconds, decisionId, lifts } of all) {
    nowMs += afterSeconds * 1000;
    if (lifts) {
      state = lifted(state);
      stretches.push([]);
    }
    const next = admitWrite(state, { decisionId, perHour, now: new Date(nowMs) });
    if (next.admitted) stretches.at(-1)?.push({ atMs: nowMs, decisionId });
    state = next.state;
  }
  return stretches;
}

test('between two lifts, no hour begins the writes of more decisions than the limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), steps, (perHour, all) => {
      for (const begun of play(perHour, all)) {
        for (const { atMs } of begun) {
          const hour = begun.filter((other) => other.atMs > atMs - 3_600_000 && other.atMs <= atMs);
          expect(new Set(hour.map(({ decisionId }) => decisionId)).size).toBeLessThanOrEqual(perHour);
        }
      }
    }),
  );
});

test('a limit that was reached admits nothing new, however long it waits, until it is lifted', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 10_000_000 }),
      (perHour, seconds) => {
        let state = empty;
        for (let write = 0; write <= perHour; write += 1) {
          state = admitWrite(state, { decisionId: `${write}`, perHour, now: new Date(start) }).state;
        }
        expect(state.reachedAt).toBe(new Date(start).toISOString());
        const now = new Date(start + seconds * 1000);
        expect(admitWrite(state, { decisionId: 'new', perHour, now }).admitted).toBe(false);
        expect(admitWrite(lifted(state), { decisionId: 'new', perHour, now }).admitted).toBe(perHour > 0);
      },
    ),
  );
});

test('a decision that was counted within the hour is let through again and not counted twice', () => {
  const { state } = admitWrite(empty, { decisionId: 'a', perHour: 1, now: new Date(start) });
  const later = new Date(start + 3_599_000);
  const again = admitWrite(state, { decisionId: 'a', perHour: 1, now: later });
  expect(again).toEqual({
    admitted: true,
    state: { ...state, begun: [{ decisionId: 'a', at: later.toISOString() }] },
  });
});

test('a decision that is let through again counts for an hour from then on', () => {
  let state = empty;
  const at = (minutes: number, decisionId: string): boolean => {
    const now = new Date(start + minutes * 60_000);
    const next = admitWrite(state, { decisionId, perHour: 1, now });
    ({ state } = next);
    return next.admitted;
  };
  expect([at(0, 'a'), at(59, 'a'), at(61, 'b')]).toEqual([true, true, false]);
});

test('approving is never limited, and taking an approval away is a kind of its own', () => {
  const of = (effect: 'approve' | 'reject' | 'delete', status: string) =>
    limitedKindOf(sampleOperation({ effect, decided: sampleRecord({ status }) }));
  expect(of('approve', 'Rejected')).toBeUndefined();
  expect(of('reject', 'Pending')).toBe('rejects');
  expect(of('delete', 'Disconnected')).toBe('deletes');
  expect(of('reject', 'approved')).toBe('revocations');
  expect(of('delete', 'Approved')).toBe('revocations');
});

test('lifting lets go what was held before it, and nothing that is held later', () => {
  const held = (lifts: number) =>
    sampleOperation({ limit: { state: 'held', lifts, heldAt: '2026-03-01T12:00:00.000Z' } });
  const once = lifted(empty);
  expect(isLifted(held(0), empty)).toBe(false);
  expect(isLifted(held(0), once)).toBe(true);
  expect(isLifted(held(1), once)).toBe(false);
  expect(isLifted(sampleOperation(), once)).toBe(false);
});

test('what was let go stays so, although the limit was not lifted again', () => {
  const limit = { state: 'lifted', lifts: 1, heldAt: '2026-03-01T12:00:00.000Z' } as const;
  expect(isLifted(sampleOperation({ limit }), { begun: [], lifts: 1 })).toBe(true);
});

test('a limit that is lifted has counted nothing yet', () => {
  const reached: LimitState = {
    begun: [{ decisionId: 'a', at: '2026-03-01T12:00:00.000Z' }],
    reachedAt: '2026-03-01T12:00:01.000Z',
    lifts: 3,
    version: 'v',
  };
  expect(lifted(reached)).toEqual({ begun: [], lifts: 4, version: 'v' });
});

test('a write counts for an hour, and no longer', () => {
  const { state } = admitWrite(empty, { decisionId: 'a', perHour: 1, now: new Date(start) });
  const after = (milliseconds: number) =>
    admitWrite(state, { decisionId: 'b', perHour: 1, now: new Date(start + milliseconds) }).admitted;
  expect([after(3_599_999), after(3_600_000)]).toEqual([false, true]);
});

test('a decision of an older row that tells no status counts by its effect', () => {
  const decided = sampleRecord({ status: undefined });
  expect(limitedKindOf(sampleOperation({ effect: 'reject', decided }))).toBe('rejects');
});
