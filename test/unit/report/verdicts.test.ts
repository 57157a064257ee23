import type { Policy } from '../../../src/policy/policy';
import { loadPolicy } from '../../../src/policy/compile-policy';
import { verdictsOf } from '../../../src/report/verdicts';
import { facts, factsWith, now } from '../../support/samples/policy';

function policyOf(rules: string): Policy {
  const load = loadPolicy([{ path: 'p.yaml', text: `version: 1\nmode: enforce\nrules:\n${rules}` }]);
  if (load.kind !== 'loaded') throw new Error(JSON.stringify(load.problems));
  return load.policy;
}

const byMessage = policyOf(`  - name: ticket
    effect: approve
    when: connection.message == "CHG1"
  - name: many
    effect: hold
    when: consumer.approved > 2
  - name: old
    on: [Approved]
    effect: delete
    when: connection.firstSeen < now - duration("24h")
`);

test('a pending request has one answer', () => {
  expect(verdictsOf(byMessage, factsWith({ message: 'CHG1' }), now)).toEqual({
    now: { effect: 'approve', rules: ['ticket'], reason: expect.any(String) },
    asRequest: undefined,
  });
});

test('an approved connection is asked about as it is, and as the request that it was, without the note of Postern', () => {
  const approved = factsWith({
    status: 'Approved',
    message: 'CHG1 [Postern approved: ticket; 1c4f09ab]',
    firstSeen: new Date('2026-01-01T00:00:00Z'),
  });
  expect(verdictsOf(byMessage, approved, now)).toMatchObject({
    now: { effect: 'delete', rules: ['old'] },
    asRequest: { effect: 'approve', rules: ['ticket'] },
  });
});

test('the request counts as pending, and its approval not', () => {
  const consumer = { pending: 0, approved: 3, rejected: 0, disconnected: 0 };
  const approved = { ...factsWith({ status: 'Approved', message: 'CHG1' }), consumer };
  expect(verdictsOf(byMessage, approved, now).asRequest?.effect).toBe('approve');
  const more = { ...approved, consumer: { ...consumer, approved: 4 } };
  expect(verdictsOf(byMessage, more, now).asRequest?.effect).toBe('hold');
});

test('without an endpoint, or disconnected, there is no request to ask about', () => {
  const gone = { ...factsWith({ status: 'Approved' }), endpoint: undefined, consumer: undefined };
  expect(verdictsOf(byMessage, gone, now).asRequest).toBeUndefined();
  expect(verdictsOf(byMessage, factsWith({ status: 'Disconnected' }), now)).toEqual({
    now: { effect: 'none', rules: [], reason: 'No rule applies to this status' },
    asRequest: undefined,
  });
});

test('a fact that is absent holds', () => {
  const tagged = policyOf('  - name: t\n    effect: approve\n    when: target.tags.env == "prod"\n');
  const bare = { ...facts, target: { ...facts.target, tags: undefined } };
  expect(verdictsOf(tagged, bare, now).now.effect).toBe('hold');
});
