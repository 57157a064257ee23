import fc from 'fast-check';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import { outlinePolicy } from '../../../../src/policy/analysis/rule-outline';
import { ruleTexts } from '../../../../src/suggest/print/conditions';
import type { SuggestedRule } from '../../../../src/suggest/print/named-rule';
import { policyText } from '../../../../src/suggest/print/policy-text';
import { hostileText } from '../../../support/arbitraries/hostile-text';
import { asked } from '../../../support/samples/estate';

const now = new Date('2026-03-01T12:00:00Z');
/** Texts that a fact can hold; longer ones are held anyway. */
const value = hostileText.filter((text) => text.length > 0 && text.length <= 300);

function ruleOf(tag: string, texts: readonly string[], negated = false): SuggestedRule {
  return {
    name: 'tagged',
    requester: { kind: 'tenant', texts: ['own'] },
    target: [{ fact: { kind: 'tag', tag }, texts, negated }],
    approvals: 1,
  };
}

function approves(
  rule: SuggestedRule,
  tags: Readonly<Record<string, string>> | undefined,
): boolean | 'refused' {
  const load = loadPolicy([{ path: 'policy.yaml', text: policyText(ruleTexts([rule]), ['made']) }]);
  if (load.kind === 'refused') return 'refused';
  const facts = { ...asked(1, { tags }), connection: { ...asked(1).connection, status: 'Pending' } };
  return load.policy.decide(facts, now)?.effect === 'approve';
}

test('a printed condition means exactly its text, whatever the text contains', () => {
  fc.assert(
    fc.property(value, value, (text, other) => {
      const rule = ruleOf('env', [text]);
      expect(approves(rule, { env: text })).not.toBe(false);
      if (other !== text) expect(approves(rule, { env: other })).not.toBe(true);
    }),
  );
});

test('so does a list of texts', () => {
  fc.assert(
    fc.property(fc.uniqueArray(value, { minLength: 5, maxLength: 9 }), value, (texts, other) => {
      const rule = ruleOf('env', texts);
      for (const text of texts) expect(approves(rule, { env: text })).not.toBe(false);
      if (!texts.includes(other)) expect(approves(rule, { env: other })).not.toBe(true);
    }),
    { numRuns: 40 },
  );
});

test.each([
  'a"b',
  "a'b",
  '" || true || "',
  'a\\',
  '\\"',
  '${x}',
  '#x',
  ': y',
  '\n- name: evil',
  '\u2028',
  'x && true',
])('a tag with the value %j is printed as one text, and loads', (text) => {
  expect(approves(ruleOf('env', [text]), { env: text })).toBe(true);
  expect(approves(ruleOf('env', [text]), { env: 'other' })).toBe(false);
  expect(approves(ruleOf(text, ['dev']), { env: 'dev' })).not.toBe(true);
});

test('a condition that excludes a value never matches targets whose tags are not known', () => {
  const rule = ruleOf('env', ['prod'], true);
  expect(approves(rule, { env: 'dev' })).toBe(true);
  expect(approves(rule, {})).toBe(true);
  expect(approves(rule, { env: 'prod' })).toBe(false);
  expect(approves(rule, undefined)).toBe(false);
});

test('lists of rules with similar names have different names', () => {
  const rules = ['group-a2', 'group-a-2'].map((name, index): SuggestedRule => ({
    ...ruleOf('env', ['a', 'b', 'c', 'd', `e${index}`]),
    name,
  }));
  const text = policyText(ruleTexts(rules), []);
  expect(outlinePolicy([{ path: 'policy.yaml', text }]).lists).toHaveLength(2);
});
