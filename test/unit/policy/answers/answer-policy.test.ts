import fc from 'fast-check';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import {
  type AnswerEffect,
  answerEffects,
  type AnswerPolicy,
  isAmong,
  namedIds,
  type RuleAnswers,
  whoMayAnswer,
} from '../../../../src/policy/answers/answer-policy';
import type { RuleOutcome } from '../../../../src/policy/decision';
import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';

const ada = 'aaaaaaaa-0000-4000-8000-000000000001';
const bob = 'bbbbbbbb-0000-4000-8000-000000000002';
const group = 'cccccccc-0000-4000-8000-000000000003';

function load(text: string) {
  return loadPolicy([{ path: 'a.yaml', text: `version: 1\nmode: enforce\n${text}` }]);
}

function answersOf(text: string): AnswerPolicy | undefined {
  const loaded = load(text);
  if (loaded.kind !== 'loaded') throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded.policy.answers;
}

const hold = (rule: string): RuleOutcome => ({ kind: 'matched', rule, effect: 'hold', reason: 'r' });
const failed = (rule: string, effect: RuleOutcome['effect'] = 'hold'): RuleOutcome => ({
  kind: 'failed',
  rule,
  effect,
  problem: 'p',
});
const missed = (rule: string): RuleOutcome => ({ kind: 'missed', rule, effect: 'hold' });

const full = `console:
  approve: [role]
  reject: [${ada.toUpperCase()}, ${group}]
  reasonPattern: 'CHG[0-9]{7}'
  answersPerHour: { person: 3 }
rules:
  - { name: plain, effect: hold, when: 'connection.name == "a"' }
  - { name: prod, effect: hold, when: 'connection.name == "b"', console: { approve: [${bob}], needed: 2 } }
  - { name: strict, effect: hold, when: 'connection.name == "c"', console: { approve: [${ada}, ${bob}], reject: [] } }
  - { name: never, effect: hold, when: 'connection.name == "d"', console: never }
`;

/** Who of the two may answer, and how many must. */
function who(outcomes: readonly RuleOutcome[], effect: AnswerEffect = 'approve', text = full): string {
  const may = whoMayAnswer(answersOf(text), { effect: 'hold', outcomes }, effect);
  if (may.kind === 'nobody') return may.isHard ? 'never' : 'nobody';
  const names = Object.entries({ ada, bob, group }).filter(([, id]) => isAmong(may, new Set([id])));
  return [...names.map(([name]) => name), may.needed].join(' ');
}

test.each<[string, RuleOutcome[], AnswerEffect, string]>([
  ['no rule matched: the policy’s list', [], 'approve', 'ada bob group 1'],
  ['a rule without a word: the policy’s list', [hold('plain')], 'approve', 'ada bob group 1'],
  ['a rule with a list: that list, and two people', [hold('prod')], 'approve', 'bob 2'],
  ['a rule that does not name the effect: the policy’s list', [hold('prod')], 'reject', 'ada group 2'],
  ['several rules: all of them', [hold('prod'), hold('strict')], 'approve', 'bob 2'],
  [
    'several rules, one without a word: also the policy’s',
    [hold('plain'), hold('prod')],
    'reject',
    'ada group 2',
  ],
  ['an empty list: nobody', [hold('strict')], 'reject', 'nobody'],
  ['an effect that nobody has: nobody', [], 'delete', 'nobody'],
  ['one rule that says never: never', [hold('plain'), hold('never')], 'approve', 'never'],
  [
    'a rule that did not match counts for nothing',
    [hold('plain'), missed('never')],
    'approve',
    'ada bob group 1',
  ],
  ['a rule that says never and failed: never', [failed('never')], 'approve', 'never'],
  ['a rule with a list that failed: that list and the policy’s', [failed('prod')], 'approve', 'bob 2'],
  ['a rule that approves and failed: the policy’s list', [failed('ok', 'approve')], 'reject', 'ada group 1'],
  ['a failed rule next to one that holds: both', [failed('ok', 'approve'), hold('prod')], 'approve', 'bob 2'],
])('%s', (_, outcomes, effect, expected) => {
  expect(who(outcomes, effect)).toBe(expected);
});

test('nobody answers without a policy for it, or what the policy decides itself', () => {
  expect(who([], 'approve', 'rules: []')).toBe('nobody');
  const may = whoMayAnswer(answersOf(full), { effect: 'approve', outcomes: [] }, 'approve');
  expect(may).toMatchObject({ kind: 'nobody', isHard: false });
  const rules = `rules:\n  - { name: a, effect: hold, when: 'true', console: { approve: [role] } }`;
  expect(who([hold('a')], 'approve', rules)).toBe('nobody');
});

test('everything is parsed, in lower case, with defaults', () => {
  const answers = answersOf(full)!;
  expect(answers.perHour).toEqual({ person: 3, all: 100 });
  expect(answers.reason?.isIn('for CHG1234567, please')).toBe(true);
  expect(answers.reason?.isIn('for CHG123')).toBe(false);
  expect(namedIds(answers)).toEqual(new Set([ada, bob, group]));
});

test.each([
  ['console: role', 'says who may answer'],
  ['console: {approve: role}', 'a list of people'],
  ['console: {approve: [ada@example.com]}', 'object id'],
  ['console: {approve: [Role]}', 'object id'],
  ['console: {aprove: [role]}', 'did you mean `approve`'],
  ["console: {reasonPattern: '('}", 'not a valid RE2'],
  ["console: {reasonPattern: '(?=a)'}", 'not a valid RE2'],
  ["console: {reasonPattern: '(a[b-y]{1,30}){1,30}'}", 'too large'],
  ["console: {reasonPattern: ''}", 'is empty'],
  ['console: {answersPerHour: {person: 0}}', 'from 1 to 500'],
  ['console: {answersPerHour: {persons: 1}}', 'did you mean `person`'],
  ['console: {answersPerHour: 3}', 'answersPerHour: {person: 20, all: 100}'],
  ["rules: [{name: a, effect: hold, when: 'true', console: always}]", 'console: never'],
  ["rules: [{name: a, effect: hold, when: 'true', console: {needed: 3}}]", '1 or 2'],
  ["rules: [{name: a, effect: hold, when: 'true', console: {neded: 2}}]", 'did you mean `needed`'],
  ["rules: [{name: a, effect: hold, when: 'true', console: [role]}]", 'console: never'],
  ["rules: [{name: a, effect: approve, when: 'true', console: never}]", 'only a rule that holds'],
  ["rules: [{name: a, effect: reject, when: 'true', console: never}]", 'only a rule that holds'],
])('%s is refused', (text, message) => {
  const loaded = load(text);
  expect(loaded).toMatchObject({
    kind: 'refused',
    problems: [{ message: expect.stringContaining(message) }],
  });
});

test('`console` is stated in one file only', () => {
  const files = ['a', 'b'].map((name) => ({
    path: `${name}.yaml`,
    text: 'version: 1\nconsole: {approve: [role]}',
  }));
  expect(loadPolicy(files)).toMatchObject({
    kind: 'refused',
    problems: [{ path: 'b.yaml', message: '`console` is already in a.yaml:2: keep one of them' }],
  });
});

test('who may answer is part of the version that decisions name', () => {
  const digest = (text: string): string | undefined => {
    const loaded = load(text);
    return loaded.kind === 'loaded' ? loaded.policy.digest : undefined;
  };
  expect(digest('console: {approve: [role]}')).not.toBe(digest('console: {reject: [role]}'));
});

const warnings = (text: string): string[] =>
  analyzePolicy([{ path: 'a.yaml', text: `version: 1\nmode: enforce\n${text}` }]).map(
    ({ message, line }) => `${line}: ${message}`,
  );

test('validate warns of answers that nothing limits, and of rules that nobody can answer', () => {
  expect(warnings('console: {approve: [role], reject: [role], delete: [role]}')).toEqual([
    expect.stringMatching(/^3: people may reject, and nothing limits the rejects/),
    expect.stringMatching(/^3: people may delete, and nothing limits the deletes/),
  ]);
  const rule = `- {name: a, effect: hold, when: 'connection.name == "a"', console: {reject: [role]}}`;
  expect(warnings(`console: {}\nrules:\n${rule}`)).toEqual([expect.stringMatching(/^5: people may reject/)]);
  expect(warnings(`rules:\n${rule}`)).toEqual([expect.stringMatching(/^4: nobody can answer what rule `a`/)]);
  expect(warnings('limits: {rejects: {perHour: 1}}\nconsole: {reject: [role]}')).toEqual([]);
  expect(warnings('console: {approve: [role]}')).toEqual([]);
});

const ids = fc.constantFrom(ada, bob, group);
const answerers = fc.record({ anyApprover: fc.boolean(), ids: fc.array(ids).map((list) => new Set(list)) });
const lists = fc
  .array(fc.tuple(fc.constantFrom(...answerEffects), answerers), { maxLength: 3 })
  .map((pairs) => new Map(pairs));
const says: fc.Arbitrary<RuleAnswers> = fc.oneof(
  fc.constant('never' as const),
  fc.record({ lists, needed: fc.constantFrom(1, 2) }),
);
const names = ['a', 'b', 'c', 'd'];
const policies: fc.Arbitrary<AnswerPolicy> = fc.record({
  lists,
  reason: fc.constant(undefined),
  perHour: fc.constant({ person: 1, all: 1 }),
  rules: fc.array(fc.tuple(fc.constantFrom(...names), says)).map((pairs) => new Map(pairs)),
});
const outcomes = fc
  .uniqueArray(
    fc.record({ rule: fc.constantFrom(...names), kind: fc.constantFrom('matched', 'missed', 'failed') }),
    {
      selector: ({ rule }) => rule,
    },
  )
  .map((all) => all.map(({ rule, kind }) => ({ ...hold(rule), kind, problem: 'p' }) as RuleOutcome));

test('one more rule that holds, or fails, never lets more people answer', () => {
  fc.assert(
    fc.property(
      policies,
      outcomes,
      fc.constantFrom(...answerEffects),
      fc.array(ids),
      (answers, all, effect, held) => {
        const person = new Set(held);
        const isLetIn = (outcome: readonly RuleOutcome[]): boolean => {
          const may = whoMayAnswer(answers, { effect: 'hold', outcomes: outcome }, effect);
          return may.kind === 'people' && isAmong(may, person);
        };
        // Without any rule, the policy's own list decides.
        const fewer = all.slice(0, -1).filter(({ kind }) => kind !== 'missed');
        fc.pre(fewer.length > 0);
        if (isLetIn(all)) expect(isLetIn(fewer)).toBe(true);
      },
    ),
  );
});

test('whoever is let in is named by every rule that holds, and no rule says never', () => {
  fc.assert(
    fc.property(policies, outcomes, fc.constantFrom(...answerEffects), ids, (answers, all, effect, id) => {
      const may = whoMayAnswer(answers, { effect: 'hold', outcomes: all }, effect);
      if (may.kind !== 'people' || !isAmong(may, new Set([id]))) return;
      for (const { rule, kind } of all) {
        if (kind === 'missed') continue;
        const rules = answers.rules.get(rule);
        expect(rules).not.toBe('never');
        const list = (rules === 'never' ? undefined : rules?.lists.get(effect)) ?? answers.lists.get(effect);
        expect(list?.anyApprover === true || list?.ids.has(id)).toBe(true);
        if (rules !== undefined && rules !== 'never') expect(may.needed).toBeGreaterThanOrEqual(rules.needed);
      }
    }),
  );
});
