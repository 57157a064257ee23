import { ArmError } from '../../../src/base/errors';
import { abandonOperation } from '../../../src/operations/abandon-operation';
import type { AlarmCall } from '../../../src/operations/alarm';
import { createRig, type Rig } from '../../support/rigs/rig';

async function running(): Promise<{ rig: Rig; call: AlarmCall }> {
  const rig = createRig();
  rig.arm.seed({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  rig.arm.writeReplies.push({ kind: 'accepted', httpStatus: 202, operationUrl: 'https://arm/op' });
  await rig.takeRequest(rig.request());
  return { rig, call: rig.alarm.pending[0]!.message };
}

test('while the operation goes on, each look sets exactly one alarm', async () => {
  const { rig } = await running();
  await rig.run(35);
  expect(rig.arm.calls.filter((call) => call === 'read')).toHaveLength(3);
  expect(rig.alarm.pending).toHaveLength(1);
});

test('when the operation ends, the connection is read in the same look', async () => {
  const { rig } = await running();
  rig.arm.reports.push({ httpStatus: 202 }, { httpStatus: 200, status: 'Succeeded' });
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(20);
  expect(rig.arm.calls.slice(2)).toEqual(['read', 'read', 'get']);
  expect(rig.ledger.ofKind('applied')[0]?.operation).toMatchObject({ polls: 3, lastHttpStatus: 200 });
});

test('a repeated alarm makes no second look', async () => {
  const { rig, call } = await running();
  await rig.run(10);
  const calls = rig.arm.calls.length;
  await rig.poll(call);
  await rig.poll(call);
  expect(rig.arm.calls).toHaveLength(calls);
  expect(rig.alarm.pending).toHaveLength(1);
});

test('an alarm that comes far too early is set again and asks nothing', async () => {
  const { rig, call } = await running();
  const calls = rig.arm.calls.length;
  await rig.poll(call);
  expect(rig.arm.calls).toHaveLength(calls);
});

test('two looks at the same time leave one end', async () => {
  const { rig, call } = await running();
  rig.arm.reports.push({ httpStatus: 204 }, { httpStatus: 204 });
  rig.arm.change('one', { status: 'Approved' });
  rig.clock.advance(10);
  await Promise.all([rig.poll(call), rig.poll(call)]);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'applied']);
  expect(rig.operation('one')?.state).toBe('applied');
});

test('an alarm of another, older operation does nothing', async () => {
  const { rig, call } = await running();
  const calls = rig.arm.calls.length;
  rig.clock.advance(10);
  await rig.poll({ ...call, operationId: `${'0'.repeat(32)}.1` });
  expect(rig.arm.calls).toHaveLength(calls);
});

test('a failed operation is believed only when the connection shows no change, and is told with the provider’s words', async () => {
  const { rig } = await running();
  rig.arm.reports.push({
    httpStatus: 200,
    status: 'Failed',
    error: { code: 'Boom', message: 'no capacity' },
  });
  await rig.run(12);
  expect(rig.ledger.ofKind('failed')[0]?.operation).toMatchObject({ error: 'Boom: no capacity', attempt: 1 });
});

test('throttling in the middle moves the look by what ARM says', async () => {
  const { rig } = await running();
  rig.arm.reports.push(new ArmError('ARM_THROTTLED', 'slow', { retryAfterSeconds: 300 }));
  await rig.run(10);
  expect(rig.alarm.pending.map(({ delaySeconds }) => delaySeconds)).toEqual([300]);
});

test('past its deadline the operation has expired, and the decision is tried again later', async () => {
  const { rig } = await running();
  rig.arm.change('one', { provisioningState: 'Updating' });
  await rig.run(16 * 60);
  expect(rig.ledger.ofKind('expired')).toHaveLength(1);
  expect(rig.operation('one')?.retryAt).toBeDefined();
  expect(rig.reviews.pending.filter(({ message }) => message.because === 'retry')).toHaveLength(1);
});

test('an alarm of a write that was taken back falls silent', async () => {
  const { rig, call } = await running();
  const [row] = rig.operations.rows(rig.target);
  await rig.operations.save(rig.target, [
    { ...row!, operation: { ...row!.operation!, state: 'planned', ticket: undefined } },
  ]);
  rig.clock.advance(10);
  const before = rig.alarm.pending.length;
  await rig.poll(call);
  expect(rig.alarm.pending).toHaveLength(before);
});

test('when an operation is given up, the next in line has its turn at once', async () => {
  const { rig, call } = await running();
  rig.arm.seed({ name: 'two' });
  rig.policy.effects.set('two', 'approve');
  await rig.takeRequest(rig.request({ hintedAt: '2027-01-01T00:00:00Z' }));
  expect(rig.arm.writes).toHaveLength(1);
  await abandonOperation(rig, call, 'a defect');
  await rig.run(1);
  expect(rig.arm.writes.map(({ connection }) => connection.id.name)).toEqual(['one', 'two']);
});

test('a poisoned alarm ends its operation as abandoned, once', async () => {
  const { rig, call } = await running();
  expect(await abandonOperation(rig, call, 'a defect')).toBe(true);
  expect(await abandonOperation(rig, call, 'a defect')).toBe(true);
  expect(rig.operation('one')?.state).toBe('abandoned');
  expect(rig.ledger.ofKind('abandoned')).toMatchObject([{ operation: { error: 'a defect' } }]);
  expect(await abandonOperation(rig, { nonsense: true }, 'a defect')).toBe(false);
});
