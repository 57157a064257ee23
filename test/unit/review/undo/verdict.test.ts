import fc from 'fast-check';
import { standingOf } from '../../../../src/review/undo/decisions-of-rule';
import { verdictOnUndo, type UndoQuestion } from '../../../../src/review/judge/undo';
import type { Answer } from '../../../../src/operations/answer';
import { noLists } from '../../../../src/policy/lists/list-snapshot';
import { factsFrom } from '../../../../src/review/facts/build-facts';
import { connectionIdOf, parseTargetId } from '../../../../src/connections/resource-id';
import { policyOf } from '../../../support/samples/policy';
import {
  sampleConnectionState,
  sampleOperation,
  sampleRecord,
  sampleTarget,
} from '../../../../dev/lib/samples';

const now = new Date('2026-01-05T13:00:00.000Z');
const endedAt = '2026-01-05T12:01:00.000Z';

const request: Answer = {
  decisionId: 'd1',
  undoes: 'landing-zones',
  seen: '',
  effect: 'reject',
  given: [
    {
      oid: 'operator',
      name: 'alice',
      principals: ['operator'],
      reason: 'wrong',
      at: '2026-01-05T12:59:00.000Z',
    },
  ],
};

const rules = {
  none: '',
  holds: '{name: h, effect: hold, on: [Approved], when: "true"}',
  holdFails: '{name: h, effect: hold, on: [Approved], when: target.tags.x == "y"}',
  rejectFails: '{name: r, effect: reject, on: [Approved], when: target.tags.x == "y"}',
  misses: '{name: h, effect: hold, on: [Approved], when: "false"}',
  holdTwice:
    '{name: h, effect: hold, on: [Approved], when: "true"}, {name: k, effect: hold, on: [Approved], when: "true"}',
  deletes: '{name: r, effect: delete, on: [Approved], when: "true"}',
  rejects: '{name: r, effect: reject, on: [Approved], when: "true"}',
  revives: '{name: w, effect: approve, on: [Rejected], when: "true", approvesAnyone: true}',
  countsRejected:
    '{name: w, effect: approve, on: [Rejected], when: consumer.rejected == 1 && consumer.approved == 0}',
} as const;

function question(
  rule: keyof typeof rules,
  { mode = 'enforce', status = 'Approved', type = 'Microsoft.KeyVault/vaults', decisionId = 'd1' } = {},
): UndoQuestion {
  const policy = policyOf(`version: 1\nmode: ${mode}\nrules: [${rules[rule]}]\n`);
  const target = parseTargetId(sampleTarget().id.replace('Microsoft.KeyVault/vaults', type));
  const id = connectionIdOf(target, 'c');
  const endpointText =
    '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe';
  const connection = {
    id,
    endpoint: {
      subscriptionId: '11111111-1111-4111-8111-111111111111',
      resourceGroup: 'rg',
      name: 'pe',
      id: endpointText,
      key: endpointText.toLowerCase(),
    },
    endpointText,
    status,
    message: '',
    provisioningState: 'Succeeded',
    groupIds: [],
    etag: undefined,
  };
  const row = sampleConnectionState({
    connection: id,
    status,
    firstSeen: endedAt,
    operation: sampleOperation({ state: 'applied', decisionId, endedAt }),
  });
  const facts = factsFrom({
    connection,
    firstSeen: endedAt,
    all: [connection],
    targetDetails: undefined,
    endpointDetails: undefined,
  });
  return {
    policy,
    connection,
    facts,
    decision: policy.decide(facts, now),
    id: undefined,
    now,
    row,
    lists: noLists,
  };
}

test.each([
  ['none', {}, 'reject'],
  ['misses', {}, 'reject'],
  ['rejectFails', {}, 'reject'],
  ['none', { type: 'Microsoft.Sql/servers' }, 'delete'],
  ['none', { type: 'Microsoft.ContainerRegistry/registries' }, 'delete'],
  ['none', { type: 'Microsoft.Storage/storageAccounts' }, 'reject'],
] as const)('with %s and %j it counts, as %s', (rule, about, effect) => {
  expect(verdictOnUndo(request, question(rule, about))).toMatchObject({ kind: 'counts', effect });
});

test.each([
  ['none', { mode: 'audit' }, 'Postern is in audit mode'],
  ['none', { status: 'Pending' }, 'The connection is not Approved any more'],
  ['none', { decisionId: 'd2' }, 'The connection was decided again since'],
  ['holds', {}, 'A rule holds the connection: h'],
  ['holdFails', {}, 'A rule holds the connection: h'],
  ['holdTwice', {}, 'A rule holds the connection: h, k'],
  ['rejects', {}, 'The policy itself decides to reject'],
  ['deletes', {}, 'The policy itself decides to delete'],
  ['revives', {}, 'The policy would approve it again at once, by w'],
  ['countsRejected', {}, 'The policy would approve it again at once, by w'],
] as const)('with %s and %j it is void: %s', (rule, about, why) => {
  expect(verdictOnUndo(request, question(rule, about))).toEqual({ kind: 'void', why });
});

test('what the provider needs itself is not taken away', () => {
  const asked = question('none', { type: 'Microsoft.ContainerService/managedClusters' });
  const machine = { ...asked.facts, connection: { ...asked.facts.connection, name: 'kube-apiserver' } };
  expect(verdictOnUndo(request, { ...asked, facts: machine })).toEqual({
    kind: 'void',
    why: expect.stringMatching(/ itself needs this connection: kube-apiserver$/) as string,
  });
});

test('one request that is too old makes all of it void', () => {
  const [given] = request.given;
  const old = { ...given, at: '2026-01-04T13:00:00.000Z' } as (typeof request.given)[number];
  expect(verdictOnUndo({ ...request, given: [...request.given, old] }, question('none')).kind).toBe('void');
});

test('what is carried out has no rules and no reason of the policy', () => {
  expect(verdictOnUndo(request, question('none'))).toMatchObject({
    decision: { rules: [], reason: '', outcomes: [] },
  });
});

test('a deletion cannot be approved again, so that rule does not matter to it', () => {
  expect(verdictOnUndo({ ...request, effect: 'delete' }, question('revives'))).toMatchObject({
    kind: 'counts',
    effect: 'delete',
  });
});

test('a forged request never approves, and an old one is void', () => {
  expect(verdictOnUndo({ ...request, effect: 'approve' }, question('none'))).toEqual({
    kind: 'void',
    why: 'An undo never approves',
  });
  const given = request.given.map((each) => ({ ...each, at: '2026-01-04T13:00:00.000Z' }));
  expect(verdictOnUndo({ ...request, given }, question('none'))).toEqual({
    kind: 'void',
    why: 'It was not carried out within 24 hours',
  });
});

test('whatever the question, an undo takes away or does nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(rules) as (keyof typeof rules)[])),
      fc.constantFrom('approve', 'reject', 'delete'),
      fc.constantFrom('Approved', 'Pending', 'Rejected', 'Disconnected', 'Odd'),
      fc.constantFrom('enforce', 'audit'),
      fc.constantFrom('d1', 'd2'),
      (rule, effect, status, mode, decisionId) => {
        const verdict = verdictOnUndo({ ...request, effect }, question(rule, { status, mode, decisionId }));
        if (verdict.kind === 'void') return;
        expect(['reject', 'delete']).toContain(verdict.effect);
        expect([status, mode, decisionId]).toEqual(['Approved', 'enforce', 'd1']);
      },
    ),
  );
});

describe('a decision stands', () => {
  const row = sampleConnectionState({
    status: 'Approved',
    firstSeen: endedAt,
    decisionId: undefined,
    operation: sampleOperation({ state: 'applied', endedAt }),
  });
  const decided = sampleRecord();

  test.each([
    ['approved', row, []],
    ['shared', row, ['quota']],
    ['gone', undefined, []],
    ['gone', { ...row, status: '(gone)' }, []],
    ['ended', { ...row, status: 'Rejected' }, []],
    ['ended', { ...row, status: 'Disconnected' }, []],
    ['changed', { ...row, firstSeen: '2026-01-05T12:30:00.000Z' }, []],
    ['changed', { ...row, operation: sampleOperation({ decisionId: 'd2', state: 'applied', endedAt }) }, []],
    ['changed', { ...row, operation: undefined }, []],
    ['changed', { ...row, operation: sampleOperation({ state: 'superseded', endedAt }) }, []],
    ['changed', { ...row, operation: sampleOperation({ state: 'failed', endedAt }) }, []],
    ['changed', { ...row, operation: sampleOperation({ state: 'applied', effect: 'reject', endedAt }) }, []],
    ['approved', { ...row, operation: sampleOperation({ state: 'unproven', endedAt }) }, []],
    ['asked', { ...row, answer: request }, []],
    ['approved', { ...row, answer: { ...request, undoes: undefined, decisionId: 'hold' } }, []],
    ['approved', { ...row, answer: { ...request, decisionId: 'd9' } }, []],
    ['ended', { ...row, status: 'Pending', operation: sampleOperation({ decisionId: 'd9' }) }, []],
    ['under way', { ...row, status: 'Pending', operation: sampleOperation() }, []],
    [
      'under way',
      { ...row, operation: sampleOperation({ decisionId: 'd9', decided: sampleRecord({ answers: 'd1' }) }) },
      [],
    ],
  ] as const)('as %s', (standing, known, others) => {
    expect(standingOf(decided, others, known)).toBe(standing);
  });

  test('as rejected, if the rule rejected', () => {
    expect(standingOf(sampleRecord({ effect: 'reject' }), [], { ...row, status: 'Rejected' })).toBe(
      'rejected',
    );
  });
});
