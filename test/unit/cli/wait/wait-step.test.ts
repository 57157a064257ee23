import fc from 'fast-check';
import { nextWait, type Waiting } from '../../../../src/cli/wait/wait-step';
import type { Seen, SeenConnection } from '../../../../src/cli/wait/watch';
import { addSeconds } from '../../../../src/base/clock';

const startedAt = new Date('2026-03-01T12:00:00.000Z');
const waiting: Waiting = {
  startedAt,
  deadlineAt: addSeconds(startedAt, 1_800),
  intervalSeconds: 10,
  wasSeen: true,
};

const connection = (status: string, held?: string): SeenConnection => ({
  name: 'pe',
  status,
  description: '',
  held,
});
const seen = (...connections: SeenConnection[]): Seen => ({ kind: 'seen', isSettled: true, connections });
const requeued = (seconds: number): Date => addSeconds(startedAt, seconds);
const end = (outcome: string) => ({ kind: 'end', outcome });

test.each<[string, Seen, object]>([
  ['approved', seen(connection('Approved')), end('approved')],
  ['every one of several approved', seen(connection('Approved'), connection('approved')), end('approved')],
  ['one of two pending', seen(connection('Approved'), connection('Pending')), { kind: 'wait', seconds: 10 }],
  ['one of two rejected', seen(connection('Pending'), connection('Rejected')), end('rejected')],
  ['one of two disconnected', seen(connection('Approved'), connection('Disconnected')), end('gone')],
  ['rejected beside disconnected', seen(connection('Disconnected'), connection('Rejected')), end('rejected')],
  ['one of two held', seen(connection('Approved'), connection('Pending', 'why')), end('held')],
  ['held beside rejected', seen(connection('Rejected'), connection('Pending', 'why')), end('rejected')],
  ['a status that nobody knows', seen(connection('Thinking')), { kind: 'wait', seconds: 10 }],
  ['no connection yet', seen(), { kind: 'wait', seconds: 10 }],
  [
    'approved, with Azure still at work',
    { kind: 'seen', isSettled: false, connections: [connection('Approved')] },
    { kind: 'wait', seconds: 10 },
  ],
  ['gone', { kind: 'gone' }, end('gone')],
  ['unavailable', { kind: 'unavailable', problem: 'HTTP 503' }, { kind: 'wait', seconds: 10 }],
  [
    'throttled',
    { kind: 'unavailable', problem: '429', retryAfterSeconds: 75 },
    { kind: 'wait', seconds: 75 },
  ],
  [
    'throttled past the end',
    { kind: 'unavailable', problem: '429', retryAfterSeconds: 9_999 },
    end('timeout'),
  ],
])('%s', (_, what, step) => {
  expect(nextWait(waiting, what, requeued(60))).toEqual(step);
});

test('what was just made may be unknown for a minute', () => {
  const fresh = { ...waiting, wasSeen: false };
  expect(nextWait(fresh, { kind: 'gone' }, requeued(59))).toEqual({ kind: 'wait', seconds: 10 });
  expect(nextWait(fresh, { kind: 'gone' }, requeued(60))).toEqual(end('gone'));
});

test('at the deadline there is one more poll, and its answer counts', () => {
  expect(nextWait(waiting, seen(connection('Pending')), requeued(1_795))).toEqual({
    kind: 'wait',
    seconds: 5,
  });
  expect(nextWait(waiting, seen(connection('Pending')), requeued(1_800))).toEqual(end('timeout'));
  expect(nextWait(waiting, seen(connection('Approved')), requeued(1_800))).toEqual(end('approved'));
});

const anyConnection = fc.record({
  name: fc.string(),
  status: fc.constantFrom('Pending', 'Approved', 'Rejected', 'Disconnected', 'Unknown', ''),
  description: fc.string(),
  held: fc.option(fc.string(), { nil: undefined }),
});
const anySeen: fc.Arbitrary<Seen> = fc.oneof(
  fc.constant({ kind: 'gone' } as const),
  fc.record({
    kind: fc.constant('unavailable' as const),
    problem: fc.string(),
    retryAfterSeconds: fc.option(fc.nat(10_000), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('seen' as const),
    isSettled: fc.boolean(),
    connections: fc.array(anyConnection, { maxLength: 4 }),
  }),
);

test('whatever is seen, waiting ends by the deadline, and approved is said only of what is approved whole', () => {
  const looks = fc.array(anySeen, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      looks,
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 5_000 }),
      (all, interval, timeout) => {
        const deadlineAt = addSeconds(startedAt, timeout);
        let now = startedAt;
        for (let look = 0; ; look += 1) {
          const what = all[look % all.length]!;
          const step = nextWait({ ...waiting, deadlineAt, intervalSeconds: interval }, what, now);
          if (step.kind === 'end') {
            const isWhole =
              what.kind === 'seen' &&
              what.connections.length > 0 &&
              what.connections.every(({ status }) => status === 'Approved');
            if (step.outcome === 'approved') expect(isWhole).toBe(true);
            return;
          }
          expect(step.seconds).toBeGreaterThan(0);
          now = addSeconds(now, step.seconds);
          expect(now.getTime()).toBeLessThanOrEqual(deadlineAt.getTime());
        }
      },
    ),
  );
});
