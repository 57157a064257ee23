import fc from 'fast-check';
import { snapshotOf } from '../../../../src/policy/lists/list-snapshot';
import {
  accepted,
  advance,
  differenceOf,
  type ListReading,
  type ListState,
  usableList,
} from '../../../../src/policy/lists/list-state';
import type { ManagedList } from '../../../../src/policy/lists/managed-list';

const list: ManagedList = { name: 'zones', source: { group: 'corp', tags: {} }, maxAgeSeconds: 86_400 };
const tenantId = '10000000-0000-0000-0000-000000000000';
const minute = 60_000;
const start = Date.parse('2026-03-01T12:00:00.000Z');

type Step =
  | {
      readonly kind: 'whole';
      readonly minutes: number;
      readonly entries: readonly number[];
      readonly lagMinutes: number;
    }
  | { readonly kind: 'failed'; readonly minutes: number }
  | { readonly kind: 'accept'; readonly minutes: number };

const minutes = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3_000 }));
const entries = fc.oneof(
  fc.constant([]),
  fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 40 }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('whole' as const),
      minutes,
      entries,
      lagMinutes: fc.integer({ min: -3, max: 20 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('failed' as const), minutes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('accept' as const), minutes }) },
);

interface Moment {
  readonly step: Step;
  readonly now: Date;
  readonly before: ListState | undefined;
  readonly state: ListState | undefined;
  readonly event: string | undefined;
  readonly reading: ListReading | undefined;
}

function history(steps: readonly Step[]): Moment[] {
  let state: ListState | undefined;
  let nowMs = start;
  return steps.map((each) => {
    nowMs += each.minutes * minute;
    const now = new Date(nowMs);
    const before = state;
    if (each.kind === 'accept') {
      state = (state && accepted(state, now)) ?? state;
      return { step: each, now, before, state, event: undefined, reading: undefined };
    }
    const reading: ListReading =
      each.kind === 'failed'
        ? { kind: 'failed', problem: 'away' }
        : {
            kind: 'whole',
            snapshot: snapshotOf({
              tenantId,
              entries: each.entries.map(
                (number) => `00000000-0000-0000-0000-0000000000${String(number).padStart(2, '0')}`,
              ),
              readAt: new Date(nowMs - each.lagMinutes * minute).toISOString(),
            }),
          };
    const advanced = advance(state, list, { reading, now });
    state = advanced.state;
    return { step: each, now, before, state, event: advanced.event?.kind, reading };
  });
}

const histories = fc.array(step, { maxLength: 30 }).map(history);

test('entries that decisions use were read completely, at most 24 hours ago', () => {
  fc.assert(
    fc.property(histories, minutes, (moments, later) => {
      const read = moments.flatMap(({ reading }) => (reading?.kind === 'whole' ? [reading.snapshot] : []));
      for (const { state, now } of moments) {
        const then = new Date(now.getTime() + later * minute);
        const used = usableList(state, list, then);
        if (used === undefined) continue;
        expect(read.map(({ digest, readAt }) => `${digest} ${readAt}`)).toContain(
          `${used.digest} ${used.readAt}`,
        );
        expect(then.getTime() - Date.parse(used.readAt)).toBeLessThan(86_400_000);
      }
    }),
    { numRuns: 500 },
  );
});

test('a list is empty only after a person has accepted that', () => {
  fc.assert(
    fc.property(histories, (moments) => {
      let hasAccepted = false;
      for (const { step: each, state, now } of moments) {
        hasAccepted ||= each.kind === 'accept';
        if (!hasAccepted) expect(usableList(state, list, now)?.entries).not.toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test('a failure changes neither the entries nor what waits for a person', () => {
  fc.assert(
    fc.property(histories, (moments) => {
      for (const { step: each, before, state } of moments) {
        if (each.kind !== 'failed') continue;
        expect(state?.snapshot).toEqual(before?.snapshot);
        expect(state?.aside).toEqual(before?.aside);
      }
    }),
    { numRuns: 500 },
  );
});

test('without a person, no step loses both five entries and more than a fifth', () => {
  fc.assert(
    fc.property(histories, (moments) => {
      for (const { step: each, before, state } of moments) {
        if (each.kind === 'accept' || before?.snapshot === undefined || state?.snapshot === undefined)
          continue;
        const { went } = differenceOf(before.snapshot, state.snapshot);
        expect(went.length >= 5 && went.length > before.snapshot.entries.length * 0.2).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test('every change of the entries is recorded, and nothing is recorded twice in a row', () => {
  fc.assert(
    fc.property(histories, (moments) => {
      moments.forEach(({ step: each, before, state, event }, index) => {
        if (each.kind === 'accept') return;
        expect(event === 'changed').toBe(before?.snapshot?.digest !== state?.snapshot?.digest);
        if (event === 'stale') expect(moments[index - 1]?.state?.stale).toBeUndefined();
      });
    }),
    { numRuns: 500 },
  );
});
