import { wantedPairs, whyForbidden } from '../../../../../dev/explore/report/pairs';
import { unvisited, Visited, visitsTable } from '../../../../../dev/explore/report/visited';
import { createSimulatedAccount } from '../../../../../dev/explore/storage/account';

const target = '/subscriptions/s/vaults/kv';

function rig(operation?: object) {
  const account = createSimulatedAccount({ now: () => 0, random: () => 0 });
  account.table('operations').create();
  const row = { partitionKey: 'p', rowKey: 'c', connectionId: `${target}/privateEndpointConnections/PE` };
  const entity = operation === undefined ? row : { ...row, operation: JSON.stringify(operation) };
  account.table('operations').write({ kind: 'insert', entity });
  const forbidden: string[] = [];
  const visited = new Visited({ account: () => account, onForbidden: (what) => forbidden.push(what) });
  const receive = (queue: string, message: object): void =>
    visited.onMessage(queue, Buffer.from(JSON.stringify(message)).toString('base64'));
  return { visited, forbidden, receive };
}

const poll = (operationId: string) => ({
  connectionId: `${target}/privateEndpointConnections/pe`,
  operationId,
});

test.each([
  [{ because: 'event', attempt: 0 }, 'hint'],
  [{ because: 'sweep', attempt: 0 }, 'sweep'],
  [{ because: 'a person requested a retry', origin: 'person', attempt: 0 }, 'person'],
  [{ because: 'a limit was lifted', attempt: 0 }, 'person'],
  [{ because: 'locked', attempt: 2 }, 'put back'],
  [{ because: 'locked', attempt: 2, promisedAt: '2026-01-05T06:00:00Z' }, 'promised review'],
])('a review %j meets each connection of its target as: %s', (message, event) => {
  const { visited, receive } = rig({ id: 'a.1', state: 'failed' });
  receive('reviews', { id: target, ...message });
  expect(visited.visits).toEqual({ [`failed × ${event}`]: 1 });
});

test('a poll of an earlier operation is told apart from an own one', () => {
  const { visited, receive } = rig({ id: 'a.2', state: 'running' });
  receive('operations', poll('a.2'));
  receive('operations', poll('a.1'));
  expect(visited.visits).toEqual({ 'running × own poll': 1, 'running × late poll': 1 });
});

test('a pair that the design rules out is reported', () => {
  const { forbidden, receive } = rig({ id: 'a.1', state: 'unproven' });
  receive('operations', poll('a.1'));
  expect(forbidden).toEqual([
    'unproven × own poll, but only types without a store of their own have ends that cannot be proven',
  ]);
});

test('an operation that a limit holds is told apart from one that waits for its turn', () => {
  const { visited, receive } = rig({ id: 'a.1', state: 'planned', limit: { state: 'held' } });
  receive('reviews', { id: target, because: 'event', attempt: 0 });
  expect(visited.visits).toEqual({ 'held by a limit × hint': 1 });
});

test('every pair that worlds must visit is asked for, and none that the design rules out', () => {
  expect(unvisited({})).toEqual(wantedPairs);
  expect(unvisited(Object.fromEntries(wantedPairs.map((pair) => [pair, 1])))).toEqual([]);
  expect(wantedPairs.filter((pair) => whyForbidden(pair) !== undefined)).toEqual([]);
  expect(visitsTable({}).join('\n')).toMatch(/^unproven .*- \|/m);
});
