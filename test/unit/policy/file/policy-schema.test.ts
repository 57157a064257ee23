import { z } from 'zod';
import { policySchema } from '../../../../src/policy/file/policy-schema';
import { problemsOf } from '../../../support/samples/policy';

/** The schema as an editor would use it: from its JSON alone. */
const editor = z.fromJSONSchema(JSON.parse(JSON.stringify(policySchema())) as z.core.JSONSchema.JSONSchema);

const approving = { name: 'b', effect: 'approve', when: 'true', approvals: { expireAfter: '168h' } };
const rule = { name: 'a', effect: 'hold', when: 'true' };

describe('the JSON Schema takes what the parser takes', () => {
  test.each<[string, object]>([
    ['the least', { version: 1 }],
    [
      'everything',
      {
        version: 1,
        mode: 'audit',
        limits: {
          rejects: { perHour: 0, perReview: 500 },
          deletes: { perHour: 1 },
          revocations: { perReview: 1 },
        },
        lists: { a: ['x'], b: [1, 2.5], c: [] },
        rules: [
          { ...rule, on: ['Pending', 'Timeout'], reason: 'because' },
          { ...approving, approvesAnyone: true },
        ],
      },
    ],
    [
      'an approval that ends in days and hours',
      { version: 1, rules: [{ ...approving, name: 'b', approvals: { expireAfter: '1d12h' } }] },
    ],
    [
      'lists with a source',
      {
        version: 1,
        lists: {
          a: { subscriptionsUnder: 'corp' },
          b: { subscriptionsUnder: 'Corp-1', tags: { env: 'prod' }, maxAge: '12h' },
        },
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
    ['a list with another source', { version: 1, lists: { a: { query: 'resources' } } }],
    ['a source with another key', { version: 1, lists: { a: { subscriptionsUnder: 'corp', url: 'x' } } }],
    ['a display name', { version: 1, lists: { a: { subscriptionsUnder: 'Corp Zones' } } }],
    ['a mixed list', { version: 1, lists: { a: ['x', 1] } }],
    ['a list name that CEL cannot say', { version: 1, lists: { 'a-b': [] } }],
    ['a rule without a name', { version: 1, rules: [{ effect: 'hold', when: 'true' }] }],
    ['a rule without an effect', { version: 1, rules: [{ name: 'a', when: 'true' }] }],
    ['a rule without a condition', { version: 1, rules: [{ name: 'a', effect: 'hold' }] }],
    ['an unknown effect', { version: 1, rules: [{ ...rule, effect: 'allow' }] }],
    [
      'a word for whether anyone is approved',
      { version: 1, rules: [{ ...approving, approvesAnyone: 'yes' }] },
    ],
    ['an unknown key of a rule', { version: 1, rules: [{ ...rule, efect: 'hold' }] }],
    ['an empty condition', { version: 1, rules: [{ ...rule, when: ' ' }] }],
    ['no status', { version: 1, rules: [{ ...rule, on: [] }] }],
    ['a status that is no word', { version: 1, rules: [{ ...rule, on: ['a b'] }] }],
    ['a reason of two lines', { version: 1, rules: [{ ...rule, reason: 'a\nb' }] }],
    ['a reason that is too long', { version: 1, rules: [{ ...rule, reason: 'x'.repeat(257) }] }],
    ['a list', []],
    ['no limits', { version: 1, limits: {} }],
    ['limits that are a number', { version: 1, limits: 5 }],
    ['an unknown kind of limit', { version: 1, limits: { approvals: { perHour: 5 } } }],
    ['a limit that says nothing', { version: 1, limits: { rejects: {} } }],
    ['a limit that is a number', { version: 1, limits: { rejects: 5 } }],
    ['an unknown key of a limit', { version: 1, limits: { rejects: { perHour: 5, perDay: 5 } } }],
    ['a limit below nothing', { version: 1, limits: { rejects: { perHour: -1 } } }],
    ['a limit that is too high', { version: 1, limits: { rejects: { perReview: 501 } } }],
    ['a limit that is not whole', { version: 1, limits: { rejects: { perReview: 1.5 } } }],
    ['a limit in quotes', { version: 1, limits: { rejects: { perReview: '5' } } }],
    ['approvals without an end', { version: 1, rules: [{ ...approving, approvals: {} }] }],
    ['an end that is a number', { version: 1, rules: [{ ...approving, approvals: { expireAfter: 168 } }] }],
    ['an end in words', { version: 1, rules: [{ ...approving, approvals: { expireAfter: '7 days' } }] }],
    ['an end in weeks', { version: 1, rules: [{ ...approving, approvals: { expireAfter: '1w' } }] }],
    ['an end that is negative', { version: 1, rules: [{ ...approving, approvals: { expireAfter: '-1h' } }] }],
    [
      'an unknown key of approvals',
      { version: 1, rules: [{ ...approving, approvals: { expireAfter: '1h', x: 1 } }] },
    ],
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
  expect(Object.keys(top)).toEqual(['version', 'mode', 'limits', 'console', 'tenants', 'lists', 'rules']);
  expect(Object.keys(described.parse(top['rules']?.['items']).properties)).toEqual([
    'name',
    'on',
    'effect',
    'targets',
    'when',
    'reason',
    'approvesAnyone',
    'approvals',
    'console',
  ]);
});
