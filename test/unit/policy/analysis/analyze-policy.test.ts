import fc from 'fast-check';
import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import type { WriteLimits } from '../../../../src/policy/policy';
import {
  decideBy,
  facts,
  limits,
  policyOf,
  policyText,
  type RuleText,
} from '../../../support/samples/policy';

/** The rules, with those that approve saying on purpose that they approve anyone. */
function onPurpose(rules: readonly RuleText[]): RuleText[] {
  return rules.map((rule) =>
    (rule.effect ?? 'approve') === 'approve' ? { ...rule, approvesAnyone: true } : rule,
  );
}

function warningsOf(rules: readonly RuleText[], lists: Record<string, readonly unknown[]> = {}): string[] {
  const text = policyText(onPurpose(rules), lists);
  policyOf(text);
  return analyzePolicy([{ path: 'policy.yaml', text }]).map(({ message }) => message);
}

describe('a list', () => {
  test('that no condition reads is reported', () => {
    expect(warningsOf([{ when: '"a" in lists.used' }], { used: ['a'], spare: ['b'] })).toEqual([
      'no condition reads `lists.spare`: use the list, or remove it',
    ]);
  });

  test('that is read inside exists, has or brackets is used', () => {
    const when =
      '[endpoint.name].exists(x, lists.one.exists(y, glob(x, y))) && (connection.name in lists.two)';
    expect(warningsOf([{ when }], { one: ['x'], two: ['b'] })).toEqual([]);
  });
});

describe('a rule that can never match is reported, with a fix', () => {
  test.each<[string, RuleText, string]>([
    ['false', { when: 'false' }, 'it is never true: correct it, or remove the rule'],
    [
      '1 == 2',
      { when: '1 == 2 && connection.name == "a"' },
      'it is never true: correct it, or remove the rule',
    ],
    [
      '!true',
      { when: '!(true || connection.name == "a")' },
      'it is never true: correct it, or remove the rule',
    ],
    [
      'an empty list',
      { when: 'connection.name == "a" && endpoint.name in lists.none', effect: 'hold' },
      'the list `none` is empty: add entries, or remove the rule',
    ],
    [
      'exists over an empty list',
      { when: 'lists.none.exists(x, glob(endpoint.name, x))', effect: 'hold' },
      'the list `none` is empty: add entries, or remove the rule',
    ],
    [
      'a status that the rule does not concern',
      { when: 'connection.status == "Approved"', effect: 'reject' },
      'the rule applies to other statuses: write `on: [Approved]`',
    ],
    [
      'two values for one fact',
      { when: 'target.name == "a" && connection.name == "x" && target.name == "b"' },
      'it requires one fact to have two values: write `||`, or split the rule',
    ],
  ])('%s', (_, rule, why) => {
    const reported = warningsOf([rule], { none: [] }).filter((message) => message.startsWith('rule'));
    expect(reported).toEqual([`rule \`rule-0\` can never match: ${why}`]);
  });

  test('at the part that makes it so', () => {
    const text =
      'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: connection.name == "x" && 1 == 2\n';
    expect(analyzePolicy([{ path: 'p.yaml', text }])).toMatchObject([{ line: 5, column: 37, length: 6 }]);
  });

  test.each([
    'connection.name == "a" || false',
    'target.name == "A" && target.name == "a"',
    'connection.status == "pending"',
    'has(target.tags) && target.tags.env == "x"',
    'connection.message == "a" || connection.message == "b"',
  ])('but not %s', (when) => {
    expect(warningsOf([{ when }])).toEqual([]);
  });
});

describe('a rule that never decides is reported', () => {
  const narrow = { name: 'narrow', effect: 'approve', when: 'target.name == "a" && endpoint.name == "b"' };

  test.each<[string, RuleText]>([
    ['a stronger rule for every connection', { name: 'wide', effect: 'hold', when: 'true' }],
    ['a stronger rule with the same condition', { ...narrow, name: 'wide', effect: 'hold' }],
    ['a stronger rule that asks less', { name: 'wide', effect: 'reject', when: '(endpoint.name) ==  "b"' }],
    [
      'a stronger rule with an alternative',
      { name: 'wide', effect: 'reject', when: 'endpoint.name == "b" || target.name == "z"' },
    ],
  ])('%s', (_, wide) => {
    expect(warningsOf([wide, narrow])).toEqual([
      `rule \`narrow\` never decides: whenever it matches, \`wide\` (policy.yaml:1) matches too, and ${wide.effect} beats approve`,
    ]);
  });

  test.each<[string, RuleText]>([
    ['that is weaker', { name: 'wide', effect: 'approve', when: 'endpoint.name == "c"' }],
    ['that asks for something else', { name: 'wide', effect: 'hold', when: 'endpoint.name == "c"' }],
    ['for other statuses', { name: 'wide', effect: 'hold', on: ['Approved'], when: 'true' }],
    ['that asks for more', { name: 'wide', effect: 'hold', when: `${narrow.when} && target.kind == "x"` }],
  ])('but not for a rule %s', (_, wide) => {
    expect(warningsOf([wide, narrow])).toEqual([]);
  });

  test('only when every status it concerns is covered', () => {
    const rule = { name: 'narrow', effect: 'delete', on: ['Rejected', 'Disconnected'], when: 'true' };
    const hold = (on: string): RuleText => ({ name: `hold-${on}`, effect: 'hold', on: [on], when: 'true' });
    expect(warningsOf([rule, hold('Rejected')])).toEqual([]);
    expect(warningsOf([rule, hold('Rejected'), hold('Disconnected')])).toHaveLength(1);
  });
});

describe('a rule that adds nothing is reported', () => {
  test('of two that are the same, the later', () => {
    const when = 'endpoint.name == "a"';
    expect(warningsOf([{ when }, { when: 'endpoint.name=="a"' }])).toEqual([
      'rule `rule-1` adds nothing: whenever it matches, `rule-0` (policy.yaml:1) matches too, with the same effect',
    ]);
  });

  test('of a narrow and a wide one, the narrow one', () => {
    expect(
      warningsOf([{ when: 'endpoint.name == "a" && target.name == "b"' }, { when: 'target.name == "b"' }]),
    ).toEqual([expect.stringContaining('rule `rule-0` adds nothing') as unknown as string]);
  });
});

describe('a rule that differs in the end of its approvals', () => {
  const ever = { name: 'ever', when: 'endpoint.name == "a"' };
  const week = { ...ever, name: 'week', approvals: { expireAfter: '7d' } };
  const day = { ...ever, name: 'day', approvals: { expireAfter: '24h' } };
  const adds = (name: string, other: string): string =>
    `rule \`${name}\` adds nothing: whenever it matches, \`${other}\` (policy.yaml:1) matches too, with the same effect`;

  test.each([
    ['an end beside none', [ever, week], [adds('ever', 'week')]],
    ['none beside an end', [week, ever], [adds('ever', 'week')]],
    ['the longer of two', [day, week], [adds('week', 'day')]],
  ])('%s: only the longer adds nothing', (_, rules, reported) => {
    expect(warningsOf(rules)).toEqual(reported);
  });
});

describe('writes without a limit', () => {
  const rules: RuleText[] = [
    { name: 'strangers', effect: 'reject', when: 'endpoint.name == "a"' },
    { name: 'more-strangers', effect: 'reject', when: 'endpoint.name == "b"' },
    { name: 'leftovers', effect: 'delete', on: ['Disconnected', 'Rejected'], when: 'endpoint.name == "c"' },
    { name: 'revoke', effect: 'delete', on: ['approved'], when: 'endpoint.name == "d"' },
  ];
  const reported = (stated: WriteLimits, which = rules, mode = 'enforce'): string[] => {
    const text = policyText(onPurpose(which), {}, stated).replace('"enforce"', `"${mode}"`);
    policyOf(text);
    return analyzePolicy([{ path: 'policy.yaml', text }]).map(({ message }) => message);
  };
  const without = (kind: string, rule: string): string =>
    `nothing limits the ${kind} of rule \`${rule}\`: add \`limits: {${kind}: {perHour: 20, perReview: 5}}\` to one file`;
  const all = [
    without('rejects', 'strangers'),
    without('deletes', 'leftovers'),
    without('revocations', 'revoke'),
  ];

  test('are reported once for each kind, at the first rule that may want them', () => {
    expect(reported({})).toEqual(all);
  });

  test.each([
    ['rejects', all.slice(1)],
    ['deletes', [all[0], all[2]]],
    ['revocations', all.slice(0, 2)],
  ] as const)('are not reported for %s that are limited', (kind, rest) => {
    expect(reported({ [kind]: { perReview: 0 } })).toEqual(rest);
  });

  test('are not reported where nothing is written', () => {
    expect(reported({}, rules, 'audit')).toEqual([]);
    expect(reported({}, [{ effect: 'hold', on: ['Approved'], when: 'endpoint.name == "a"' }])).toEqual([]);
    expect(reported({}, [{ when: 'endpoint.name == "a"' }])).toEqual([]);
  });

  test('an approval that ends needs no revocation to be allowed: no limit holds its end', () => {
    const week = { name: 'week', when: 'endpoint.name == "a"', approvals: { expireAfter: '7d' } };
    expect(reported({ ...limits, revocations: { perHour: 0 } }, [week])).toEqual([]);
  });
});

test('a rule that is reported never to match never matches, and one reported never to decide never does', () => {
  const part = fc.constantFrom(
    'target.name == "kv-one"',
    'connection.name == "kv-one.1"',
    'endpoint.name == "other"',
    'true',
    'false',
    'connection.name in lists.none',
    '"a" in lists.some',
    'connection.status == "Pending"',
  );
  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      part,
      part.map((text) => `!(${text})`),
      fc
        .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
        .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
    ),
  }));
  const rule = fc.record({ effect: fc.constantFrom('approve', 'reject', 'delete', 'hold'), when: condition });
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), (rules) => {
      const text = policyText(rules, { none: [], some: ['a'] });
      const decision = decideBy(policyOf(text), facts);
      const matched = decision.outcomes
        .filter(({ kind }) => kind === 'matched')
        .map(({ rule: name }) => name);
      for (const { message } of analyzePolicy([{ path: 'p.yaml', text }])) {
        const name = /^rule `([^`]+)`/.exec(message)?.[1] ?? '';
        if (message.includes('can never match')) expect(matched).not.toContain(name);
        if (message.includes('never decides')) expect(decision.rules).not.toContain(name);
        if (message.includes('adds nothing') && matched.includes(name)) {
          const other = /, `([^`]+)` \(/.exec(message)?.[1];
          expect(matched).toContain(other);
        }
      }
    }),
    { numRuns: 500 },
  );
});
