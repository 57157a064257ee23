import { loadPolicy } from '../../../../src/policy/compile-policy';
import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import { snapshotOf, type UsableLists } from '../../../../src/policy/lists/list-snapshot';
import { decisionIdOf } from '../../../../src/review/decision-id';
import { parseConnectionId } from '../../../../src/connections/resource-id';
import {
  facts,
  now,
  policyOf,
  problemsOf,
  subscriptionA,
  subscriptionB,
} from '../../../support/samples/policy';

const tenantId = '10000000-0000-0000-0000-000000000000';
const readAt = '2026-03-01T11:48:00.000Z';

/** A policy with one managed list and these rules. */
function text(rules: readonly object[], landingZones: unknown = { subscriptionsUnder: 'corp' }): string {
  const limit = { perHour: 20, perReview: 5 };
  const limits = { rejects: limit, deletes: limit, revocations: limit };
  const named = rules.map((rule, index) => ({ name: `rule-${index}`, effect: 'approve', ...rule }));
  return JSON.stringify({
    version: 1,
    mode: 'enforce',
    limits,
    lists: { landingZones, vips: [subscriptionB] },
    rules: named,
  });
}

const inList = { when: 'endpoint.subscriptionId in lists.landingZones' };
const inVips = { when: 'endpoint.subscriptionId in lists.vips' };

function listsOf(...entries: string[]): UsableLists {
  const snapshot = snapshotOf({ tenantId, entries, readAt });
  return new Map([['landingZones', { ...snapshot, maxAgeSeconds: 86_400 }]]);
}

function warningsOf(rules: readonly object[]): string[] {
  policyOf(text(rules));
  return analyzePolicy([{ path: 'policy.yaml', text: text(rules) }]).map(({ message }) => message);
}

describe('a managed list in a decision', () => {
  const policy = policyOf(text([inList, inVips]));

  test('approves what is in its snapshot, whatever the case of the id', () => {
    expect(policy.decide(facts, now, listsOf(subscriptionA))).toMatchObject({
      effect: 'approve',
      rules: ['rule-0'],
    });
  });

  test('names the snapshot and its time', () => {
    const { digest } = snapshotOf({ tenantId, entries: [subscriptionA], readAt });
    const decision = policy.decide(facts, now, listsOf(subscriptionA));
    expect(decision?.lists).toEqual([{ snapshot: `landingZones@${digest.slice(0, 8)}`, readAt }]);
  });

  test('is named only by decisions whose rules read it', () => {
    const about = { ...facts, endpoint: { ...facts.endpoint!, subscriptionId: subscriptionB } };
    const decision = policy.decide(about, now, listsOf(subscriptionA));
    expect(decision).toMatchObject({ effect: 'approve', rules: ['rule-1'] });
    expect(decision?.lists).toBeUndefined();
  });

  test('that is absent fails the rule, which holds and says where to look', () => {
    expect(policy.decide(facts, now)).toMatchObject({
      effect: 'hold',
      rules: ['rule-0'],
      reason:
        'Rule rule-0 could not be evaluated: `lists.landingZones` is absent: no complete reading of it is young enough; `postern lists` shows why',
    });
  });

  test.each(['!(endpoint.subscriptionId in lists.landingZones)', 'size(lists.landingZones) == 0'])(
    'that is absent is never taken for an empty one: %s',
    (when) => {
      const rejecting = policyOf(text([{ when, effect: 'reject' }]));
      expect(rejecting.decide(facts, now)).toMatchObject({ effect: 'hold' });
    },
  );

  test('that is absent matters only where its value does', () => {
    const when = 'target.name == "kv-two" && endpoint.subscriptionId in lists.landingZones';
    expect(policyOf(text([{ when }])).decide(facts, now)).toMatchObject({ reason: 'No rule matched' });
  });

  test('is one that a loaded rule reads', () => {
    expect(policy.managedLists.map(({ name }) => name)).toEqual(['landingZones']);
    expect(policyOf(text([inVips])).managedLists).toEqual([]);
    const both = '[endpoint.subscriptionId].exists(x, x in lists.landingZones)';
    expect(policyOf(text([{ when: both }])).managedLists).toHaveLength(1);
  });

  test('is shared by no other policy', () => {
    const other = policyOf(text([inList]));
    expect(policy.decide(facts, now, listsOf(subscriptionA))?.effect).toBe('approve');
    expect(other.decide(facts, now, listsOf(subscriptionB))?.effect).toBe('hold');
    expect(policy.decide(facts, now, listsOf(subscriptionB))?.effect).toBe('hold');
  });

  test('leaves costly facts unread where it alone decides', () => {
    const reading = policyOf(text([{ when: `${inList.when} && endpoint.tags.a == "b"` }]));
    expect(reading.leavesOpen(facts, now, listsOf(subscriptionA)).endpoint).toBe(true);
    expect(reading.leavesOpen(facts, now, listsOf(subscriptionB)).endpoint).toBe(false);
    expect(reading.leavesOpen(facts, now).endpoint).toBe(true);
  });
});

describe('the id of a decision', () => {
  const policy = policyOf(text([inList]));
  const connection = {
    id: parseConnectionId(facts.connection.id),
    endpoint: undefined,
    endpointText: undefined,
    status: 'Pending',
    message: '',
    groupIds: [],
    provisioningState: undefined,
    etag: undefined,
  };
  const idWith = (lists?: UsableLists): string => {
    const decision = policy.decide(facts, now, lists);
    if (decision === undefined) throw new Error('no decision');
    return decisionIdOf(connection, 1, decision);
  };

  test('stays while a change of the list does not change the answer', () => {
    expect(idWith(listsOf(subscriptionA, subscriptionB))).toBe(idWith(listsOf(subscriptionA)));
  });

  test('changes when the answer does', () => {
    expect(idWith(listsOf(subscriptionB))).not.toBe(idWith(listsOf(subscriptionA)));
    expect(idWith()).not.toBe(idWith(listsOf(subscriptionB)));
  });

  test('does not depend on the age of a list', () => {
    const older = new Map(
      [...listsOf(subscriptionA)].map(([name, list]) => [
        name,
        { ...list, readAt: '2026-02-28T12:00:00.000Z' },
      ]),
    );
    expect(idWith(older)).toBe(idWith(listsOf(subscriptionA)));
  });
});

describe('the source of a list', () => {
  const managed = (source: unknown) => policyOf(text([inList], source)).managedLists;

  test('is a management group, and tags that subscriptions must have', () => {
    expect(managed({ subscriptionsUnder: 'Corp-(1).a', tags: { Env: 'prod' }, maxAge: '2h' })).toEqual([
      {
        name: 'landingZones',
        source: { group: 'Corp-(1).a', tags: { Env: 'prod' } },
        maxAgeSeconds: 7_200,
      },
    ]);
    expect(managed({ subscriptionsUnder: 'corp' })).toMatchObject([{ maxAgeSeconds: 86_400 }]);
  });

  test.each<[sentence: string, source: string, place: string, message: string]>([
    ['nothing', '{}', '3:17', 'write `subscriptionsUnder: corp`, with the id of a management group'],
    [
      'a wrong key',
      '{ subscriptionUnder: corp }',
      '3:19',
      'unknown key `subscriptionUnder`: did you mean `subscriptionsUnder`?',
    ],
    [
      'an unknown key',
      '{ subscriptionsUnder: corp, query: x }',
      '3:45',
      'unknown key `query`: there are `subscriptionsUnder`, `tags`, `maxAge`',
    ],
    ['a display name', '{ subscriptionsUnder: Corp Zones }', '3:39', 'not its display name'],
    ['a look-alike', '{ subscriptionsUnder: c\u043erp }', '3:40', 'a letter that only looks like `o`'],
    [
      'a number',
      '{ subscriptionsUnder: 5 }',
      '3:39',
      'must be the id of one management group: put it in quotes',
    ],
    ['a list of groups', '{ subscriptionsUnder: [a, b] }', '3:39', 'must be the id of one management group'],
    [
      'an ARM id',
      '{ subscriptionsUnder: /providers/Microsoft.Management/managementGroups/corp }',
      '3:39',
      'write only the last part of the id: `corp`',
    ],
    ['a subscription', '{ subscriptionsUnder: /subscriptions/1 }', '3:39', 'write it into a plain list'],
    ['tags without a value', '{ subscriptionsUnder: corp, tags: { env: } }', '3:58', 'put values in quotes'],
    [
      'tags that are a list',
      '{ subscriptionsUnder: corp, tags: [env] }',
      '3:51',
      '`tags` must map names of tags to texts',
    ],
    ['no tags', '{ subscriptionsUnder: corp, tags: {} }', '3:51', '`tags` is empty'],
    [
      'tags that differ only in case',
      '{ subscriptionsUnder: corp, tags: { env: a, Env: b } }',
      '3:51',
      'differ only in case',
    ],
    [
      'an age without a unit',
      '{ subscriptionsUnder: corp, maxAge: 24 }',
      '3:53',
      'write `24h` for hours or `24d` for days',
    ],
    ['an age in words', '{ subscriptionsUnder: corp, maxAge: 2 days }', '3:53', 'write `2d`'],
    ['a short age', '{ subscriptionsUnder: corp, maxAge: 15m }', '3:53', 'write `1h` or more'],
    ['a long age', '{ subscriptionsUnder: corp, maxAge: 8d }', '3:53', 'write `7d` or less'],
  ])('that is %s is refused at its place, with a fix', (_, source, place, message) => {
    const yaml = `version: 1\nlists:\n  landingZones: ${source}\nrules: []\n`;
    const problems = problemsOf(yaml).map((problem) => ({
      place: `${problem.line}:${problem.column}`,
      message: problem.message,
    }));
    expect(problems).toEqual([{ place, message: expect.stringContaining(message) as string }]);
  });

  test('is stated once over all files', () => {
    const file = (path: string, list: unknown) => ({
      path,
      text: JSON.stringify({ version: 1, lists: { Zones: list } }),
    });
    const load = loadPolicy([file('a.yaml', { subscriptionsUnder: 'corp' }), file('b.yaml', [])]);
    expect(load).toMatchObject({
      kind: 'refused',
      problems: [
        {
          path: 'b.yaml',
          message: expect.stringContaining('the list `Zones` is already in a.yaml') as string,
        },
      ],
    });
  });

  test('does not let a loop over all entries take long', () => {
    const when = 'lists.landingZones.exists(x, endpoint.id.contains(x) && x.matches("^a+$"))';
    const load = loadPolicy([{ path: 'policy.yaml', text: text([{ when }]) }]);
    expect(load).toMatchObject({
      kind: 'refused',
      problems: [{ message: expect.stringContaining('use `in`') as string }],
    });
  });
});

describe('validate', () => {
  test('says nothing about a managed list that admits', () => {
    expect(warningsOf([inList, inVips])).toEqual([]);
  });

  test('sees who can pass besides it', () => {
    expect(warningsOf([{ when: `${inList.when} || endpoint.name == "pe"` }, inVips])).toEqual([
      expect.stringContaining('approves whoever asks'),
    ]);
  });

  test('warns of a list of the root group, which has every subscription', () => {
    const source = { subscriptionsUnder: tenantId };
    const found = analyzePolicy([{ path: 'policy.yaml', text: text([inList, inVips], source) }]);
    expect(found.map(({ message, severity }) => `${severity} ${message}`)).toEqual([
      expect.stringContaining('warning `10000000-0000-0000-0000-000000000000` looks like the root group'),
    ]);
  });

  test('warns of a managed list that no rule reads', () => {
    expect(warningsOf([inVips])).toEqual([
      'no condition reads `lists.landingZones`: use the list, or remove it',
    ]);
  });

  const negative = [
    '!(endpoint.subscriptionId in lists.landingZones)',
    'target.name == "a" && !(endpoint.subscriptionId in lists.landingZones)',
    '(endpoint.subscriptionId in lists.landingZones) == false',
    '!(endpoint.subscriptionId in lists.landingZones) == true',
    'endpoint.subscriptionId in lists.landingZones ? target.name == "a" : target.name == "b"',
    'lists.landingZones.all(x, !sameId(x, endpoint.subscriptionId))',
    'lists.landingZones.exists(x, x.lowerAscii() != endpoint.subscriptionId)',
    '!lists.landingZones.exists(x, sameId(x, endpoint.subscriptionId))',
    'size(lists.landingZones) < 3 && target.name == "a"',
    'lists.landingZones.filter(x, sameId(x, endpoint.subscriptionId)).size() == 0',
    '[lists.landingZones].exists(x, !("a" in x))',
  ];

  test.each(negative)('warns of a rule that rejects or deletes by absence: %s', (when) => {
    for (const effect of ['reject', 'delete'] as const)
      expect(warningsOf([{ when, effect, name: 'strict' }, inVips])).toContainEqual(
        expect.stringContaining(`rule \`strict\` would ${effect} what is not in \`lists.landingZones\``),
      );
  });

  test.each(negative)('lets a rule that holds use it so: %s', (when) => {
    expect(
      warningsOf([{ when, effect: 'hold' }, inVips]).filter((each) => each.includes('what is not in')),
    ).toEqual([]);
  });

  test.each([
    inList.when,
    'target.name == "a" && (endpoint.subscriptionId in lists.landingZones || target.name == "b")',
    'lists.landingZones.exists(x, sameId(x, endpoint.subscriptionId))',
    '!(!(endpoint.subscriptionId in lists.landingZones))',
    '!(target.name == "a" || !(endpoint.subscriptionId in lists.landingZones))',
    '!(endpoint.subscriptionId in lists.vips)',
  ])('says nothing about a rule that rejects by presence: %s', (when) => {
    const found = warningsOf([{ when, effect: 'reject' }, inList]);
    expect(found.filter((each) => each.includes('what is not in'))).toEqual([]);
  });
});
