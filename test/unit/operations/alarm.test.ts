import { PosternError } from '../../../src/base/errors';
import { parseAlarmCall } from '../../../src/operations/alarm';
import { overdueSince, wake } from '../../../src/operations/overdue';
import { createPace } from '../../../src/connections/pace';
import { sampleConnection, sampleOperation } from '../../../dev/lib/samples';
import { FakeAlarm, FakeClock } from '../../support/fakes';

const call = {
  version: 1,
  connectionId: sampleConnection().id,
  operationId: `${'0123456789abcdef'.repeat(2)}.12`,
  poll: 3,
  attempt: 2,
  traceId: '0af7651916cd43dd8448eb211c80319c',
} as const;

test('a message of the operations queue is read as it was written', () => {
  expect(parseAlarmCall(call)).toEqual(call);
  expect(parseAlarmCall({ ...call, poll: 0, attempt: 0, traceId: undefined })).toMatchObject({ poll: 0 });
});

test.each<[string, Partial<Record<keyof typeof call, unknown>>]>([
  ['version', { version: 2 }],
  ['connectionId', { connectionId: '' }],
  ['connectionId', { connectionId: `/${'x'.repeat(2048)}` }],
  ['operationId', { operationId: `x${call.operationId}` }],
  ['operationId', { operationId: `${call.operationId}x` }],
  ['operationId', { operationId: `${'g'.repeat(32)}.1` }],
  ['operationId', { operationId: `${'0'.repeat(32)}.12345` }],
  ['poll', { poll: -1 }],
  ['attempt', { attempt: -1 }],
])('a message is refused for its %s, by name', (field, change) => {
  const parse = (): unknown => parseAlarmCall({ ...call, ...change });
  expect(parse).toThrow(PosternError);
  expect(parse).toThrow(new RegExp(`^operations message: .* at ${field}$`));
});

test.each(['', 'a b', 'a\nb', 'a'.repeat(101), ' a', 'a '])(
  'a trace id that is none is left out: %j',
  (traceId) => {
    expect(parseAlarmCall({ ...call, traceId }).traceId).toBeUndefined();
  },
);

test('an operation that lost its alarm gets one at once, for the poll that is next', async () => {
  const alarm = new FakeAlarm(new FakeClock());
  const connection = sampleConnection();
  await wake(alarm, { connection, operation: sampleOperation() }, 'trace');
  await wake(alarm, { connection, operation: sampleOperation({ ticket: undefined }) }, undefined);
  const expected = { version: 1, connectionId: connection.id, operationId: 'd1.1' };
  expect(alarm.pending).toMatchObject([
    { message: { ...expected, poll: 3, traceId: 'trace' }, delaySeconds: 0 },
    { message: { ...expected, poll: 0 }, delaySeconds: 0 },
  ]);
});

test('an operation is overdue five minutes after its time', () => {
  expect(overdueSince(new Date('2026-01-05T12:00:00Z'), createPace())).toEqual(
    new Date('2026-01-05T11:55:00Z'),
  );
});
