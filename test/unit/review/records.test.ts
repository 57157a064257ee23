import type { Decision } from '../../../src/policy/decision';
import { decisionIdOf } from '../../../src/review/decision-id';
import {
  answeredElsewhereRecord,
  decidedRecord,
  digest,
  foundRecord,
  malformedRecord,
  undecidedRecord,
  waitedRecord,
} from '../../../src/review/records';
import { sampleConnectionState, sampleTarget } from '../../../dev/lib/samples';
import { FakeArm } from '../../support/fakes/fake-arm';

const context = { target: sampleTarget(), now: new Date('2026-01-05T12:00:00Z'), traceId: 'trace' };
const connection = new FakeArm(context.target).seed({ name: 'one', message: 'please\u202e' });
const decision: Decision = {
  effect: 'approve',
  rules: ['b', 'a'],
  reason: 'Because',
  outcomes: [],
  policyDigest: 'd'.repeat(64),
  mode: 'enforce',
};
const about = {
  version: 1,
  at: '2026-01-05T12:00:00.000Z',
  target: context.target.id,
  targetType: 'Microsoft.KeyVault/vaults',
  traceId: 'trace',
};
const aboutOne = {
  ...about,
  connection: connection.id.id,
  endpoint: connection.endpoint!.id,
  message: 'please\\u{202e}',
  status: 'Pending',
};
const decided = { connection, firstSeen: '2026-01-04T00:00:00.000Z', decision, id: 'd1', expiresAt: 'later' };
const aboutDecision = {
  ...aboutOne,
  firstSeen: decided.firstSeen,
  decisionId: 'd1',
  effect: 'approve',
  rules: ['b', 'a'],
  reason: 'Because',
  policyDigest: 'd'.repeat(64),
  mode: 'enforce',
  expiresAt: 'later',
};

test('a decision is recorded with who asked for what, and why it was made', () => {
  expect(decidedRecord(context, decided)).toEqual({ ...aboutDecision, id: 'd1|decided', kind: 'decided' });
  expect(decidedRecord(context, decided, 'a\u202e doubt').reason).toBe(
    'Because; decided although a\\u{202e} doubt',
  );
});

test('a request that waits is recorded once a day, with the decision that stands', () => {
  expect(waitedRecord(context, decided)).toEqual({
    ...aboutDecision,
    id: 'd1|waited|2026-01-05',
    kind: 'waited',
  });
});

test('a connection without a decision is recorded once a day, with the reason', () => {
  const undecided = { firstSeen: decided.firstSeen, why: 'ARM is at work' };
  expect(undecidedRecord(context, connection, undecided)).toEqual({
    ...aboutOne,
    id: `${digest(connection.id.key)}|waited|2026-01-05`,
    kind: 'waited',
    firstSeen: decided.firstSeen,
    reason: 'Not decided: ARM is at work',
  });
});

test('a connection that no event reported is recorded once', () => {
  expect(foundRecord(context, connection)).toEqual({
    ...aboutOne,
    id: `${digest(connection.id.key)}|found`,
    kind: 'found',
    reason: 'The sweep found this connection; no event had reported it',
  });
});

test('an item that cannot be read is recorded once, in harmless words', () => {
  expect(malformedRecord(context, { id: '/x\u0000', problem: 'odd\u0000' })).toEqual({
    ...about,
    id: `${digest('/x\u0000')}|unreadable`,
    kind: 'ignored',
    connection: '/x\\u{0}',
    reason: 'ARM listed this item, but it cannot be decided: odd\\u{0}',
  });
});

test('a decision that somebody else answered is closed, with what was known before', () => {
  const previous = sampleConnectionState();
  expect(answeredElsewhereRecord(previous, 'Someone did', context.now)).toEqual({
    ...about,
    target: previous.connection.target.id,
    traceId: undefined,
    id: 'd1|superseded',
    kind: 'superseded',
    decisionId: 'd1',
    connection: previous.connection.id,
    status: 'Pending',
    firstSeen: previous.firstSeen,
    reason: 'Someone did',
  });
});

test('an endpoint that cannot be parsed is recorded as ARM spells it; none at all stays absent', () => {
  const odd = { ...connection, endpoint: undefined, endpointText: '/odd\u202e' };
  expect(foundRecord(context, odd).endpoint).toBe('/odd\\u{202e}');
  expect(foundRecord(context, { ...odd, endpointText: undefined }).endpoint).toBeUndefined();
});

test('the same question with the same answer is the same decision; anything else is another one', () => {
  const id = decisionIdOf(connection, 1, decision);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(decisionIdOf({ ...connection, status: 'PENDING' }, 1, { ...decision, rules: ['a', 'b'] })).toBe(id);
  const others = [
    decisionIdOf(new FakeArm(context.target).seed({ name: 'two', message: 'please\u202e' }), 1, decision),
    decisionIdOf({ ...connection, endpoint: undefined }, 1, decision),
    decisionIdOf({ ...connection, endpoint: undefined, endpointText: '/x' }, 1, decision),
    decisionIdOf({ ...connection, endpoint: undefined, endpointText: undefined }, 1, decision),
    decisionIdOf({ ...connection, status: 'Rejected' }, 1, decision),
    decisionIdOf({ ...connection, message: 'please' }, 1, decision),
    decisionIdOf(connection, 2, decision),
    decisionIdOf(connection, 1, { ...decision, effect: 'reject' }),
    decisionIdOf(connection, 1, { ...decision, rules: ['a'] }),
    decisionIdOf(connection, 1, { ...decision, reason: 'Why not' }),
    decisionIdOf(connection, 1, { ...decision, policyDigest: 'e'.repeat(64) }),
    decisionIdOf(connection, 1, { ...decision, mode: 'audit' }),
  ];
  expect(new Set([id, ...others]).size).toBe(others.length + 1);
});

test('the id of a decision stays the same from one version of Postern to the next', () => {
  const nameless = { ...connection, endpoint: undefined, endpointText: undefined };
  expect(decisionIdOf(connection, 1, decision)).toBe('b577ecc562ebd0d15cca9f9121b72868');
  expect(decisionIdOf(nameless, 1, decision)).toBe('aef6d0f2cb9f6a78afd984901c6a8808');
});
