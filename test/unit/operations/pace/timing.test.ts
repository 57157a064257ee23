import fc from 'fast-check';
import { addSeconds } from '../../../../src/base/clock';
import { ArmError, type ArmErrorCode } from '../../../../src/base/errors';
import { afterGlance, nextStep } from '../../../../src/operations/next-step';
import type { Ticket } from '../../../../src/operations/operation';
import { observationOf, type Timing } from '../../../../src/operations/pace/timing';
import type { Reply } from '../../../../src/operations/proof/step';

const sent = new Date('2026-01-05T12:00:00Z');
const after = (seconds: number): Date => addSeconds(sent, seconds);
const timing: Timing = {
  sentAt: sent.toISOString(),
  durations: [31, 33, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44],
  waitedSeconds: 43,
  runningAt: 0,
};
const ticket: Ticket = {
  version: 1,
  connectionId: '/subscriptions/x',
  effect: 'approve',
  statusBefore: 'Pending',
  phase: 'operation',
  operationUrl: 'https://arm/op',
  confirmed: true,
  pollFloorSeconds: 10,
  timing,
  deadlineAt: after(900).toISOString(),
  polls: 0,
};
const running = (retryAfterSeconds?: number): Reply => ({
  kind: 'operation',
  report: { httpStatus: 202, status: 'InProgress', retryAfterSeconds },
});
const ended: Reply = { kind: 'operation', report: { httpStatus: 200, status: 'Succeeded' } };
const reading = (status: string, provisioningState: string): Reply => ({
  kind: 'connection',
  connection: { status, message: '', provisioningState },
});

/** Polls an operation until its end at `endSeconds`. Each message comes `lateSeconds` late. */
function pollUntil(
  endSeconds: number,
  { from = ticket, clockSkewSeconds = 0, lateSeconds = 0 } = {},
): { readonly polls: readonly number[]; readonly ticket: Ticket } {
  const polls: number[] = [];
  let current = from;
  for (let at = from.timing?.waitedSeconds ?? 0; ;) {
    at += lateSeconds;
    polls.push(at);
    const reply = at >= endSeconds ? ended : running();
    const step = nextStep(current, reply, after(at + clockSkewSeconds));
    if (step.kind !== 'wait') throw new Error(step.kind);
    if (at >= endSeconds) return { polls, ticket: step.ticket };
    current = step.ticket;
    at += step.delaySeconds;
  }
}

test('an operation that takes as long as usual is polled once', () => {
  expect(pollUntil(42).polls).toEqual([43]);
});

test('one that takes longer is polled again after the minimum, then less and less often', () => {
  expect(pollUntil(200).polls).toEqual([43, 53, 69, 90, 117, 153, 199, 259]);
});

test('what the polls show of the duration lies between the last one that found it running and the end', () => {
  const { ticket: done } = pollUntil(60);
  expect(observationOf(done.timing!, after(100))).toEqual({ from: 53, to: 69 });
});

test.each([
  ['what ARM asks for is waited for', running(75), 75],
  ['less than the minimum is not', running(1), 10],
  ['a Retry-After of hours counts for one hour', running(86_400), 3_600],
])('%s', (_, reply, seconds) => {
  const early = { ...ticket, deadlineAt: after(100_000).toISOString() };
  expect(nextStep(early, reply, after(43))).toMatchObject({ kind: 'wait', delaySeconds: seconds });
});

test('no wait goes past the deadline, but for the minimum', () => {
  const late = { ...ticket, timing: { ...timing, waitedSeconds: 870 } };
  expect(nextStep(late, running(), after(870))).toMatchObject({ delaySeconds: 30 });
  expect(nextStep(late, running(), after(895))).toMatchObject({ delaySeconds: 10 });
});

test('every fourth poll reads the connection, too, however long the waits are', () => {
  let current: Ticket = { ...ticket, deadlineAt: after(100_000).toISOString() };
  const glances: boolean[] = [];
  for (let poll = 0, at = 43; poll < 12; poll += 1) {
    const step = nextStep(current, running(), after(at));
    if (step.kind !== 'wait') throw new Error(step.kind);
    glances.push(step.glance === true);
    const looked = afterGlance(
      step,
      { status: 'Pending', message: '', provisioningState: 'Updating' },
      after(at),
    );
    if (looked.kind !== 'wait') throw new Error(looked.kind);
    current = looked.ticket;
    at += step.delaySeconds;
  }
  expect(glances.map(Number).join('')).toBe('000100010001');
});

test('a provider that says too early that it has ended is asked for the connection at the minimum', () => {
  const said = nextStep(ticket, ended, after(43));
  expect(said).toMatchObject({ kind: 'wait', delaySeconds: 0 });
  const proving = said.kind === 'wait' ? said.ticket : ticket;
  expect(nextStep(proving, reading('Pending', 'Succeeded'), after(43))).toMatchObject({ delaySeconds: 10 });
  expect(nextStep(proving, reading('Approved', 'Updating'), after(53))).toMatchObject({ delaySeconds: 10 });
});

test('without an operation URL, the readings of the connection are paced alike', () => {
  const proof: Ticket = { ...ticket, phase: 'proof', operationUrl: undefined };
  const step = nextStep(proof, reading('Approved', 'Updating'), after(69));
  expect(step).toMatchObject({ kind: 'wait', delaySeconds: 21, ticket: { timing: { runningAt: 69 } } });
});

test('a poll that failed says nothing about the operation and is repeated after the minimum', () => {
  const throttled = nextStep(ticket, { kind: 'error', error: armError('ARM_THROTTLED') }, after(43));
  expect(throttled).toMatchObject({ delaySeconds: 10, ticket: { timing: { runningAt: 0 } } });
  const down = nextStep(ticket, { kind: 'error', error: armError('ARM_UNAVAILABLE') }, after(43));
  expect(down).toMatchObject({ delaySeconds: 10, ticket: { timing: { runningAt: 0 } } });
});

test('a ticket of an earlier version, without a timing, is polled at the minimum', () => {
  expect(nextStep({ ...ticket, timing: undefined }, running(), after(43))).toMatchObject({
    delaySeconds: 10,
  });
});

describe('if the clock of the sender was wrong', () => {
  test.each([-86_400, -3_600, -120])('by %s s, the waits are as usual', (clockSkewSeconds) => {
    expect(pollUntil(200, { clockSkewSeconds }).polls).toEqual(pollUntil(200).polls);
  });

  test.each([120, 3_600, 86_400])('by %s s, no wait is much longer than the time that has passed', (skew) => {
    const { polls } = pollUntil(200, { clockSkewSeconds: skew, from: withDeadline(200_000) });
    for (const [index, at] of polls.entries()) expect((polls[index + 1] ?? at) - at).toBeLessThan(at + 20);
  });

  test('what is learned is bounded by the waits', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 600 }), (skew, end) => {
        const { polls, ticket: done } = pollUntil(end, {
          clockSkewSeconds: skew,
          from: withDeadline(10_000_000),
        });
        const { from, to } = observationOf(done.timing!, after(0));
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(2 * (polls.at(-1) ?? 0) + 60);
      }),
    );
  });
});

function withDeadline(seconds: number): Ticket {
  return { ...ticket, deadlineAt: after(seconds).toISOString() };
}

function armError(code: ArmErrorCode): ArmError {
  return new ArmError(code, 'trouble', {});
}
