import { noReads } from '../../../src/policy/cel/costly-reads';
import { loadPolicy } from '../../../src/policy/compile-policy';
import { decide, rulesByStatus, type CompiledRule } from '../../../src/policy/decide';
import type { Facts } from '../../../src/policy/facts/facts';
import { facts, factsWith, now, policyOf, policyText, target } from '../../support/samples/policy';

function rule(
  name: string,
  change: Partial<CompiledRule> = {},
  answer: boolean | string = true,
): CompiledRule {
  const evaluation =
    typeof answer === 'boolean'
      ? ({ kind: 'answered', answer } as const)
      : ({ kind: 'failed', problem: answer } as const);
  return {
    name,
    types: undefined,
    effect: 'approve',
    statuses: new Set(['pending']),
    reason: `because of ${name}`,
    expireAfterSeconds: undefined,
    condition: {
      readsOpensMany: false,
      managedLists: [],
      reads: noReads,
      evaluate: () => evaluation,
      evaluateCheapClauses: undefined,
      compileClauses: () => undefined,
    },
    ...change,
  };
}

function verdict(rules: readonly CompiledRule[], about: Facts = facts) {
  return decide(rulesByStatus(rules), about, now);
}

test('every rule that applies has an outcome, in the order of the files', () => {
  const rules = [
    rule('b'),
    rule('a', { effect: 'delete' }, false),
    rule('c', { statuses: new Set(['rejected']) }),
  ];
  expect(verdict(rules)).toEqual({
    effect: 'approve',
    rules: ['b'],
    reason: 'because of b',
    expireAfterSeconds: undefined,
    outcomes: [
      { kind: 'matched', rule: 'b', effect: 'approve', reason: 'because of b' },
      { kind: 'missed', rule: 'a', effect: 'delete' },
    ],
  });
});

test('a rule that failed counts before all that matched, and so do all that failed, by name', () => {
  expect(
    verdict([rule('m', { effect: 'delete' }), rule('z', {}, 'no'), rule('a', {}, 'neither')]),
  ).toMatchObject({
    effect: 'hold',
    rules: ['a', 'z'],
    reason: 'Rule a could not be evaluated: neither; Rule z could not be evaluated: no',
    outcomes: [
      { kind: 'matched' },
      { kind: 'failed', rule: 'z', effect: 'approve', problem: 'no' },
      { kind: 'failed', rule: 'a' },
    ],
  });
});

test('facts that are refused are held in the name of every rule, sorted', () => {
  const odd = factsWith({ firstSeen: new Date(Number.NaN) });
  expect(verdict([rule('b'), rule('a', {}, false)], odd)).toEqual({
    effect: 'hold',
    rules: ['a', 'b'],
    reason: 'Policy does not decide on these facts: a time among the facts is invalid',
    expireAfterSeconds: undefined,
    outcomes: [
      { kind: 'failed', rule: 'b', effect: 'approve', problem: 'a time among the facts is invalid' },
      { kind: 'failed', rule: 'a', effect: 'approve', problem: 'a time among the facts is invalid' },
    ],
  });
});

test('a Pending connection is always decided; any other needs a rule', () => {
  expect(verdict([])).toMatchObject({ effect: 'hold', rules: [], reason: 'No rule matched', outcomes: [] });
  expect(verdict([rule('a', {}, false)])).toMatchObject({
    effect: 'hold',
    rules: [],
    reason: 'No rule matched',
  });
  expect(verdict([rule('a')], factsWith({ status: 'Approved' }))).toBeUndefined();
});

test.each<[number | undefined, readonly (number | undefined)[]]>([
  [undefined, [undefined, undefined]],
  [60, [undefined, 60]],
  [60, [60, undefined]],
  [60, [60, 90]],
  [60, [90, 60]],
])('an approval lasts %s s when its rules say %j', (expected, all) => {
  const rules = all.map((expireAfterSeconds, index) => rule(`r${index}`, { expireAfterSeconds }));
  expect(verdict(rules)?.expireAfterSeconds).toBe(expected);
});

test('only what matched, and only an approval, sets a time', () => {
  const limited = { expireAfterSeconds: 60 };
  expect(verdict([rule('a'), rule('b', limited, false)])?.expireAfterSeconds).toBeUndefined();
  expect(verdict([rule('a', limited), rule('b', { effect: 'reject' })])?.expireAfterSeconds).toBeUndefined();
});

test.each([
  ['Microsoft.Compute/diskAccesses', 'Disk access'],
  ['microsoft.apimanagement/SERVICE', 'API Management'],
  [`Microsoft.Other/${'x'.repeat(200)}`, `Microsoft.Other/${'x'.repeat(84)}`],
])('a rejected connection of a %s is held, for it is not known to be taken back', (type, label) => {
  const about = { ...factsWith({ status: 'REJECTED' }), target: { ...target, type } };
  expect(verdict([rule('a', { statuses: new Set(['rejected']) })], about)).toMatchObject({
    effect: 'hold',
    rules: ['a'],
    reason: `Policy would approve, but ${label} is not known to accept a rejected connection again: the requester must recreate it`,
  });
});

test.each<[string, string]>([
  ['x'.repeat(1_024), 'x'.repeat(1_024)],
  ['x'.repeat(1_025), `${'x'.repeat(1_023)}…`],
  [`${'x'.repeat(1_022)}😀x`, `${'x'.repeat(1_022)}…`],
  [`😀${'x'.repeat(1_023)}`, `😀${'x'.repeat(1_021)}…`],
])('a reason is cut after 1,024 characters, and never within one: %#', (reason, expected) => {
  expect(verdict([rule('a', { reason })])?.reason).toBe(expected);
});

test('what a policy says of itself stands in each decision', () => {
  const policy = policyOf(
    policyText([
      { when: 'true' },
      { when: 'false', effect: 'delete', on: ['rejected', 'odd'] },
      { when: 'false', effect: 'delete', on: ['ODD', 'Rejected'] },
    ]),
  );
  expect(policy).toMatchObject({
    mode: 'enforce',
    ruleCount: 3,
    statuses: ['Pending', 'Rejected', 'odd'],
    reads: noReads,
  });
  expect(policy.decide(facts, now)).toMatchObject({ policyDigest: policy.digest, mode: 'enforce' });
  expect(policy.decide(factsWith({ status: 'Approved' }), now)).toBeUndefined();
  expect(Object.isFrozen(policy)).toBe(true);
});

test('a folder without a policy is refused, and so is one with test cases alone', () => {
  for (const files of [[], [{ path: 'a.cases.yaml', text: 'version: 1' }]]) {
    expect(loadPolicy(files)).toMatchObject({
      kind: 'refused',
      problems: [
        {
          path: '.',
          line: 1,
          column: 1,
          length: 1,
          message: 'there is no policy file: add one that ends in .yaml or .yml and begins with `version: 1`',
        },
      ],
    });
  }
});

test('a policy that states no mode decides and writes nothing, unless a setting says otherwise', () => {
  const files = [{ path: 'policy.yaml', text: 'version: 1' }];
  expect(loadPolicy(files)).toMatchObject({ policy: { mode: 'audit' } });
  expect(loadPolicy(files, { modeOverride: 'enforce' })).toMatchObject({ policy: { mode: 'enforce' } });
});

test('a policy knows which facts cost a call, and asks for no more of them than may decide', () => {
  const reading = (...conditions: string[]) => policyOf(policyText(conditions.map((when) => ({ when }))));
  const tags = 'target.tags.env == "prod"';
  const location = 'endpoint.location == "x"';
  expect(reading('true', tags).reads).toEqual({ ...noReads, target: true });
  expect(reading(location, 'true').reads).toEqual({ ...noReads, endpoint: true });
  const policy = reading(tags, `${location} && connection.name == "other"`);
  const unread = { ...facts, target: { ...target, tags: undefined } };
  expect(policy.leavesOpen(unread, now)).toEqual({ ...noReads, target: true });
  expect(policy.leavesOpen(factsWith({ message: 'x'.repeat(4_097) }), now)).toEqual(noReads);
  expect(policy.leavesOpen(factsWith({ status: 'Approved' }), now)).toEqual(noReads);
});

test('the statuses of a policy are named once, as Azure spells them', () => {
  const rules = [{ when: 'false', effect: 'hold', on: ['pending', 'REJECTED', 'Rejected', 'disconnected'] }];
  expect(policyOf(policyText(rules)).statuses).toEqual(['Pending', 'Rejected', 'Disconnected']);
});

describe('problems', () => {
  const where = (files: readonly { path: string; text: string }[]): readonly string[] => {
    const load = loadPolicy(files);
    if (load.kind === 'loaded') return [];
    return load.problems.map(
      ({ path, line, column, message }) => `${path}:${line}:${column} ${message.split(':')[0]}`,
    );
  };

  test('stand in the order of files, lines and columns, each once', () => {
    const b = 'version: 1\nmode: x\nmood: y\n';
    const a =
      'version: 1\nrules:\n  - {name: b, effect: no, when: "true", on: [X1, Y2]}\n  - {name: a, effect: no, when: "true"}\n';
    const places = where([
      { path: 'b.yaml', text: b },
      { path: 'a.yaml', text: a },
    ]).map((problem) => problem.split(' ')[0]);
    expect(places).toEqual([
      'a.yaml:3:23',
      'a.yaml:3:46',
      'a.yaml:3:50',
      'a.yaml:4:23',
      'b.yaml:2:7',
      'b.yaml:3:1',
    ]);
  });

  test('are two hundred at most', () => {
    const rules = Array.from({ length: 300 }, (_, index) => ({ name: `r${index}`, when: 'nonsense' }));
    expect(where([{ path: 'a.yaml', text: policyText(rules) }])).toHaveLength(200);
  });

  test('of lists are left out while a file with lists cannot be read', () => {
    const rule = policyText([{ when: 'endpoint.name in lists.names' }]);
    const broken = 'version: 1\nlists:\n  - names\n';
    const unknown = where([{ path: 'a.yaml', text: rule }]);
    expect(unknown).toEqual([expect.stringContaining('unknown list `names`')]);
    const both = where([
      { path: 'a.yaml', text: rule },
      { path: 'b.yaml', text: broken },
    ]);
    expect(both.map((problem) => problem.split(':')[0])).toEqual(['b.yaml']);
  });

  test('of a condition begin beyond its longest length', () => {
    const problemsAt = (length: number) =>
      where([{ path: 'a.yaml', text: policyText([{ when: '"x" != ""'.padEnd(length) }]) }]).length;
    expect([problemsAt(4_096), problemsAt(4_097)]).toEqual([0, 1]);
  });
});
