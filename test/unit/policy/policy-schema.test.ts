import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { policySchema } from '../../../src/policy/policy-schema';
import { problemsOf } from '../../support/policy';

/** The schema as an editor would use it: from its JSON alone. */
const editor = z.fromJSONSchema(JSON.parse(JSON.stringify(policySchema())) as z.core.JSONSchema.JSONSchema);

const rule = { name: 'a', effect: 'hold', when: 'true' };

describe('the JSON Schema takes what the parser takes', () => {
  test.each<[string, object]>([
    ['the least', { version: 1 }],
    [
      'everything',
      {
        version: 1,
        mode: 'audit',
        lists: { a: ['x'], b: [1, 2.5], c: [] },
        rules: [{ ...rule, on: ['Pending', 'Timeout'], reason: 'because' }],
      },
    ],
    ['a single status', { version: 1, rules: [{ ...rule, on: 'Approved' }] }],
  ])('%s', (_, content) => {
    expect(editor.safeParse(content).success).toBe(true);
    expect(problemsOf(JSON.stringify(content))).toEqual([]);
  });
});

describe('the JSON Schema refuses what the parser refuses', () => {
  test.each<[string, unknown]>([
    ['no version', {}],
    ['another version', { version: 2 }],
    ['an unknown mode', { version: 1, mode: 'dry' }],
    ['an unknown key', { version: 1, rule: [] }],
    ['a list of another kind', { version: 1, lists: { a: [true] } }],
    ['a mixed list', { version: 1, lists: { a: ['x', 1] } }],
    ['a list name that CEL cannot say', { version: 1, lists: { 'a-b': [] } }],
    ['a rule without a name', { version: 1, rules: [{ effect: 'hold', when: 'true' }] }],
    ['a rule without an effect', { version: 1, rules: [{ name: 'a', when: 'true' }] }],
    ['a rule without a condition', { version: 1, rules: [{ name: 'a', effect: 'hold' }] }],
    ['an unknown effect', { version: 1, rules: [{ ...rule, effect: 'allow' }] }],
    ['an unknown key of a rule', { version: 1, rules: [{ ...rule, efect: 'hold' }] }],
    ['an empty condition', { version: 1, rules: [{ ...rule, when: ' ' }] }],
    ['no status', { version: 1, rules: [{ ...rule, on: [] }] }],
    ['a status that is no word', { version: 1, rules: [{ ...rule, on: ['a b'] }] }],
    ['a reason of two lines', { version: 1, rules: [{ ...rule, reason: 'a\nb' }] }],
    ['a reason that is too long', { version: 1, rules: [{ ...rule, reason: 'x'.repeat(257) }] }],
    ['a list', []],
  ])('%s', (_, content) => {
    expect(editor.safeParse(content).success).toBe(false);
    expect(problemsOf(JSON.stringify(content))).not.toEqual([]);
  });
});

test('every key is described, so that editors can show it', () => {
  const described = z.object({
    properties: z.record(z.string(), z.looseObject({ description: z.string().min(1) })),
  });
  const schema = policySchema();
  const top = described.parse(schema).properties;
  expect(Object.keys(top)).toEqual(['version', 'mode', 'lists', 'rules']);
  expect(Object.keys(described.parse(top['rules']?.['items']).properties)).toEqual([
    'name',
    'on',
    'effect',
    'when',
    'reason',
  ]);
});
