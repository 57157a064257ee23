import { noReads } from '../../../src/policy/cel/costly-reads';
import type { CostlyReads } from '../../../src/policy/cel/costly-reads';
import { loadPolicy } from '../../../src/policy/compile-policy';
import { isPolicyPath } from '../../../src/policy/file/policy-files';
import type { Policy, PolicyFile } from '../../../src/policy/policy';
import {
  connection,
  decideBy,
  endpoint,
  facts,
  factsWith,
  now,
  policyOf,
  policyText,
  target,
} from '../../support/samples/policy';

function load(files: readonly PolicyFile[], modeOverride?: 'audit' | 'enforce'): Policy {
  const result = loadPolicy(files, { modeOverride });
  if (result.kind === 'loaded') return result.policy;
  throw new Error(result.problems.map(({ message }) => message).join('\n'));
}

const one = { path: 'one.yaml', text: 'version: 1\nlists: {names: [kv-one.1]}\n' };
const two = {
  path: 'sub/two.yml',
  text: 'version: 1\nmode: enforce\nrules:\n  - {name: named, effect: approve, when: connection.name in lists.names}\n',
};

describe('the files of a policy', () => {
  test('make one policy together', () => {
    const policy = load([one, two]);
    expect(policy.ruleCount).toBe(1);
    expect(decideBy(policy)).toMatchObject({ effect: 'approve', rules: ['named'] });
  });

  test('are policy when they are YAML and no test cases', () => {
    expect(['a.yaml', 'b/c.YML', 'a.cases.yaml', 'a.tests.yml', 'a.json'].filter(isPolicyPath)).toEqual([
      'a.yaml',
      'b/c.YML',
    ]);
  });

  test('may have no rules: then everything that is Pending is held, and the rest is not concerned', () => {
    const policy = load([one]);
    expect(decideBy(policy)).toMatchObject({
      effect: 'hold',
      rules: [],
      reason: 'No rule matched',
      outcomes: [],
    });
    expect(policy.decide(factsWith({ status: 'Approved' }), now)).toBeUndefined();
  });

  test('may begin with a byte order mark', () => {
    expect(load([{ path: 'a.yaml', text: '\ufeffversion: 1\n' }]).ruleCount).toBe(0);
  });
});

describe('the digest', () => {
  const digest = (...files: PolicyFile[]): string =>
    loadPolicy(files).kind === 'loaded' ? load(files).digest : 'refused';

  test('has 64 hexadecimal digits and does not depend on the order of files', () => {
    expect(digest(one, two)).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(one, two)).toBe(digest(two, one));
  });

  test.each<[string, PolicyFile[]]>([
    ['one byte', [{ ...one, text: `${one.text}\n` }, two]],
    ['a name', [{ ...one, path: 'uno.yaml' }, two]],
    [
      'a byte moved to the other file',
      [
        { ...one, text: one.text.slice(0, -1) },
        { ...two, text: `\n${two.text}` },
      ],
    ],
  ])('changes with %s', (_, files) => {
    expect(digest(...files)).not.toBe(digest(one, two));
  });

  test('does not change with test cases beside the policy, nor with the mode that a setting states', () => {
    expect(digest(one, two, { path: 'one.cases.yaml', text: 'x' })).toBe(digest(one, two));
    expect(load([one, two], 'audit').digest).toBe(load([one, two], 'enforce').digest);
  });

  test('is reported for files that do not load, too', () => {
    expect(loadPolicy([{ path: 'a.yaml', text: '{' }]).kind === 'refused').toBe(true);
    expect(loadPolicy([{ path: 'a.yaml', text: '{' }])).toMatchObject({
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('the mode', () => {
  test('is audit when nobody says it: a forgotten word writes nothing', () => {
    expect(load([one]).mode).toBe('audit');
  });

  test('is what one file says', () => {
    expect(load([one, two]).mode).toBe('enforce');
  });

  test('is what the setting says, against the file, and stands in the decision', () => {
    expect(decideBy(load([one, two], 'audit')).mode).toBe('audit');
  });
});

describe('what a policy reads', () => {
  test.each<[string, string, CostlyReads]>([
    ['nothing that costs', 'endpoint.name == target.name && connection.message == ""', noReads],
    ['the target', 'target.tags.env == "x"', { ...noReads, target: true }],
    ['the target, by asking', 'has(target.kind)', { ...noReads, target: true }],
    [
      'the target, in a loop',
      'connection.groupIds.exists(g, g == target.location)',
      { ...noReads, target: true },
    ],
    ['the endpoint', 'endpoint.location == "x" && false', { ...noReads, endpoint: true }],
    [
      'the endpoint, by its tags in a loop',
      'endpoint.tags.exists(t, t == "x")',
      { ...noReads, endpoint: true },
    ],
    ['the endpoint, by its network', 'glob(endpoint.virtualNetworkId, "x")', { ...noReads, endpoint: true }],
    ['the endpoint, by asking for its subnet', 'has(endpoint.subnetId)', { ...noReads, endpoint: true }],
    ['both', 'endpoint.location == target.location', { ...noReads, target: true, endpoint: true }],
  ])('is %s', (_, when, reads) => {
    expect(policyOf(policyText([{ when }])).reads).toEqual(reads);
  });

  test('concerns Pending always, and each status once, as Azure spells it', () => {
    const rules = [
      { when: 'true', effect: 'hold', on: ['approved'] },
      { when: 'true', effect: 'delete', on: ['Approved', 'Timeout'] },
    ];
    expect(policyOf(policyText(rules)).statuses).toEqual(['Pending', 'Approved', 'Timeout']);
  });
});

describe('a decision', () => {
  const policy = (...effects: string[]): Policy =>
    policyOf(
      policyText(
        effects.map((effect) => ({
          name: `will-${effect}`,
          effect,
          when: 'true',
          reason: `because ${effect}`,
        })),
      ),
    );

  test.each([
    ['hold', ['approve', 'reject', 'delete', 'hold']],
    ['delete', ['approve', 'reject', 'delete']],
    ['reject', ['approve', 'reject']],
    ['approve', ['approve']],
  ])('is %s when rules say %j', (effect, effects) => {
    expect(decideBy(policy(...effects))).toMatchObject({
      effect,
      rules: [`will-${effect}`],
      reason: `because ${effect}`,
    });
  });

  test('names every rule that won, and each reason once', () => {
    const rules = ['b', 'a', 'c'].map((name) => ({
      name,
      when: 'true',
      reason: name === 'c' ? 'other' : 'same',
    }));
    expect(decideBy(policyOf(policyText(rules)))).toMatchObject({
      rules: ['a', 'b', 'c'],
      reason: 'same; other',
    });
  });

  test('says which rule matched when the rule gives no reason', () => {
    expect(decideBy(policyOf(policyText([{ when: 'true' }]))).reason).toBe('Rule rule-0 matched');
  });

  test('is hold when one rule fails, whatever the others say, and names it with its problem', () => {
    const decision = decideBy(
      policyOf(
        policyText([{ when: 'true' }, { name: 'bad', effect: 'delete', when: 'target.tags.owner == "x"' }]),
      ),
    );
    expect(decision).toMatchObject({
      effect: 'hold',
      rules: ['bad'],
      reason: 'Rule bad could not be evaluated: `target.tags.owner` is absent; check it with `has()` first',
    });
    expect(decision.outcomes.map(({ kind }) => kind)).toEqual(['matched', 'failed']);
  });

  test('is not touched by a failing rule that concerns another status', () => {
    const rules = [
      { when: 'true' },
      { name: 'bad', effect: 'delete', on: ['Rejected'], when: 'target.tags.owner == "x"' },
    ];
    expect(decideBy(policyOf(policyText(rules)))).toMatchObject({ effect: 'approve' });
  });

  test('concerns a status in any casing, also one that Azure does not document', () => {
    const rules = [{ when: 'true', effect: 'delete', on: ['Timeout'] }];
    expect(decideBy(policyOf(policyText(rules)), factsWith({ status: 'TIMEOUT' })).effect).toBe('delete');
  });

  test('about a rejected connection is approve only where a provider is known to take it back', () => {
    const revive = policyOf(policyText([{ name: 'revive', when: 'true', on: ['Rejected'] }]));
    const rejected = factsWith({ status: 'Rejected' });
    expect(decideBy(revive, rejected).effect).toBe('approve');
    for (const type of [
      'Microsoft.ApiManagement/service',
      'Microsoft.Compute/diskAccesses',
      'Microsoft.Other/things',
    ]) {
      const decision = decideBy(revive, { ...rejected, target: { ...target, type } });
      expect(decision).toMatchObject({ effect: 'hold', rules: ['revive'] });
      expect(decision.reason).toContain('is not known to accept a rejected connection again');
    }
  });

  test.each<[string, object]>([
    ['a message that is too long', { connection: { ...connection, message: 'x'.repeat(4_097) } }],
    ['a name that is too long', { endpoint: { ...endpoint, name: 'x'.repeat(2_049) } }],
    [
      'too many tags',
      {
        target: { ...target, tags: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`t${i}`, ''])) },
      },
    ],
    ['two tags that differ only in case', { target: { ...target, tags: { a: '1', A: '2' } } }],
    ['a tag that is too long', { endpoint: { ...endpoint, tags: { a: 'x'.repeat(2_049) } } }],
    [
      'too many group ids',
      { connection: { ...connection, groupIds: Array.from({ length: 101 }, () => 'g') } },
    ],
    ['a time that is none', { connection: { ...connection, firstSeen: new Date(Number.NaN) } }],
    ['a count that is none', { consumer: { pending: 0.5, approved: 0, rejected: 0, disconnected: 0 } }],
  ])('is hold on %s, with every rule unasked', (_, changes) => {
    const decision = decideBy(policyOf(policyText([{ name: 'all', when: 'true' }])), {
      ...facts,
      ...changes,
    });
    expect(decision).toMatchObject({ effect: 'hold', rules: ['all'] });
    expect(decision.reason).toContain('Policy does not decide on these facts');
    expect(decision.outcomes[0]?.kind).toBe('failed');
  });

  test('has a reason of bounded length', () => {
    const rules = Array.from({ length: 40 }, (_, index) => ({
      when: 'true',
      reason: `${index} ${'x'.repeat(100)}`,
    }));
    expect(decideBy(policyOf(policyText(rules))).reason.length).toBeLessThanOrEqual(1_024);
  });
});
