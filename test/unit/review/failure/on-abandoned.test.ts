import { PosternError } from '../../../../src/base/errors';
import { parseAlarmCall } from '../../../../src/operations/alarm';
import { createOnAbandoned, type OnAbandoned } from '../../../../src/review/failure/on-abandoned';
import { abandonMessage } from '../../../../src/review/failure/abandon-message';
import { parseReviewRequest } from '../../../../src/review/queue/review-request';
import { createRig, type Rig } from '../../../support/rigs/rig';

function onAbandonedOf(rig: Rig): OnAbandoned {
  return createOnAbandoned({
    ...rig,
    reviewTarget: async (message) => rig.takeRequest(parseReviewRequest(message)),
    pollOperation: async (message) => rig.poll(parseAlarmCall(message)),
  });
}

async function runningRig(): Promise<{ rig: Rig; call: unknown }> {
  const rig = createRig();
  rig.arm.seed({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  await rig.takeRequest(rig.request());
  rig.clock.advance(15);
  return { rig, call: rig.alarm.takeDue()[0] };
}

const defect = new TypeError('x is not a function');
const malformed = new PosternError('STORE_UNREADABLE', 'operations, row c|1: status');

describe('a review that failed again and again', () => {
  test('is done after all when its trouble has passed, and nothing is abandoned', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    await onAbandonedOf(rig).review(rig.request(), 1);
    expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided']);
  });

  test('is abandoned with its cause, its target and its own words when it fails once more', async () => {
    const rig = createRig();
    rig.arm.listFailure = defect;
    await onAbandonedOf(rig).review(rig.request(), 1);
    expect(rig.ledger.records).toMatchObject([
      {
        kind: 'abandoned',
        target: rig.target.id,
        reason: expect.stringContaining('TypeError: x is not a function'),
        message: expect.stringContaining(rig.target.id),
      },
    ]);
    expect(rig.lines.at(-1)).toContain('TypeError: x is not a function');
  });

  test('that nobody can read is abandoned with what is wrong with it', async () => {
    const rig = createRig();
    await onAbandonedOf(rig).review({ nonsense: '\u202egnp' }, 1);
    const [record] = rig.ledger.records;
    expect(record).toMatchObject({ kind: 'abandoned', target: '' });
    expect(record?.reason).toContain('MESSAGE_INVALID');
    expect(record?.message).toBe('{"nonsense":"\\u{202e}gnp"}');
  });

  test.each(["x') | union SecurityEvent | where ('' == '", '/subscriptions/x', 7])(
    'that names no target is abandoned without one: %j',
    async (id) => {
      const rig = createRig();
      for (const message of [
        { id },
        { connectionId: id },
        { connectionId: `${id}/privateEndpointConnections/c` },
      ])
        await onAbandonedOf(rig).review(message, 1);
      expect(rig.ledger.records.map(({ target }) => target)).toEqual(['', '', '']);
    },
  );

  test('is put back while storage is away, and nothing is abandoned', async () => {
    const rig = createRig();
    rig.operations.failNext(new PosternError('STORE_UNAVAILABLE', 'storage is away'));
    await onAbandonedOf(rig).review(rig.request(), 1);
    expect(rig.reviews.pending).toHaveLength(1);
    expect(rig.ledger.records).toEqual([]);
  });

  test('comes again while the queue is away, too', async () => {
    const rig = createRig();
    const away = new PosternError('STORE_UNAVAILABLE', 'storage is away');
    rig.operations.failNext(away);
    rig.reviews.failNext(away);
    await expect(onAbandonedOf(rig).review(rig.request(), 1)).rejects.toBe(away);
    expect(rig.ledger.records).toEqual([]);
  });

  test('is not tried a last time when it may be what ends the process, but told of', async () => {
    const rig = createRig();
    await onAbandonedOf(rig).review(rig.request(), 5);
    expect(rig.arm.calls).toEqual([]);
    expect(rig.ledger.ofKind('abandoned')[0]?.reason).toContain('every attempt crashed or timed out');
  });

  test('has a cause of bounded length without control characters', async () => {
    const rig = createRig();
    rig.arm.listFailure = new Error(`\u001b[31m${'x'.repeat(100_000)}`);
    await onAbandonedOf(rig).review(rig.request(), 1);
    const reason = rig.ledger.ofKind('abandoned')[0]?.reason ?? '';
    expect(reason.length).toBeLessThan(1024);
    expect(reason).toContain('\\u{1b}[31mxxx');
  });
});

describe('an alarm that failed again and again', () => {
  test('looks after all when its trouble has passed, and the operation goes on', async () => {
    const { rig, call } = await runningRig();
    rig.arm.change('one', { status: 'Approved' });
    await onAbandonedOf(rig).operation(call, 1);
    expect(rig.operation('one')?.state).toBe('applied');
    expect(rig.ledger.ofKind('abandoned')).toEqual([]);
  });

  test('ends its operation as abandoned, with the cause, when it fails once more', async () => {
    const { rig, call } = await runningRig();
    rig.arm.getFailure = defect;
    await onAbandonedOf(rig).operation(call, 1);
    expect(rig.operation('one')).toMatchObject({
      state: 'abandoned',
      error: 'TypeError: x is not a function',
    });
    const [record] = rig.ledger.ofKind('abandoned');
    expect(record?.reason).toContain('TypeError: x is not a function');
    expect(record?.operation?.error).toBe('TypeError: x is not a function');
  });

  test('whose row nobody can read is told of with its target', async () => {
    const { rig, call } = await runningRig();
    rig.operations.get = () => Promise.reject(malformed);
    await onAbandonedOf(rig).operation(call, 1);
    expect(rig.ledger.ofKind('abandoned')).toMatchObject([
      { target: rig.target.id, reason: expect.stringContaining('STORE_UNREADABLE: operations, row c|1') },
    ]);
  });

  test('is rung again while storage is away, and its operation is not given up', async () => {
    const { rig, call } = await runningRig();
    rig.operations.failNext(new PosternError('STORE_UNAVAILABLE', 'storage is away'));
    await onAbandonedOf(rig).operation(call, 1);
    expect(rig.operation('one')?.state).toBe('running');
    expect(rig.alarm.pending).toHaveLength(1);
  });

  test.each([
    { nonsense: true },
    { version: 1, connectionId: 'x', operationId: `${'0'.repeat(32)}.1`, poll: 0 },
  ])('that names no operation is told of: %p', async (message) => {
    const rig = createRig();
    await onAbandonedOf(rig).operation(message, 1);
    expect(rig.ledger.ofKind('abandoned')).toHaveLength(1);
  });
});

test.each<[unknown, string]>([
  [
    {
      id: '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shared',
    },
    'kv-shared',
  ],
  [
    {
      connectionId:
        '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shared/privateendpointconnections/one',
    },
    'kv-shared',
  ],
  [
    {
      connectionId:
        '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shared/privateEndpointConnections/one/more',
    },
    '',
  ],
  [
    {
      id: '/subscriptions/22222222-2222-2222-2222-222222222222/privateEndpointConnections/x/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shared',
    },
    '',
  ],
  [{ id: 7, connectionId: 8 }, ''],
  [null, ''],
  ['text', ''],
  [undefined, ''],
  [7, ''],
])('an abandoned message names a target only if it has a valid id: %j', async (message, target) => {
  const rig = createRig();
  await abandonMessage(rig, message, 'a defect');
  const [record] = rig.ledger.records;
  expect(record?.target.split('/').at(-1)).toBe(target);
  expect(record).toMatchObject({
    version: 1,
    kind: 'abandoned',
    reason: 'Handling this message failed repeatedly: a defect. The next sweep reviews its target again',
    message: JSON.stringify(message) ?? 'undefined',
  });
  expect(rig.lines).toEqual([`Abandoned: ${record?.message}. ${record?.reason}`]);
});

test('an alarm whose operation was given up is not told of a second time', async () => {
  const { rig, call } = await runningRig();
  await onAbandonedOf(rig).operation(call, 5);
  expect(rig.ledger.ofKind('abandoned')).toHaveLength(1);
});
