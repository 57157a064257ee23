import { ArmError, type ArmErrorCode } from '../../../../src/base/errors';
import { handleArmError, waitFor } from '../../../../src/review/failure/handle-arm-error';
import type { ReviewRequest } from '../../../../src/review/queue/review-request';
import { sampleConnectionState } from '../../../../dev/lib/samples';
import { connectionIdOf } from '../../../../src/connections/resource-id';
import { createRig, reviewPortsOf, type Rig } from '../../../support/rigs/rig';

const endpointId =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-one';

/** Lets an error meet reviews of the target again and again; returns the delays in seconds. */
async function delaysAfter(rig: Rig, error: ArmError, times: number): Promise<readonly number[]> {
  const delays: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const before = rig.reviews.history.length;
    await handleArmError(reviewPortsOf(rig), rig.request(), error);
    const queued = rig.reviews.history.slice(before);
    if (queued.length === 0) break;
    delays.push(...queued.map(({ delaySeconds }) => delaySeconds));
    rig.clock.advance(delays.at(-1)! + 10);
    rig.reviews.takeDue();
  }
  return delays;
}

function known(rig: Rig): Rig {
  const connection = connectionIdOf(rig.target, 'one');
  rig.operations.seed(rig.target, [sampleConnectionState({ connection, operation: undefined })]);
  return rig;
}

test('a refusal is met again after one, five, fifteen and thirty minutes, and then left to a sweep', async () => {
  const rig = known(createRig());
  expect(await delaysAfter(rig, new ArmError('ARM_FORBIDDEN', 'no'), 9)).toEqual([60, 300, 900, 1800]);
  expect(rig.reviews.history[0]?.message.because).toBe('ARM refused');
});

test('trouble is met again later and later, at most after a quarter of an hour', async () => {
  const rig = known(createRig());
  const delays = await delaysAfter(rig, new ArmError('ARM_UNAVAILABLE', 'HTTP 503'), 9);
  expect(delays).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
  expect(rig.reviews.history[0]?.message.because).toBe('ARM is throttled or unavailable');
});

test('trouble is met again when ARM wants it', async () => {
  const error = new ArmError('ARM_THROTTLED', 'slow', { retryAfterSeconds: 77 });
  expect(await delaysAfter(known(createRig()), error, 3)).toEqual([77, 77, 77]);
});

test.each([
  [7, 0],
  [8, 1],
])('after %d errors in a row %d records are there', async (times, records) => {
  const rig = known(createRig());
  await delaysAfter(rig, new ArmError('ARM_UNAVAILABLE', 'HTTP 503'), times);
  expect(rig.ledger.ofKind('failed')).toHaveLength(records);
});

test('an error is recorded once a day, by its code, with the trace of the request', async () => {
  const rig = known(createRig());
  const codes: readonly ArmErrorCode[] = ['ARM_FORBIDDEN', 'ARM_FORBIDDEN', 'ARM_NOT_FOUND'];
  for (const code of codes) {
    await handleArmError(reviewPortsOf(rig), rig.request({ traceId: 'abc' }), new ArmError(code, 'no'));
  }
  expect(rig.ledger.ofKind('failed')).toMatchObject([
    { reason: 'The target could not be reviewed. ARM_FORBIDDEN: no', target: rig.target.id, traceId: 'abc' },
    { reason: 'The target could not be reviewed. ARM_NOT_FOUND: no' },
  ]);
  expect(rig.ledger.ofKind('failed')[0]?.id).toMatch(/^[0-9a-f]{32}\|failed\|2026-01-05$/);
  rig.clock.advance(24 * 60 * 60);
  await handleArmError(reviewPortsOf(rig), rig.request(), new ArmError('ARM_FORBIDDEN', 'no'));
  expect(rig.ledger.ofKind('failed')).toHaveLength(3);
  expect(rig.lines[0]).toBe(`${rig.target.id}: ARM_FORBIDDEN: no`);
});

test('a target in another tenant is told of only if it was known, and is not tried again', async () => {
  const error = new ArmError('ARM_FOREIGN_TENANT', 'another tenant');
  for (const [rig, records] of [[createRig(), 0] as const, [known(createRig()), 1] as const]) {
    await handleArmError(reviewPortsOf(rig), rig.request(), error);
    expect(rig.ledger.ofKind('failed')).toHaveLength(records);
    expect(rig.reviews.pending).toEqual([]);
  }
});

test('a target that was never seen is tried a hundred times, one that is known for ever', async () => {
  const waits = async (rig: Rig, troubles: number): Promise<number> => {
    const { version } = await rig.operations.load(rig.target);
    await rig.operations.save(rig.target, [], { nextGeneration: 0, troubles, version });
    const before = await waitFor(reviewPortsOf(rig), rig.request(), { why: 'x', backoff: () => 5 });
    expect(before).toBe(troubles);
    return rig.reviews.pending.length;
  };
  expect(await waits(createRig(), 99)).toBe(1);
  expect(await waits(createRig(), 100)).toBe(0);
  expect(await waits(known(createRig()), 5_000)).toBe(1);
});

describe('a hint that names an endpoint', () => {
  const hint = (rig: Rig, attempt: number): ReviewRequest =>
    rig.request({ kind: 'endpoint', id: endpointId, attempt });

  test('waits by the number of its own attempts, and leaves no record', async () => {
    const rig = createRig();
    await handleArmError(reviewPortsOf(rig), hint(rig, 2), new ArmError('ARM_UNAVAILABLE', 'HTTP 503'));
    expect(rig.reviews.pending).toMatchObject([
      {
        delaySeconds: 40,
        message: { kind: 'endpoint', attempt: 3, because: 'ARM is throttled or unavailable' },
      },
    ]);
    await handleArmError(reviewPortsOf(rig), hint(rig, 0), new ArmError('ARM_FORBIDDEN', 'no'));
    expect(rig.reviews.pending[1]).toMatchObject({ delaySeconds: 60 });
    await handleArmError(reviewPortsOf(rig), hint(rig, 0), new ArmError('ARM_FOREIGN_TENANT', 'other'));
    expect([rig.reviews.pending.length, rig.ledger.records]).toEqual([2, []]);
  });

  test.each([
    [99, 1],
    [100, 0],
  ])('after %d attempts has %d more', async (attempt, more) => {
    const rig = createRig();
    expect(await waitFor(reviewPortsOf(rig), hint(rig, attempt), { why: 'x', backoff: () => 5 })).toBe(
      attempt,
    );
    expect(rig.reviews.pending).toHaveLength(more);
    expect(rig.lines.some((line) => line === `${endpointId}: no further attempt (x)`)).toBe(more === 0);
  });

  test('never waits for more than an hour', async () => {
    const rig = createRig();
    await waitFor(reviewPortsOf(rig), hint(rig, 0), { why: 'x', backoff: () => 7_200.5 });
    await waitFor(reviewPortsOf(rig), hint(rig, 0), { why: 'x', backoff: () => 1.2 });
    expect(rig.reviews.pending.map(({ delaySeconds }) => delaySeconds)).toEqual([3_600, 2]);
  });
});
