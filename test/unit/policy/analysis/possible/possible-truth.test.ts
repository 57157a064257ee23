import { createEnvironment } from '../../../../../src/policy/cel/environment';
import type { PolicyLists } from '../../../../../src/policy/cel/lists';
import type { TextComparison } from '../../../../../src/policy/analysis/possible/possible-calls';
import { possibleTruth } from '../../../../../src/policy/analysis/possible/possible-truth';
import type { RequesterKind } from '../../../../../src/policy/analysis/shapes/fact-shapes';
import { sourceOf } from '../../../../../src/policy/cel/ast';

const lists: PolicyLists = new Map<string, readonly string[] | readonly number[]>([
  ['zones', ['11111111-1111-4111-8111-111111111111']],
  ['none', []],
  ['groups', ['rg-hub', 'RG-spoke']],
  ['numbers', [1, 5]],
]);
const environment = createEnvironment(lists);

function answer(when: string, requester: RequesterKind): string {
  const { ast } = environment.cel.parse(when);
  const { canBeTrue, canBeFalse } = possibleTruth(ast, { lists, requester });
  if (canBeTrue) return canBeFalse ? 'either' : 'true';
  return canBeFalse ? 'false' : 'impossible';
}

const isTrue: readonly string[] = [
  'true',
  '!(1 == 2)',
  '1 == 1',
  '1 != 2',
  '1 < 2',
  '1 <= 1',
  '2 > 1',
  '1 >= 1',
  '1.5 < 2.5',
  'true && true',
  'true || false',
  'true || has(endpoint.tags)',
  '"a" == "a"',
  '"a" != "b"',
  '"a" + "b" == "ab"',
  '[] == []',
  'size([1] + [2]) == 2',
  'size("abc") == 3',
  '"abc".size() == 3',
  'size(connection.groupIds) >= 0',
  'size(lists.groups) == 2',
  'size(lists.none) == 0',
  'consumer.approved >= 0',
  'true == true',
  '"a" in ["a", "b"]',
  '"rg-hub" in lists.groups',
  '1 in lists.numbers',
  '"a" in {"a": 1}',
  '{"a": 1}["a"] == 1',
  'glob("pe-1", "pe-?")',
  '"abc".startsWith("ab")',
  '"abc".endsWith("bc")',
  '"abc".contains("b")',
  '"abc".matches("^a.c$")',
  '"abc".upperAscii() == "ABC"',
  '" a ".trim() == "a"',
  '"abcdef".substring(1, 3) == "bc"',
  '"abcdef".substring(4) == "ef"',
  '"a/b".split("/")[0] == "a"',
  '"a/b".split("/")[1] == "b"',
  'size("a/b/c".split("/")) == 3',
  'size(endpoint.id.split("/")) == 9',
  'lists.groups.exists(x, x == "rg-hub")',
  'lists.groups.all(x, x.startsWith("rg-"))',
  'lists.none.all(x, false)',
  'size(lists.groups.filter(x, x == "rg-hub")) == 1',
  'size(lists.groups.filter(x, x == "rg-x")) == 0',
  'size(lists.groups.map(x, x + "-1")) == 2',
  'lists.groups.map(x, x + "-1").exists(y, y == "rg-hub-1")',
  'has(endpoint.tags) ? true : true',
  'false ? false : true',
  '(has(endpoint.tags) ? 1 : 5) < 6',
  'lists.groups[0] == "rg-hub"',
  'lists.numbers.exists(x, x == 5)',
];

test.each(isTrue)('%s is true whatever the facts are', (when) => {
  expect([answer(when, 'stranger'), answer(when, 'anyone')]).toEqual(['true', 'true']);
});

const isFalse: readonly string[] = [
  'false',
  '!true',
  '1 == 2',
  '1 != 1',
  '2 < 1',
  '1 < 1',
  '2 <= 1',
  '1 > 2',
  '1 >= 2',
  'true && false',
  'false || false',
  'false && has(endpoint.tags)',
  '"a" == "b"',
  '"a" + "b" == "ba"',
  '[1] == [1, 2]',
  '[1] + [2] == [1]',
  'size("abc") == 4',
  'size(connection.message) < 0',
  'size(lists.none) > 0',
  'consumer.approved < 0',
  'true == false',
  'true != true',
  '"c" in ["a", "b"]',
  '"x" in lists.groups',
  '"rg-hub" in lists.none',
  '2 in lists.numbers',
  'endpoint.subscriptionId in lists.groups',
  'endpoint.name in lists.none',
  '"b" in {"a": 1}',
  '{"a": 1}["a"] == 2',
  '{"a": 1, "b": 2}.a == 3',
  'sameId("a", "b")',
  'endpoint.subscriptionId == "none"',
  'endpoint.id.startsWith("subscriptions/")',
  'endpoint.id.endsWith("/")',
  'endpoint.id.contains("//")',
  'endpoint.id.matches("^subscriptions/")',
  'endpoint.name.matches("^ $")',
  'endpoint.name.matches("^$")',
  'endpoint.name == ""',
  'endpoint.name == "a b"',
  'glob(endpoint.id, "*")',
  'glob(endpoint.name, "a/b")',
  'glob("pe-1", "pe-??")',
  '"abc".startsWith("bc")',
  '"abc".endsWith("ab")',
  '"abc".contains("d")',
  '"abc".matches("^b")',
  '"abc".upperAscii() == "abc"',
  'endpoint.name.upperAscii() == "abc"',
  'endpoint.name.upperAscii().startsWith("a")',
  '"abc" == endpoint.name.upperAscii()',
  '" a ".trim() == " a "',
  'endpoint.name.trim() == "a b"',
  '"abcdef".substring(1, 3) == "cd"',
  '"abcdef".substring(4) == "e"',
  'endpoint.id.substring(0, 15) == "/Xubscriptions/"',
  'endpoint.id.substring(51) == "/resourcegroups/rg"',
  'endpoint.id.substring(51).startsWith("/providers/")',
  '"a/b".split("/")[0] == "b"',
  'size("a/b/c".split("/")) == 2',
  'endpoint.id.split("/")[1] == "resourcegroups"',
  'size(endpoint.id.split("/")) == 8',
  'endpoint.subnetId.split("/")[9] == "subnet"',
  '"abc".indexOf("d") >= 0',
  '"abc".lastIndexOf("d") >= 0',
  'endpoint.id.indexOf("//") >= 0',
  'string("a") == "b"',
  'lists.groups.exists(x, x == "rg-x")',
  'lists.groups.all(x, x.startsWith("rg-h"))',
  'lists.none.exists(x, true)',
  'lists.groups.exists_one(x, x == "rg-x")',
  'size(lists.groups.filter(x, x == "rg-hub")) == 2',
  'size(lists.groups.filter(x, x == "rg-x")) == 1',
  'size(lists.groups.filter(x, x == endpoint.name)) == 3',
  'lists.groups.map(x, x + "-1").exists(y, y == "rg-hub")',
  'lists.groups.map(x, x == "rg-hub", x + "-1").exists(y, y == "rg-spoke-1")',
  'size(lists.groups.map(x, x == "rg-hub", x)) == 2',
  'connection.groupIds.exists(x, x == " vault")',
  'connection.groupIds.exists_one(x, x == " vault")',
  'true ? false : true',
  'has(endpoint.tags) ? "a" == "b" : "a" == "c"',
  '"x" == (has(endpoint.tags) ? "a" : "b")',
  '(has(endpoint.tags) ? 1 : 5) < 1',
  '"x" in (has(endpoint.tags) ? lists.groups : lists.none)',
  'size(has(endpoint.tags) ? lists.groups : lists.none) == 3',
  'connection.status == "pending 1"',
  'target.type == "Microsoft.KeyVault/vault"',
  'target.id.contains("/providers/microsoft.logic/")',
  'target.location == " west"',
  'target.kind == "a  b"',
  'lists.groups[0] == "rg-spoke"',
  'lists.groups[consumer.pending] == "rg-x"',
  '[endpoint.name, "a"][0] == "a b"',
  String.raw`endpoint.name == "pe-\u00fc"`,
  'endpoint.subscriptionId.matches("^[0-9a-f-]{35}$")',
  'endpoint.subscriptionId.matches("[g-z]")',
];

test.each(isFalse)('%s is false whatever the facts are', (when) => {
  expect([answer(when, 'stranger'), answer(when, 'anyone')]).toEqual(['false', 'false']);
});

const isEither: readonly string[] = [
  'true && has(endpoint.tags)',
  'false || has(endpoint.tags)',
  '"a" == "A"',
  '[1] == [1]',
  '[1] + [] == [2]',
  'size(connection.message) == 3',
  'consumer.approved < 3',
  '-1 < 0',
  '1 + 1 == 2',
  '(has(endpoint.tags)) == true',
  '"" in lists.groups',
  '"RG-HUB" in lists.groups',
  'endpoint.resourceGroup in lists.groups',
  '{"a": 1, "b": 2}["a"] == 2',
  '"env" in target.tags',
  'target.tags.env == "prod"',
  'target.tags["env"] == "prod"',
  'endpoint.tags.env == "11111111-1111-4111-8111-111111111111"',
  'endpoint.tags[endpoint.subscriptionId] == "x"',
  'endpoint.subscriptionId in endpoint.tags',
  'sameId("a", "A")',
  'endpoint.id.startsWith("/subscriptions/")',
  'endpoint.id.startsWith("/Subscriptions/")',
  'endpoint.id.endsWith("/pe-1")',
  'endpoint.id.contains("/privateEndpoints/")',
  'endpoint.id.contains("/vaults/")',
  'endpoint.id.matches("^/subscriptions/")',
  'endpoint.id.matches("[0-9]{37}")',
  'endpoint.name.matches("^[0-9]{3}$")',
  'glob(endpoint.id, "**/pe-*")',
  'glob(endpoint.name, "*")',
  'glob(endpoint.name, "**")',
  '"ABC".lowerAscii() == "abc"',
  'endpoint.name.upperAscii() == "ABC"',
  'endpoint.name.upperAscii() == "123"',
  'endpoint.name.lowerAscii() == "abc"',
  'endpoint.name.upperAscii().startsWith("A")',
  'endpoint.id.substring(0, 15) == "/subscriptions/"',
  'endpoint.id.substring(51).startsWith("/resourcegroups/")',
  'endpoint.id.substring(14, 51) == "x"',
  'endpoint.id.substring(52).startsWith("/")',
  'endpoint.id.split("/")[1] == "subscriptions"',
  'endpoint.id.split("/")[8] == "pe-1"',
  'endpoint.id.split("/")[9] == "pe-1"',
  'endpoint.id.split("-")[0] == "x"',
  'connection.message.split("/")[0] == "x"',
  'connection.id.split("/")[1] == "subscriptions"',
  'endpoint.subnetId.split("/")[10] == "pe"',
  'endpoint.subnetId.split("/")[9] == "subnets"',
  'target.id.split("/")[2] == "x"',
  '"abc".indexOf("b") >= 0',
  '"abc".indexOf("d") == -1',
  'endpoint.id.indexOf("//") == -1',
  'endpoint.id.indexOf("/") >= 0',
  'string(1) == "1"',
  'ticket(connection.message, "CHG[0-9]+")',
  'lists.groups.exists_one(x, x == "rg-hub")',
  'size(lists.groups.filter(x, x == endpoint.name)) == 2',
  'lists.groups.map(x, x == "rg-hub", x + "-1").exists(y, y == "rg-hub-1")',
  'size(lists.groups.map(x, x == "rg-hub", x)) == 1',
  'connection.groupIds.exists(x, x == "vault")',
  'connection.groupIds.all(x, x == " vault")',
  'size(connection.groupIds.filter(x, x == " vault")) > 0',
  'target.tags.exists(x, x == "a")',
  '"a" == (has(endpoint.tags) ? "a" : "b")',
  '(has(endpoint.tags) ? 1 : 5) < 5',
  '"rg-hub" in (has(endpoint.tags) ? lists.groups : lists.none)',
  'endpoint.name in (has(endpoint.tags) ? [endpoint.subscriptionId] : lists.none)',
  'connection.status == "pending"',
  'target.type == "Microsoft.KeyVault/vaults"',
  'target.type.startsWith("Microsoft.")',
  'target.id.contains("/providers/microsoft.keyvault/vaults/")',
  'target.location == "west europe"',
  'connection.firstSeen < now',
  'lists.groups[1] == "rg-spoke"',
  'lists.groups[7] == "rg-hub"',
  'lists.groups[consumer.pending] == "rg-hub"',
  'endpoint.id.startsWith("/subscriptions/" + endpoint.subscriptionId)',
  'endpoint.name == "11111111-1111-4111-8111-111111111111"',
  String.raw`endpoint.resourceGroup == "rg-\u00fc"`,
  'endpoint.id.contains("11111111-1111-4111")',
  'endpoint.id.contains("11111111-1111-4111-8111-111111111111")',
  'endpoint.subscriptionId.endsWith("1111-111111111111")',
  'endpoint.subscriptionId.matches("^[0-9a-f-]{36}$")',
  'endpoint.name == target.name',
];

test.each(isEither)('%s may be true and may be false', (when) => {
  expect([answer(when, 'stranger'), answer(when, 'anyone')]).toEqual(['either', 'either']);
});

const isFalseForStrangers: readonly string[] = [
  'endpoint.subscriptionId in lists.zones',
  'target.tags.env == endpoint.subscriptionId',
  'target.tags[endpoint.subscriptionId] == "x"',
  'endpoint.subscriptionId in target.tags',
  'endpoint.subscriptionId == "11111111-1111-4111-8111-111111111111"',
  'sameId(endpoint.subscriptionId, "11111111-1111-4111-8111-111111111111")',
  'endpoint.subscriptionId == target.subscriptionId',
  'endpoint.id.substring(15, 51) == "11111111-1111-4111-8111-111111111111"',
  'endpoint.id.split("/")[2] == "11111111-1111-4111-8111-111111111111"',
  'endpoint.id.startsWith("/subscriptions/" + "11111111-1111-4111-8111-111111111111")',
  'endpoint.subscriptionId == target.tags.owner',
];

test.each(isFalseForStrangers)('%s is false for a stranger, whose subscription nobody wrote down', (when) => {
  expect([answer(when, 'stranger'), answer(when, 'anyone')]).toEqual(['false', 'either']);
});

test.each(['endpoint.subscriptionId != "11111111-1111-4111-8111-111111111111"'])(
  '%s is true for a stranger',
  (when) => {
    expect([answer(when, 'stranger'), answer(when, 'anyone')]).toEqual(['true', 'either']);
  },
);

describe('a comparison', () => {
  function comparisons(when: string): readonly string[] {
    const seen: string[] = [];
    const say = ({ node, test, sign, subject, object, passes }: TextComparison): void => {
      const texts = [subject, object].map(({ literal, fact }) => literal ?? fact ?? 'text').join(' ');
      seen.push(`${test} ${sign} ${texts}: ${passes} in ${sourceOf(node)}`);
    };
    possibleTruth(environment.cel.parse(when).ast, { lists, requester: 'stranger', onComparison: say });
    return seen;
  }

  test.each<[string, readonly string[]]>([
    ['endpoint.name == "a"', ['== 1 endpoint.name a: true in endpoint.name == "a"']],
    ['"a" != endpoint.name', ['== 1 a endpoint.name: true in "a" != endpoint.name']],
    ['!(endpoint.name == "a b")', ['== -1 endpoint.name a b: false in endpoint.name == "a b"']],
    ['!(!(endpoint.name == "a"))', ['== 1 endpoint.name a: true in endpoint.name == "a"']],
    ['endpoint.name == "a" && true', ['== 1 endpoint.name a: true in endpoint.name == "a"']],
    ['(endpoint.name == "a") == true', ['== 0 endpoint.name a: true in endpoint.name == "a"']],
    ['endpoint.name == "a" ? true : false', ['== 0 endpoint.name a: true in endpoint.name == "a"']],
    [
      'has(endpoint.tags) ? endpoint.name == "a" : false',
      ['== 1 endpoint.name a: true in endpoint.name == "a"'],
    ],
    ['sameId(endpoint.name, "a")', ['== 1 endpoint.name a: true in sameId(endpoint.name, "a")']],
    ['endpoint.name.contains("a")', ['contains 1 endpoint.name a: true in endpoint.name.contains("a")']],
    [
      '!endpoint.name.startsWith("a b")',
      ['startsWith -1 endpoint.name a b: false in endpoint.name.startsWith("a b")'],
    ],
    ['glob(endpoint.name, "a*")', ['glob 1 endpoint.name a*: true in glob(endpoint.name, "a*")']],
    ['endpoint.name.indexOf("a") > 0', []],
    [
      'endpoint.name in lists.groups',
      [
        '== 1 endpoint.name rg-hub: true in endpoint.name in lists.groups',
        '== 1 endpoint.name RG-spoke: true in endpoint.name in lists.groups',
      ],
    ],
    ['endpoint.name in {"a": 1}', ['== 1 endpoint.name a: true in endpoint.name in {"a": 1}']],
    [
      'lists.groups.exists(x, endpoint.name == x)',
      [
        '== 1 endpoint.name rg-hub: true in endpoint.name == x',
        '== 1 endpoint.name RG-spoke: true in endpoint.name == x',
      ],
    ],
    [
      '!lists.groups.all(x, endpoint.name.endsWith(x))',
      [
        'endsWith -1 endpoint.name rg-hub: true in endpoint.name.endsWith(x)',
        'endsWith -1 endpoint.name RG-spoke: true in endpoint.name.endsWith(x)',
      ],
    ],
    [
      'lists.zones.exists_one(x, endpoint.name == x)',
      ['== 0 endpoint.name 11111111-1111-4111-8111-111111111111: true in endpoint.name == x'],
    ],
    [
      'endpoint.name == (has(endpoint.tags) ? "a" : "b")',
      [
        '== 1 endpoint.name a: true in endpoint.name == (has(endpoint.tags) ? "a" : "b")',
        '== 1 endpoint.name b: true in endpoint.name == (has(endpoint.tags) ? "a" : "b")',
      ],
    ],
    [
      'glob(endpoint.name, has(endpoint.tags) ? "a" : "b c")',
      [
        'glob 1 endpoint.name a: true in glob(endpoint.name, has(endpoint.tags) ? "a" : "b c")',
        'glob 1 endpoint.name b c: false in glob(endpoint.name, has(endpoint.tags) ? "a" : "b c")',
      ],
    ],
    ['size(endpoint.name) == 1', []],
    [
      'endpoint.name.upperAscii().contains("a")',
      ['contains 1 endpoint.name a: false in endpoint.name.upperAscii().contains("a")'],
    ],
  ])('is reported with what it means for the condition: %s', (when, expected) => {
    expect(comparisons(when)).toEqual(expected);
  });
});
