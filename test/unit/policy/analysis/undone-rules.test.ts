import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import { policyOf, policyText, type RuleText } from '../../../support/samples/policy';

const zone = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const lists = { zones: [zone], retired: [other] };

function reported(rules: readonly RuleText[]): string[] {
  const uses = {
    name: 'uses',
    effect: 'hold',
    on: ['Timeout'],
    when: 'endpoint.subscriptionId in lists.zones + lists.retired',
  };
  const text = policyText([...rules, uses], lists);
  policyOf(text);
  return analyzePolicy([{ path: 'policy.yaml', text }]).map(({ message }) => message);
}

describe('rules that undo each other', () => {
  const revive = (when: string): RuleText => ({ name: 'revive', on: ['Pending', 'Rejected'], when });
  const revoke = (when: string, effect = 'reject'): RuleText => ({
    name: 'revoke',
    effect,
    on: ['Approved'],
    when,
  });
  const known = 'endpoint.subscriptionId in lists.zones';
  const cycle =
    'rule `revive` approves again what `revoke` (policy.yaml:1) rejects, and that rule rejects it again, endlessly: let no connection match both, or remove Rejected from `on`';

  test.each([
    ['the same connections', known],
    ['whatever has a tag', 'has(endpoint.tags) && has(endpoint.tags.state) && endpoint.tags.state == "old"'],
    ['all of a target', 'target.name == "kv-one"'],
    ['one of several ways', `endpoint.subscriptionId in lists.retired || target.name == "kv-one"`],
  ])('are reported: approve on Rejected beside reject on Approved of %s', (_, when) => {
    expect(reported([revive(known), revoke(when)])).toEqual([cycle]);
  });

  test.each([
    ['what the other does not reach', `!(${known})`],
    ['another list', 'endpoint.subscriptionId in lists.retired'],
    ['another subscription', `endpoint.subscriptionId == "${other}"`],
    ['all but this subscription', `endpoint.subscriptionId != "${zone}"`],
  ])('are not: %s', (_, when) => {
    expect(reported([revive(known), revoke(when)])).toEqual([]);
  });

  test('are not when a stronger rule stops the circle', () => {
    const keeps: RuleText = {
      name: 'keeps',
      effect: 'hold',
      on: ['Approved'],
      when: 'target.name == "kv-one"',
    };
    expect(reported([revive(known), revoke('target.name == "kv-one"'), keeps])).toEqual([
      expect.stringContaining('never decides'),
    ]);
  });

  test('are not when nothing comes back by itself', () => {
    const approve: RuleText = { name: 'zones', when: known };
    expect(reported([approve, revoke('target.name == "kv-one"')])).toEqual([]);
    expect(reported([approve, revoke('target.name == "kv-one"', 'delete')])).toEqual([]);
    expect(reported([revive(known), revoke('target.name == "kv-one"', 'delete')])).toEqual([]);
  });

  test.each(['reject', 'delete'])('are reported when every approval is undone by a %s at once', (effect) => {
    const approve: RuleText = { name: 'zones', when: `${known} && target.name == "kv-one"` };
    expect(reported([approve, revoke(known, effect)])).toEqual([
      '`revoke` (policy.yaml:1) immediately undoes what rule `zones` does: every connection that matches this rule matches that one; keep one of them',
    ]);
  });

  test('are reported when every rejection is undone at once', () => {
    const reject: RuleText = {
      name: 'silent',
      effect: 'reject',
      when: `${known} && connection.message == ""`,
    };
    expect(reported([{ name: 'again', on: ['Rejected'], when: known }, reject])).toEqual([
      expect.stringContaining('`again` (policy.yaml:1) immediately undoes what rule `silent` does'),
    ]);
  });
});

describe('beside approvals with an end, a rule on Approved', () => {
  const week: RuleText = {
    name: 'week',
    when: 'endpoint.subscriptionId in lists.zones',
    approvals: { expireAfter: '7d' },
  };
  const rule = (when: string, effect = 'delete'): RuleText => ({
    name: 'on-approved',
    effect,
    on: ['Approved'],
    when,
  });

  test('that reads what may be absent is reported, with what happens then', () => {
    expect(reported([week, rule('endpoint.tags.state == "decommissioned"')])).toEqual([
      'rule `on-approved` reads `endpoint.tags.state`, which may be absent; if it is, it revokes nothing: check `has(endpoint.tags.state)` first',
    ]);
    expect(reported([week, rule('target.tags["cost-center"] == "1"', 'hold')])).toEqual([
      'rule `on-approved` reads `target.tags.cost-center`, which may be absent; if it is, expired approvals stay: check `"cost-center" in target.tags` first',
    ]);
  });

  test.each([
    'endpoint.location == "westeurope"',
    'endpoint.subnetId.contains("/hub/")',
    'target.kind == "x"',
    'connection.provisioningState == "Failed"',
    'has(endpoint.tags) && endpoint.tags.state == "x"',
    'has(endpoint.tags.state) || endpoint.tags.state == "x"',
    '!has(endpoint.tags.state) && endpoint.tags.state == "x"',
    'endpoint.tags.exists(name, name == "x")',
    'endpoint.name == "x" && (has(endpoint.location) || endpoint.location == "x")',
  ])('%s is reported', (when) => {
    expect(reported([week, rule(when)])).toEqual([expect.stringContaining('which may be absent')]);
  });

  test.each([
    'has(endpoint.tags.state) && endpoint.tags.state == "x"',
    'has(endpoint.tags) && has(endpoint.tags.state) && endpoint.tags.state == "x"',
    'endpoint.tags.state == "x" && has(endpoint.tags.state)',
    '"cost-center" in target.tags && target.tags["cost-center"] == "x"',
    '(!has(endpoint.location) || endpoint.location == "x") && endpoint.name == "y"',
    'has(endpoint.location) ? endpoint.location == "x" : false',
    'has(target.tags.freeze)',
    'endpoint.subscriptionId in lists.retired && endpoint.name == "x"',
    'target.name == "kv-one"',
    'consumer.approved > 5',
  ])('%s is not', (when) => {
    expect(reported([week, rule(when)])).toEqual([]);
  });

  test('is not reported where no approval has an end, nor for other statuses', () => {
    const ever = { name: week.name ?? '', when: week.when };
    expect(reported([ever, rule('endpoint.tags.state == "x"')])).toEqual([]);
    expect(reported([week, { ...rule('target.tags.env == "x"', 'hold'), on: ['Pending'] }])).toEqual([]);
  });
});
