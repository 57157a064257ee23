import { PosternError } from '../../../src/base/errors';
import { abandonOperation } from '../../../src/operations/abandon-operation';
import type { Operation } from '../../../src/operations/operation';
import { sampleConnectionState, sampleOperation, sampleRecord } from '../../../dev/lib/samples';
import { createRig } from '../../support/rigs/rig';

const id = `${'0123456789abcdef'.repeat(2)}.1`;

function withOperation(change: Partial<Operation> = {}) {
  const rig = createRig();
  const row = sampleConnectionState({ operation: sampleOperation({ id, ...change }) });
  rig.operations.seed(row.connection.target, [row]);
  const ended: Operation[] = [];
  const ports = { ...rig, onEnd: async (operation: Operation) => void ended.push(operation) };
  const call = { version: 1, connectionId: row.connection.id, operationId: id, poll: 3 };
  const operation = () => rig.operations.rows(row.connection.target)[0]?.operation;
  return { rig, ports, call, ended, operation };
}

test('an operation that cannot be polled is abandoned, with the reason, and the next has its turn', async () => {
  const { rig, ports, call, ended, operation } = withOperation();
  expect(await abandonOperation(ports, call, 'a defect')).toBe(true);
  expect(operation()).toMatchObject({ state: 'abandoned', error: 'a defect' });
  expect(rig.ledger.records).toMatchObject([
    { kind: 'abandoned', reason: 'Polling failed repeatedly: a defect' },
  ]);
  expect(ended.map(({ state }) => state)).toEqual(['abandoned']);
});

test('one that takes access away has failed, and is tried again', async () => {
  const decided = sampleRecord({ status: 'Approved' });
  const { ports, call, operation } = withOperation({ effect: 'reject', decided });
  expect(await abandonOperation(ports, call, 'a defect')).toBe(true);
  expect(operation()).toMatchObject({ state: 'failed', retryAt: expect.any(String) });
});

test('one that has ended stays as it is; only the follow-up of its end is made again', async () => {
  const { rig, ports, call, ended, operation } = withOperation({ state: 'applied' });
  expect(await abandonOperation(ports, call, 'a defect')).toBe(true);
  expect([operation()?.state, rig.ledger.records]).toEqual(['applied', []]);
  expect(ended.map(({ state }) => state)).toEqual(['applied']);
});

test.each<[string, object]>([
  ['is no alarm', { poll: 'x' }],
  ['names no connection', { connectionId: '/nonsense' }],
  ['names another operation', { operationId: `${'0'.repeat(32)}.1` }],
])('a message that %s is left to the caller', async (_, change) => {
  const { ports, call, ended, operation } = withOperation();
  expect(await abandonOperation(ports, { ...call, ...change }, 'a defect')).toBe(false);
  expect([operation()?.state, ended]).toEqual(['running', []]);
});

test('a connection that is not known, or whose row cannot be read, is left to the caller', async () => {
  const { rig, ports, call } = withOperation();
  const unknown = call.connectionId.replace('conn-1', 'conn-2');
  expect(await abandonOperation(ports, { ...call, connectionId: unknown }, 'a defect')).toBe(false);
  rig.operations.failNext(new PosternError('STORE_UNREADABLE', 'no JSON'));
  expect(await abandonOperation(ports, call, 'a defect')).toBe(false);
});

test('storage that is away is not the message’s fault', async () => {
  const { rig, ports, call } = withOperation();
  rig.operations.failNext(new PosternError('STORE_UNAVAILABLE', 'away'));
  await expect(abandonOperation(ports, call, 'a defect')).rejects.toThrow('away');
});
