import { createEnvironment } from '../../../../src/policy/cel/environment';
import { compileCondition } from '../../../../src/policy/cel/condition';

const environment = createEnvironment(new Map([['ten', ['a', 'b']]]));

/** The part of a condition that is marked, and what is said of it. */
function problemsIn(when: string): readonly (readonly [string, string])[] {
  const compiled = compileCondition(when, environment);
  if (compiled.kind === 'compiled') return [];
  return compiled.problems.map(({ start, end, message }) => [when.slice(start, end), message]);
}

test.each<[string, string, string]>([
  [
    'foo',
    'foo',
    'unknown name `foo`: put text in quotes; facts are `connection.…`, `endpoint.…`, `target.…`, `consumer.…`, `lists.…` and `now`',
  ],
  ['and', 'and', 'write `&&` instead of `and`'],
  ['endpoint and target', 'and', 'write `&&` instead of `and`'],
  ['x AND y', 'AND', 'this does not belong here: `AND`'],
  ['name == "a"', 'name', 'unknown name `name`: did you mean `connection.name`?'],
  ['ten', 'ten', 'unknown name `ten`: did you mean `lists.ten`?'],
  [
    'lst.ten == "a"',
    'lst',
    'unknown name `lst`: put text in quotes; facts are `connection.…`, `endpoint.…`, `target.…`, `consumer.…`, `lists.…` and `now`',
  ],
  ['endpoint', 'endpoint', '`endpoint` is not a value: write `endpoint.<name>`'],
  ['lists', 'lists', '`lists` is not a value: write `lists.<name>`'],
  ['lists.tne.exists(x, true)', 'tne', 'unknown list `tne`: did you mean `ten`?'],
  ['lists["ten"].exists(x, true)', 'lists["ten"]', 'use a dot: write `lists.<name>`'],
  ['endpoint["name"] == "a"', 'endpoint["name"]', 'use a dot: write `endpoint.<name>`'],
  ['endpoint.nam == "a"', 'nam', '`endpoint` has no `nam`: did you mean `name`?'],
  [
    'endpoint.zzzzzzzz == "a"',
    'zzzzzzzz',
    '`endpoint` has no `zzzzzzzz`: there are `id`, `subscriptionId`, `resourceGroup`, `name`, `tenantId`, `tenant`, `location`, `tags`, `subnetId`, `virtualNetworkId`, `peeredNetworks`, `manual`, `resourceGuid`',
  ],
  [
    'contains(endpoint.name, "a")',
    'contains',
    'unknown function `contains`: call it on the text: `text.contains("x")`',
  ],
  ['sizes(endpoint.name) == 1', 'sizes', 'unknown function `sizes`: did you mean `size`?'],
  [
    'qqqqqq(1)',
    'qqqqqq',
    'unknown function `qqqqqq`: there are `has`, `size`, `sameId`, `glob`, `ticket`, `timestamp`, `duration`, `string`, `int`, `double`',
  ],
  ['endpoint.name.glob("a")', 'glob', 'unknown function `glob`: write `glob(text, "pe-*")`'],
  ['endpoint.name.startWith("a")', 'startWith', 'unknown function `startWith`: did you mean `startsWith`?'],
  [
    'endpoint.name.qqqqqq()',
    'qqqqqq',
    'unknown function `qqqqqq`: there are `contains`, `startsWith`, `endsWith`, `matches`, `lowerAscii`, `upperAscii`, `trim`, `substring`, `indexOf`, `lastIndexOf`, `split`, `size`, `all`, `exists`, `exists_one`, `filter`, `map`, `getFullYear`, `getMonth`, `getDate`, `getDayOfMonth`, `getDayOfWeek`, `getHours`, `getMinutes`, `getSeconds`, `getMilliseconds`',
  ],
  [
    'duration(endpoint.name) < duration("1h")',
    'duration(endpoint.name)',
    '`duration()` takes only a literal, such as `duration("168h")`',
  ],
  [
    'duration("7d") < duration("1h")',
    '"7d"',
    'not a duration: write hours, minutes or seconds, such as "168h" for seven days',
  ],
  ['timestamp("yesterday") < now', '"yesterday"', 'not a timestamp: write it like "2026-01-31T00:00:00Z"'],
  [
    'endpoint.name.matches(endpoint.id)',
    'endpoint.name.matches(endpoint.id)',
    'the pattern must be a literal, so that it can be checked when the policy loads',
  ],
  [
    'endpoint.name.matches("(")',
    '"("',
    'not a valid RE2 regular expression (RE2 has no look-around and no back-references): missing closing ): `(`',
  ],
  [
    'endpoint.name.matches("a(?=b)")',
    '"a(?=b)"',
    'not a valid RE2 regular expression (RE2 has no look-around and no back-references): invalid or unsupported Perl syntax: `(?=`',
  ],
  [
    'ticket(connection.message, endpoint.name)',
    'ticket(connection.message, endpoint.name)',
    'the pattern must be a literal, so that it can be checked when the policy loads',
  ],
  [
    'ticket(connection.message, "(")',
    '"("',
    'not a valid RE2 regular expression (RE2 has no look-around and no back-references): missing closing ): `(`',
  ],
  [
    'ticket(connection.message, ")(")',
    '")("',
    'not a valid RE2 regular expression (RE2 has no look-around and no back-references): unexpected ): `)(`',
  ],
  [
    'has(endpoint)',
    'has(endpoint)',
    '`has()` takes one fact: write `has(endpoint.tags)` or `has(target.tags.env)`',
  ],
  [
    'has(lists.ten)',
    'has(lists.ten)',
    '`has()` takes one fact: write `has(endpoint.tags)` or `has(target.tags.env)`',
  ],
  ['has(x.y)', 'has(x.y)', '`has()` takes one fact: write `has(endpoint.tags)` or `has(target.tags.env)`'],
  ['lists.ten.exists(endpoint, true)', 'endpoint', '`endpoint` is a fact: give the variable another name'],
  ['lists.ten.exists(lists, true)', 'lists', '`lists` is a fact: give the variable another name'],
  ['lists.ten.exists(now, true)', 'now', '`now` is a fact: give the variable another name'],
  [
    'lists.ten.exists(x, has(x.y))',
    'has(x.y)',
    '`has()` takes one fact: write `has(endpoint.tags)` or `has(target.tags.env)`',
  ],
  [
    'lists.ten.exists(x, y == x)',
    'y',
    'unknown name `y`: put text in quotes; facts are `connection.…`, `endpoint.…`, `target.…`, `consumer.…`, `lists.…` and `now`',
  ],
  [
    'target.tags.cost-center == "a"',
    'target.tags.cost-center',
    'a tag with this name needs brackets: write `target.tags["cost-center"]`, and `"cost-center" in target.tags` to check for it',
  ],
  ['endpoint.name = "a"', '=', 'write `==` to compare'],
  ['endpoint.name == "a" & true', '&', 'write `&&` for and'],
  ['endpoint.name == "a" | true', '|', 'write `||` for or'],
  ['endpoint.name == "a" and true', 'and', 'write `&&` instead of `and`'],
  ['endpoint.name == "a" or true', 'or', 'write `||` instead of `or`'],
  ['not true', 'true', 'this does not belong here: `true`'],
  [
    'endpoint.name == "a',
    '"a',
    'this text is not closed: end it with the quote it began with (in unquoted YAML, ` #` begins a comment)',
  ],
  ['(endpoint.name == "a"', '', '`)` is missing at the end'],
  ['endpoint.name == "a")', ')', 'this does not belong here: `)`'],
  ['[1, 2', '', '`]` is missing at the end'],
  ['endpoint.name ==', '', 'the condition ends too early: something is missing here'],
  [
    'endpoint.name == null',
    'endpoint.name == null',
    'a fact is never null (string == null): use `has(…)` to check whether it is present',
  ],
  ['1', '1', 'the condition yields int, not true or false: compare it with something'],
  ['"a"', '"a"', 'the condition yields string, not true or false: compare it with something'],
  [
    'endpoint.name',
    'endpoint.name',
    'the condition yields string, not true or false: compare it with something',
  ],
  ['1 == "a"', '1 == "a"', 'these do not go together: int == string'],
  ['"a" in "abc"', '"a" in "abc"', 'write `text.contains("part")` to search in a text'],
  ['endpoint.name + 1 == "a"', 'endpoint.name + 1', 'these do not go together: string + int'],
  ['!endpoint.name', '!endpoint.name', 'these do not go together: !string'],
  [
    'endpoint.name && true',
    'endpoint.name && true',
    "Logical operator requires bool operands, got 'string': compare it with something",
  ],
  ['true ? 1 : "a"', 'true ? 1 : "a"', "Ternary branches must have the same type, got 'int' and 'string'"],
  ['size(1) == 1', 'size(1)', "wrong arguments: found no matching overload for 'size(int)'"],
  [
    'endpoint.name.startsWith(1)',
    'endpoint.name.startsWith(1)',
    "wrong arguments: found no matching overload for 'string.startsWith(int)'",
  ],
  [
    'endpoint.name.startsWith("a", "b")',
    'endpoint.name.startsWith("a", "b")',
    "wrong arguments: found no matching overload for 'string.startsWith(string, string)'",
  ],
  ['endpoint.name == “a”', '“', 'this is a curly quote (U+201C): write `"`'],
  ["endpoint.name == 'a' && endpoint.name == ‘b’", '‘', "this is a curly quote (U+2018): write `'`"],
  ['true # comment', '#', 'this does not belong here: `#`'],
  [
    'target.tags.owner:team == "a"',
    'target.tags.owner:team',
    'a tag with this name needs brackets: write `target.tags["owner:team"]`, and `"owner:team" in target.tags` to check for it',
  ],
  ['target.tags.env == "Prod" && endpoint.tags.x.y == "a"', 'y', "Cannot index type 'string'"],
  [
    'lists.ten.exists(x, lists.ten.exists(y, lists.ten.exists(z, connection.message.split("/").exists(a, a == z))))',
    'lists.ten.exists(x, lists.ten.exists(y, lists.ten.exists(z, connection.message.split("/").exists(a, a == z))))',
    'this can take more than 100000 steps: nest fewer loops, shorten the lists, or use `in`',
  ],
  [
    'endpoint.name.replace("a", "b") == "c"',
    'replace',
    'unknown function `replace`: there are `contains`, `startsWith`, `endsWith`, `matches`, `lowerAscii`, `upperAscii`, `trim`, `substring`, `indexOf`, `lastIndexOf`, `split`, `size`, `all`, `exists`, `exists_one`, `filter`, `map`, `getFullYear`, `getMonth`, `getDate`, `getDayOfMonth`, `getDayOfWeek`, `getHours`, `getMinutes`, `getSeconds`, `getMilliseconds`',
  ],
])('%s is refused at %s: %s', (when, part, message) => {
  expect(problemsIn(when)).toEqual([[part, message]]);
});

test.each<[string, string]>([
  ['endpoint.location == connection.message', 'connection.message'],
  ['target.tags.env == endpoint.name', 'target.tags.env'],
  ['connection.message.contains(endpoint.name)', 'connection.message'],
  ['endpoint.name == target.tags.env', 'target.tags.env'],
  ['endpoint.name in [connection.message]', 'connection.message'],
  ['connection.message in [endpoint.name]', 'connection.message'],
  ['connection.message in connection.groupIds', 'connection.message'],
  ['[endpoint.name, connection.message].exists(x, x == "a")', 'connection.message'],
  ['(true ? endpoint.name : connection.message) == "a"', 'connection.message'],
  ['endpoint.name + connection.message == "ab"', 'connection.message'],
  ['connection.message + endpoint.name == endpoint.id', 'connection.message'],
  ['endpoint.name < connection.message', 'connection.message'],
  ['endpoint.tags[connection.message] == "x"', 'connection.message'],
  ['connection.groupIds.exists(x, x == connection.message)', 'connection.message'],
  ['connection.groupIds.map(x, x).exists(y, y == connection.message)', 'connection.message'],
  ['connection.groupIds.filter(x, x != "a").exists(y, y == connection.message)', 'connection.message'],
  ['lists.ten.exists(x, x == connection.message && x == endpoint.name)', 'x'],
  ['connection.message.startsWith(endpoint.name)', 'connection.message'],
  ['endpoint.name.startsWith(connection.message)', 'connection.message'],
  ['string(endpoint.name) == connection.message', 'connection.message'],
  ['endpoint.name.trim() == connection.message', 'connection.message'],
  ['endpoint.id.split("/")[2] == connection.message', 'connection.message'],
  ['endpoint.name.substring(1) == connection.message', 'connection.message'],
])('%s is refused: the case of %s would decide', (when, part) => {
  const message = `ids, names and locations are compared without case, but \`${part}\` is not: add \`.lowerAscii()\`, or use \`sameId(a, b)\``;
  expect(problemsIn(when)).toEqual([[part, message]]);
});

test.each([
  'timestamp(endpoint.name) < now',
  'glob(endpoint.name, endpoint.id)',
  'has(endpoint.name) ',
  '"a".lowerAscii() == endpoint.name',
  'connection.message.lowerAscii() == endpoint.name',
  'endpoint.name.upperAscii() == "ABC"',
  'endpoint.name.upperAscii() == connection.message',
  'endpoint.name in lists.ten',
  '"a" in connection.groupIds',
  'endpoint.tags["Env"] == "x"',
  'endpoint.name.matches("^A$")',
  'connection.message.matches("^A$")',
  'target.tags.all(x, x == "a")',
  String.raw`endpoint.name == "\u0130"`,
  'connection.message == "A"',
])('%s is compiled', (when) => {
  expect(problemsIn(when)).toEqual([]);
});
