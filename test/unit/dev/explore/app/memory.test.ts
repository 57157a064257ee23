import { SimulatedAbortController } from '../../../../../dev/explore/app/abort-controller';
import { connectionStateFromRow } from '../../../../../dev/explore/app/connection-row';
import { frozen, remembering } from '../../../../../dev/explore/app/memory';
import {
  connectionStateFromRow as read,
  entityFromConnectionState,
} from '../../../../../src/azure/storage/tables/connection-row';
import { parseConnectionId } from '../../../../../src/connections/resource-id';

const connection = parseConnectionId(
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-one/privateEndpointConnections/pe',
);
const state = {
  connection,
  endpointKey: 'e',
  status: 'Pending',
  generation: 0,
  firstSeen: '2026-01-05T06:00:00.000Z',
};
const row = { ...entityFromConnectionState({ ...state, version: undefined }), etag: 'W/"1"' };

test('a row that has not changed is read once, and what was read cannot be changed', () => {
  const first = connectionStateFromRow(row);
  expect(first).toEqual(read(row));
  expect(connectionStateFromRow({ ...row })).toBe(first);
  expect(() => Object.assign(first.connection, { name: 'other' })).toThrow(TypeError);
});

test.each([
  ['another value', { ...row, status: 'Approved' }],
  ['another version', { ...row, etag: 'W/"2"' }],
  ['one more column', { ...row, decisionId: 'd' }],
])('a row with %s is read again', (_, changed) => {
  connectionStateFromRow({ ...row, decisionId: undefined });
  connectionStateFromRow(row);
  expect(connectionStateFromRow(changed)).toEqual(read(changed));
});

test('a row with one column less is read again', () => {
  connectionStateFromRow({ ...row, decisionId: 'd' });
  expect(connectionStateFromRow(row)).toEqual(read(row));
});

test('a result is computed once for each text, and what a computation throws is thrown each time', () => {
  let computed = 0;
  const lengthOf = remembering((text) => {
    computed += 1;
    if (text === '') throw new Error('empty');
    return text.length;
  });
  expect([lengthOf('ab'), lengthOf('ab'), lengthOf('c')]).toEqual([2, 2, 1]);
  expect(computed).toBe(2);
  expect(() => lengthOf('')).toThrow('empty');
  expect(() => lengthOf('')).toThrow('empty');
  expect(computed).toBe(4);
});

test('frozen values cannot be changed at any depth', () => {
  const value = frozen({ list: [{ name: 'a' }] });
  expect(() => Object.assign(value.list[0] ?? {}, { name: 'b' })).toThrow(TypeError);
});

test('the simulated abort controller behaves as the real one does', () => {
  const seen = [AbortController, SimulatedAbortController].map((Controller) => {
    const { signal, ...rest } = aborted(new Controller());
    return { ...rest, aborted: signal.aborted, name: (signal.reason as Error).name };
  });
  expect(seen[1]).toEqual(seen[0]);
});

function aborted(controller: AbortController | SimulatedAbortController) {
  const { signal } = controller;
  const called: string[] = [];
  const removed = (): void => void called.push('removed');
  signal.addEventListener('abort', () => void called.push('first'));
  signal.addEventListener('abort', removed);
  signal.addEventListener('abort', () => void called.push('last'));
  signal.removeEventListener('abort', removed);
  expect(() => signal.throwIfAborted()).not.toThrow();
  controller.abort();
  controller.abort();
  expect(() => signal.throwIfAborted()).toThrow('This operation was aborted');
  return { signal, called };
}
