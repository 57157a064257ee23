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

/** When writes were counted, stretch by stretch between two lifts, in milliseconds. */
function play(perHour: number, all: typeof steps extends fc.Arbitrary<infer T> ? T : never): number[][] {
  let state = empty;
  let nowMs = start;
  const stretches: number[][] = [[]];
  for (const { afterSeconds, decisionId, lifts } of all) {
    nowMs += afterSeconds * 1000;
    if (lifts) {
      state = lifted(state);
      stretches.push([]);
    }
    const next = admitWrite(state, { decisionId, perHour, now: new Date(nowMs) });
    // A repeated decision is let through without being counted, and changes nothing.
    if (next.admitted && next.state !== state) stretches.at(-1)?.push(nowMs);
    state = next.state;
  }
  return stretches;
}

test('between two lifts, no hour counts more writes than the limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), steps, (perHour, all) => {
      for (const counted of play(perHour, all)) {
        for (const atMs of counted) {
          const hour = counted.filter((other) => other > atMs - 3_600_000 && other <= atMs);
          expect(hour.length).toBeLessThanOrEqual(perHour);
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
  const now = new Date(start);
  const { state } = admitWrite(empty, { decisionId: 'a', perHour: 1, now });
  const again = admitWrite(state, { decisionId: 'a', perHour: 1, now: new Date(start + 3_599_000) });
  expect(again).toEqual({ admitted: true, state });
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
