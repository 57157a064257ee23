import { ArmError, PosternError } from '../../../src/base/errors';
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
  expect(rig.operation('one')?.ticket).toMatchObject({ version: 1, phase: 'proof', polls: 3 });
  expect(rig.ledger.ofKind('applied')[0]?.operation).toMatchObject({ polls: 3, lastHttpStatus: 200 });
});

test.each<[string, (rig: Rig, call: AlarmCall) => Promise<void>]>([
  ['is delivered again', (rig, call) => rig.poll(call, 2)],
  ['is rung by somebody who took it for lost', (rig, call) => rig.poll({ ...call, isRenewed: true })],
])('an alarm that %s makes the others void, so that one goes on', async (_, repeat) => {
  const { rig, call } = await running();
  await rig.run(10);
  await repeat(rig, call);
  await repeat(rig, call);
  await rig.run(60);
  expect(rig.alarm.pending).toHaveLength(1);
  const [before, calls] = [rig.clock.now(), rig.arm.calls.length];
  await rig.run(60);
  const waits = rig.alarm.history.filter(({ dueAt }) => dueAt > before).length;
  expect(rig.arm.calls.length - calls).toBeLessThanOrEqual(waits);
});

test('a poll that learns nothing stores nothing, until its operation would look forgotten', async () => {
  const { rig } = await running();
  const save = jest.spyOn(rig.operations, 'save');
  await rig.run(145);
  expect(save).not.toHaveBeenCalled();
  await rig.run(145);
  expect(save).toHaveBeenCalledTimes(1);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided']);
});

test('the next alarm is set before the poll asks anything, and is moved to when ARM wants it', async () => {
  const { rig } = await running();
  await rig.run(10);
  rig.clock.advance(10);
  const [call] = rig.alarm.takeDue();
  const read = jest.spyOn(rig.arm, 'read').mockImplementationOnce(async () => {
    expect(rig.alarm.pending).toMatchObject([{ message: { poll: 2 }, delaySeconds: 10 }]);
    return { httpStatus: 202, retryAfterSeconds: 60 };
  });
  await rig.poll(call!);
  expect(read).toHaveBeenCalledTimes(1);
  expect(rig.alarm.pending).toMatchObject([{ message: { poll: 2 }, delaySeconds: 60 }]);
});

test('an end removes the alarm that was set for the next poll', async () => {
  const { rig } = await running();
  await rig.run(10);
  rig.arm.reports.push({ httpStatus: 204 });
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(10);
  expect(rig.operation('one')?.state).toBe('applied');
  expect(rig.alarm.history).toHaveLength(3);
  expect(rig.alarm.pending).toEqual([]);
});

test('a hint that begins to wait while an end is being proven does not cost the end', async () => {
  const { rig, call } = await running();
  rig.arm.change('one', { status: 'Approved' });
  rig.clock.advance(10);
  rig.alarm.takeDue();
  jest.spyOn(rig.arm, 'read').mockImplementationOnce(async () => {
    const [row] = rig.operations.rows(rig.target);
    await rig.operations.save(rig.target, [{ ...row!, operation: { ...row!.operation!, isAwaited: true } }]);
    return { httpStatus: 204 };
  });
  await rig.poll(call);
  expect(rig.operation('one')?.state).toBe('applied');
  expect(rig.reviews.pending).toMatchObject([{ message: { because: 'next in line' } }]);
});

test('where hints wait, the reading that proves the end is a list, and answers them', async () => {
  const { rig } = await running();
  rig.arm.seed({ name: 'two' });
  rig.policy.effects.set('two', 'approve');
  await rig.takeRequest(rig.request());
  expect(rig.operation('one')?.isAwaited).toBe(true);
  rig.arm.reports.push({ httpStatus: 204 });
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(10);
  expect(rig.arm.calls).toEqual(['list', 'write', 'read', 'list', 'write']);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'applied', 'decided']);
});

test('a bad state says nothing of a write without a reply that may still be on its way', async () => {
  const rig = createRig();
  rig.arm.seed({ name: 'one', provisioningState: 'Failed' });
  rig.policy.effects.set('one', 'approve');
  rig.arm.writeReplies.push(new ArmError('ARM_UNREACHABLE', 'no answer'));
  await rig.takeRequest(rig.request());
  await rig.run(50);
  expect(rig.operation('one')).toMatchObject({ state: 'running', ticket: { confirmed: false } });
  expect(rig.arm.writes).toHaveLength(1);
  await rig.run(30);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual([
    'decided',
    expect.stringMatching(/^(failed|expired)$/),
  ]);
});

test('a list without the connection proves nothing: it is read by itself', async () => {
  const { rig } = await running();
  await rig.takeRequest(rig.request());
  rig.arm.reports.push({ httpStatus: 204 });
  rig.arm.change('one', { status: 'Approved' });
  jest.spyOn(rig.arm, 'list').mockResolvedValueOnce({ connections: [], malformed: [] });
  await rig.run(10);
  expect(rig.arm.calls.slice(2)).toEqual(['read', 'get']);
  expect(rig.operation('one')?.state).toBe('applied');
});

test('an alarm that comes one second early is no reason to set it again', async () => {
  const { rig, call } = await running();
  rig.clock.advance(9);
  await rig.poll(call);
  expect(rig.arm.calls.at(-1)).toBe('read');
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
  const before = [rig.alarm.pending.length, rig.reviews.pending.length];
  await rig.poll(call);
  expect([rig.alarm.pending.length, rig.reviews.pending.length]).toEqual(before);
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

test('the status of the last reply is on record, and the one before it where there was no reply', async () => {
  const { rig } = await running();
  rig.arm.reports.push({ httpStatus: 204 });
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(20);
  expect(rig.ledger.ofKind('applied')[0]?.operation).toMatchObject({ lastHttpStatus: 200 });

  const second = (await running()).rig;
  second.arm.reports.push({ httpStatus: 204 });
  second.arm.getFailure = new ArmError('ARM_UNREACHABLE', 'reset');
  await second.run(12);
  expect(second.operation('one')).toMatchObject({ state: 'running', lastHttpStatus: 204 });

  const third = (await running()).rig;
  third.arm.reports.push(new ArmError('ARM_CONFLICT', 'busy', { httpStatus: 409 }));
  await third.run(12);
  expect(third.operation('one')?.state).toBe('running');
  expect(third.telemetry.emitted.at(-1)?.operation).toMatchObject({ lastHttpStatus: 409 });

  const fourth = (await running()).rig;
  fourth.arm.reports.push({ httpStatus: 200 });
  fourth.arm.remove('one');
  await fourth.run(60);
  expect(fourth.ledger.ofKind('superseded')[0]?.operation).toMatchObject({ lastHttpStatus: 404 });
});

test('each poll that ends nothing is noted with the time of the next one', async () => {
  const { rig } = await running();
  await rig.run(25);
  const notes = rig.telemetry.emitted.filter(({ kind }) => kind === 'polled');
  expect(notes.map(({ id, reason }) => [id.split('|').slice(1).join('|'), reason])).toEqual([
    ['polled|1', 'Not done yet; next poll in 10 s'],
    ['polled|2', 'Not done yet; next poll in 10 s'],
  ]);
  expect(rig.alarm.pending.map(({ dueAt }) => dueAt)).toEqual([new Date(rig.clock.now().getTime() + 5_000)]);
});

test('of two polls that find the same bad end one ends it, and queues its retry', async () => {
  const { rig, call } = await running();
  const failed = { httpStatus: 200, status: 'Failed' };
  rig.arm.reports.push(failed, failed);
  rig.clock.advance(10);
  await Promise.all([rig.poll(call), rig.poll(call)]);
  expect(rig.ledger.ofKind('failed')).toMatchObject([{ reason: 'Azure did not carry out the write' }]);
  expect(rig.reviews.pending.filter(({ message }) => message.because === 'retry')).toHaveLength(1);
});

test('every fourth poll of an operation URL that never ends reads the connection, too', async () => {
  const { rig } = await running();
  await rig.run(35);
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(10);
  expect(rig.arm.calls.slice(2, 7)).toEqual(['read', 'read', 'read', 'read', 'get']);
  expect(rig.operation('one')?.state).toBe('applied');
});

test('a connection that cannot be read then leaves the operation going on', async () => {
  const { rig } = await running();
  rig.arm.getFailure = new ArmError('ARM_FORBIDDEN', 'no');
  await rig.run(45);
  expect(rig.arm.calls.slice(2)).toEqual(['read', 'read', 'read', 'read', 'get']);
  expect(rig.operation('one')?.state).toBe('running');
  expect(rig.telemetry.emitted.at(-1)?.operation).toMatchObject({ lastHttpStatus: 202, polls: 4 });
});

test('an alarm that comes after the end has the next in line reviewed', async () => {
  const { rig, call } = await running();
  rig.arm.reports.push({ httpStatus: 204 });
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(20);
  rig.arm.seed({ name: 'two' });
  rig.policy.effects.set('two', 'approve');
  const [row] = rig.operations.rows(rig.target);
  const { version } = await rig.operations.load(rig.target);
  // As version 0.1.0 left it, which did not tell whether anything waits.
  await rig.operations.save(
    rig.target,
    [{ ...row!, operation: { ...row!.operation!, isAwaited: undefined } }],
    {
      version,
      nextGeneration: 9,
      reviewedAt: rig.clock.now().toISOString(),
    },
  );
  const calls = rig.arm.calls.length;
  await rig.poll(call);
  expect(rig.arm.calls).toHaveLength(calls);
  expect(rig.reviews.pending.at(-1)?.message).toMatchObject({ because: 'next in line' });
});

test('an alarm of a connection that nobody knows does nothing', async () => {
  const { rig, call } = await running();
  await rig.poll({ ...call, connectionId: call.connectionId.replace(/one$/, 'two') });
  expect(rig.arm.calls).toEqual(['list', 'write']);
  expect(rig.reviews.pending).toEqual([]);
});

test('without a proof the record says so, and whether the write was ever confirmed decides about the retry', async () => {
  const { rig } = await running();
  rig.arm.change('one', { provisioningState: 'Updating' });
  await rig.run(16 * 60);
  expect(rig.ledger.ofKind('expired')).toMatchObject([{ reason: 'The deadline passed without proof' }]);
  expect(rig.operation('one')?.retryAt).toBe(
    new Date(new Date(rig.operation('one')!.endedAt!).getTime() + 15 * 60_000).toISOString(),
  );
});

test('storage that is away puts a poll off, each time for longer, and the log says why', async () => {
  const { rig, call } = await running();
  for (const attempt of [0, 1, 9]) {
    rig.operations.failNext(new PosternError('STORE_UNAVAILABLE', 'away'));
    await rig.poll({ ...call, attempt });
  }
  expect(rig.alarm.pending.slice(1)).toMatchObject([
    { delaySeconds: 10, message: { attempt: 1 } },
    { delaySeconds: 20, message: { attempt: 2 } },
    { delaySeconds: 300, message: { attempt: 10 } },
  ]);
  expect(rig.lines.at(-1)).toBe(`${call.operationId}: polled again in 300 s. STORE_UNAVAILABLE: away`);
  rig.operations.failNext(new PosternError('STORE_UNREADABLE', 'no JSON'));
  await expect(rig.poll(call)).rejects.toThrow('no JSON');
});
