import { PosternError } from '../../../../src/base/errors';
import { emptyHistogram, withObservation } from '../../../../src/operations/pace/duration-histogram';
import type { Operation } from '../../../../src/operations/operation';
import { createRig, type Rig } from '../../../support/rigs/rig';

const approvals = { type: 'Microsoft.KeyVault/vaults', effect: 'approve' } as const;

/** Approves a connection. `seconds`: how long approvals took before. */
async function approving({
  seconds = 40,
  retryAfterSeconds = undefined as number | undefined,
} = {}): Promise<Rig> {
  const rig = createRig();
  let histogram = emptyHistogram;
  for (let count = 0; count < 10; count += 1)
    histogram = withObservation(histogram, { from: seconds, to: seconds });
  await rig.durationStore.save({ kind: approvals, histogram });
  rig.durationStore.saves = 0;
  rig.arm.seed({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  rig.arm.writeReplies.push({
    kind: 'accepted',
    httpStatus: 202,
    operationUrl: 'https://arm/op',
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
  await rig.takeRequest(rig.request());
  return rig;
}

const reads = (rig: Rig): number => rig.arm.calls.filter((call) => call === 'read').length;

test('an operation is first polled when others of its kind have ended', async () => {
  const rig = await approving();
  await rig.run(35);
  expect(reads(rig)).toBe(0);
  rig.arm.reports.push({ httpStatus: 200, status: 'Succeeded' });
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(10);
  expect(reads(rig)).toBe(1);
  expect(rig.operation('one')?.state).toBe('applied');
});

test('what ARM asks for is waited for, however short such operations were', async () => {
  const rig = await approving({ seconds: 12, retryAfterSeconds: 75 });
  await rig.run(74);
  expect(reads(rig)).toBe(0);
  await rig.run(1);
  expect(reads(rig)).toBe(1);
});

test('one that takes much longer than usual is learned when it is applied, once', async () => {
  const rig = await approving();
  await rig.run(300);
  const before = reads(rig);
  expect(before).toBeLessThan(9);
  rig.arm.reports.push({ httpStatus: 200, status: 'Succeeded' });
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(120);
  expect(rig.operation('one')?.state).toBe('applied');
  expect(rig.durationStore.saves).toBe(1);
  const [row] = await rig.durationStore.load();
  const buckets = [...(row?.histogram.weights.keys() ?? [])];
  expect(Math.max(...buckets)).toBeGreaterThan(60);
});

test.each([
  ['fails', { status: 'Failed', error: { code: 'X', message: 'no' } }, 'Pending', 'failed'],
  ['is overtaken by a person', { status: 'Succeeded' }, 'Rejected', 'superseded'],
])('an operation that %s teaches nothing', async (_, report, status, state) => {
  const rig = await approving({ seconds: 400 });
  rig.arm.reports.push({ httpStatus: 200, ...report });
  rig.arm.change('one', { status });
  await rig.run(400);
  expect(rig.operation('one')?.state).toBe(state);
  expect(rig.durationStore.saves).toBe(0);
});

test('a provider that says at once that it has ended, and has not, teaches nothing', async () => {
  const rig = await approving({ seconds: 15 });
  rig.arm.reports.push({ httpStatus: 200, status: 'Succeeded' });
  await rig.run(60);
  expect(rig.operation('one')?.state).toBe('running');
  await rig.run(1_000);
  expect(rig.operation('one')?.state).not.toBe('applied');
  expect(rig.durationStore.saves).toBe(0);
});

test('storage that takes no durations keeps no operation from its end', async () => {
  const rig = await approving();
  rig.durationStore.failWith(new PosternError('STORE_UNAVAILABLE', 'down'));
  await rig.run(300);
  rig.arm.reports.push({ httpStatus: 200, status: 'Succeeded' });
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(120);
  expect(rig.operation('one')?.state).toBe('applied');
  expect(rig.alarm.pending).toHaveLength(0);
  expect(rig.lines.join('\n')).toContain('is not learned');
});

test('a row that says hours makes no poll later than five minutes', async () => {
  const rig = await approving({ seconds: 7_000 });
  await rig.run(300);
  expect(reads(rig)).toBe(1);
  expect(ticketOf(rig.operation('one')).timing?.waitedSeconds).toBeLessThanOrEqual(600);
});

function ticketOf(operation: Operation | undefined): NonNullable<Operation['ticket']> {
  if (operation?.ticket === undefined) throw new Error('There is no ticket');
  return operation.ticket;
}
