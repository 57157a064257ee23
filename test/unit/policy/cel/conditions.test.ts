import { factFields, factRoots, fieldsOf, type FactRoot } from '../../../../src/policy/facts/fact-fields';
import type { Facts } from '../../../../src/policy/facts/facts';
import {
  endpoint,
  facts,
  factsWith,
  outcomeOf,
  problemsOf,
  policyText,
  subscriptionA,
  target,
} from '../../../support/samples/policy';

const bare: Facts = {
  ...facts,
  connection: { ...facts.connection, provisioningState: undefined },
  endpoint: {
    id: endpoint.id,
    subscriptionId: endpoint.subscriptionId,
    resourceGroup: endpoint.resourceGroup,
    name: endpoint.name,
  },
  target: {
    id: target.id,
    type: target.type,
    subscriptionId: target.subscriptionId,
    resourceGroup: target.resourceGroup,
    name: target.name,
  },
};
const endpointless: Facts = { ...bare, endpoint: undefined, consumer: undefined };

describe('a fact that is there', () => {
  test.each<[string, string]>([
    ['is compared', 'connection.message.startsWith("please")'],
    ['is a timestamp where it is a time', 'connection.firstSeen < now - duration("59m")'],
    ['is an integer where it counts', 'consumer.approved + consumer.pending == 3'],
    ['is a list where there are many', 'connection.groupIds.size() == 1 && "Gateway" in connection.groupIds'],
    ['is asked for with has()', 'has(target.tags.env) && has(endpoint.location) && !has(target.tags.owner)'],
    ['has tags by name or in brackets', 'target.tags.env == "prod" && target.tags["env"] == "prod"'],
    ['can be the clock', 'now.getFullYear() == 2026 && now.getHours("Europe/Berlin") == 13'],
  ])('%s', (_, when) => {
    expect(outcomeOf(when)).toBe(true);
  });
});

describe('a fact that is absent', () => {
  const optional = factRoots.flatMap((root: FactRoot) =>
    Object.entries(fieldsOf(root)).flatMap(([name, { absent }]) =>
      absent === 'never' ? [] : [`${root}.${name}`],
    ),
  );

  test.each(optional)('%s: reading it fails and has() is false', (path) => {
    expect(outcomeOf(`${path} == ${path}`, endpointless)).toBe(
      `\`${path}\` is absent; check it with \`has()\` first`,
    );
    expect(outcomeOf(`has(${path})`, endpointless)).toBe(false);
  });

  const always = factRoots.flatMap((root: FactRoot) =>
    Object.entries(fieldsOf(root)).flatMap(([name, { absent }]) =>
      absent === 'never' ? [`${root}.${name}`] : [],
    ),
  );

  test.each(always)('%s never is', (path) => {
    expect(outcomeOf(`has(${path})`, endpointless)).toBe(true);
  });

  test('a tag that is not set fails, has() is false', () => {
    expect(outcomeOf('target.tags.owner == "x"')).toBe(
      '`target.tags.owner` is absent; check it with `has()` first',
    );
    expect(outcomeOf('has(target.tags.owner)')).toBe(false);
  });

  test('asking for a tag when the tags were not read fails: unknown is not the same as not set', () => {
    expect(outcomeOf('has(target.tags.env)', bare)).toBe(
      '`target.tags` is absent; check it with `has()` first',
    );
  });

  test('every fact says what it means and what it costs', () => {
    for (const field of factRoots.flatMap((root) => Object.values(fieldsOf(root)))) {
      expect(field.meaning).not.toBe('');
    }
    expect(factFields.endpoint.tags.cost).toBe('reads the endpoint');
  });
});

describe('a failure inside a condition', () => {
  const fails = '`endpoint.location` is absent; check it with `has()` first';
  test.each<[string, string, boolean | string]>([
    ['is the answer when the other side of || is false', 'endpoint.location == "x" || false', fails],
    ['is the answer when the first side of || is false', 'false || endpoint.location == "x"', fails],
    ['makes no difference to || when the other side is true', 'endpoint.location == "x" || true', true],
    ['makes no difference to && when the other side is false', 'endpoint.location == "x" && false', false],
    ['is the answer when the other side of && is true', 'endpoint.location == "x" && true', fails],
    ['is not turned into its opposite', '!(endpoint.location == "x")', fails],
    ['is not turned into "differs"', 'endpoint.location != "x"', fails],
    ['is not turned into "is not in"', '!(endpoint.location in ["x"])', fails],
    ['makes no difference in the branch that is not taken', 'true ? true : endpoint.location == "x"', true],
    [
      'is the answer of exists() when nothing else fits',
      'connection.groupIds.exists(g, g == endpoint.location)',
      fails,
    ],
    [
      'is the answer of all() when nothing else differs',
      'connection.groupIds.all(g, g == endpoint.location)',
      fails,
    ],
  ])('%s', (_, when, expected) => {
    expect(outcomeOf(when, bare)).toBe(expected);
  });

  test.each<[string, string, string]>([
    [
      'a number that is none',
      'int(connection.message) == 1',
      'int() type error: cannot convert to int in `int(connection.message)`',
    ],
    ['a division by zero', '1 / consumer.rejected == 1', 'division by zero in `1 / consumer.rejected`'],
    [
      'an index past the end',
      'connection.message.substring(900) == ""',
      'string.substring(start, end): start index out of range',
    ],
    ['a time zone that is none', 'now.getHours("Mars/Base") == 1', 'Invalid time zone specified: Mars/Base'],
  ])('%s is reported', (_, when, problem) => {
    expect(outcomeOf(when)).toEqual(expect.stringContaining(problem));
  });
});

describe('what ARM compares without case', () => {
  const lists = {
    subscriptions: [subscriptionA.toUpperCase(), 'x'],
    groups: ['rg-WEB'],
    owners: ['Team-Web'],
  };
  test.each<[string, string]>([
    ['a subscription in a list', 'endpoint.subscriptionId in lists.subscriptions'],
    ['a subscription beside a literal', `endpoint.subscriptionId == "${subscriptionA.toUpperCase()}"`],
    ['a literal beside a subscription', `"${subscriptionA}" == endpoint.subscriptionId`],
    ['a literal list', `endpoint.subscriptionId in ["${subscriptionA.toUpperCase()}"]`],
    ['a difference', '!(endpoint.resourceGroup != "rg-WEB")'],
    ['a resource group in a list', 'endpoint.resourceGroup in lists.groups'],
    ['lists that are joined', 'endpoint.resourceGroup in lists.groups + lists.owners'],
    ['a choice between texts', 'endpoint.resourceGroup == (consumer.approved > 1 ? "RG-WEB" : "x")'],
    ['a text put together', 'endpoint.name == "PE-" + target.name.substring(0, 0) + "Web"'],
    ['the beginning of a type', 'target.type.startsWith("Microsoft.KEYVAULT/")'],
    ['a regular expression on a name', 'endpoint.resourceGroup.matches("^RG-W[a-z]+$")'],
    ['a group id', 'connection.groupIds.exists(g, g == "GATEWAY")'],
    ['a status', 'connection.status == "PENDING"'],
    ['a tag name', 'has(target.tags.ENV) && target.tags.eNv == "prod" && target.tags["ENV"] == "prod"'],
    ['a tag name asked for with in', '"ENV" in target.tags'],
    ['a tag name found by a loop', 'target.tags.exists(name, name == "ENV")'],
    ['two facts', 'target.location == endpoint.location'],
    ['a part of an id', 'endpoint.id.split("/").exists(part, part == "Pe-Web")'],
    ['a part of an id by its place', 'endpoint.id.split("/")[4] == "RG-web"'],
    ['whatever sameId compares', 'sameId(target.tags.env, "PROD") && sameId(endpoint.name, "PE-web")'],
  ])('%s', (_, when) => {
    expect(outcomeOf(when, facts, lists)).toBe(true);
  });

  test.each<[string, string]>([
    ['a tag value', 'target.tags.env == "PROD"'],
    ['the request message', 'connection.message.contains("PLEASE")'],
    ['a tag value in a list', 'endpoint.tags.owner in lists.groups'],
  ])('%s is not among it', (_, when) => {
    expect(outcomeOf(when, facts, lists)).toBe(false);
  });

  test('a list keeps its case for what is compared with case', () => {
    expect(
      outcomeOf(
        'endpoint.tags.owner in lists.owners && endpoint.resourceGroup in lists.groups',
        facts,
        lists,
      ),
    ).toBe(true);
  });

  test.each<[string, string]>([
    ['a tag value beside an id', 'target.tags.env == endpoint.subscriptionId'],
    ['a list entry in a loop', 'lists.groups.exists(g, endpoint.resourceGroup == g)'],
    ['a tag value in a joined text', 'endpoint.name == "pe-" + endpoint.tags.owner'],
    ['a message that contains a name', 'connection.message.contains(endpoint.name)'],
  ])('%s would silently never match, so it is refused with a fix', (_, when) => {
    const [problem] = problemsOf(policyText([{ when }], lists));
    expect(problem?.message).toContain('add `.lowerAscii()`, or use `sameId(a, b)`');
  });

  test('the fix works', () => {
    expect(outcomeOf('lists.groups.exists(g, endpoint.resourceGroup == g.lowerAscii())', facts, lists)).toBe(
      true,
    );
    expect(outcomeOf('lists.groups.exists(g, sameId(endpoint.resourceGroup, g))', facts, lists)).toBe(true);
  });

  test('letters that only look like ASCII are not taken for it', () => {
    const odd: Facts = { ...facts, endpoint: { ...endpoint, resourceGroup: 'networ\u212a' } };
    expect(outcomeOf('endpoint.resourceGroup == "network"', odd)).toBe(false);
    expect(outcomeOf('sameId(endpoint.resourceGroup, "network")', odd)).toBe(false);
    expect(outcomeOf('glob(endpoint.resourceGroup, "network")', odd)).toBe(false);
    expect(outcomeOf('endpoint.resourceGroup.lowerAscii() == "network"', odd)).toBe(false);
    expect(outcomeOf('endpoint.resourceGroup.matches("network")', odd)).toEqual(
      expect.stringContaining('look like ASCII'),
    );
  });
});

describe('functions of our own', () => {
  test.each<[string, string, boolean]>([
    ['glob: * stays within a segment', 'glob("a/b", "*")', false],
    ['glob: ** crosses segments', 'glob("a/b", "**")', true],
    ['glob: ? is one character', 'glob("pe-1", "pe-?") && !glob("pe-12", "pe-?")', true],
    ['glob: the whole text must fit', 'glob("xpe-1", "pe-*")', false],
    [
      'glob: other characters are literal',
      'glob("a.b", "a.b") && !glob("axb", "a.b") && glob("[x](y)+", "[x](y)+")',
      true,
    ],
    ['glob: case does not matter', 'glob("PE-Web", "pe-WEB")', true],
    ['glob: patterns may stand in a list', 'lists.globs.exists(p, glob(endpoint.name, p))', true],
    ['ticket: found as a word', 'ticket(connection.message, "CHG[0-9]{7}")', true],
    [
      'ticket: not inside a longer word',
      'ticket("xCHG0012345", "CHG[0-9]{7}") || ticket("CHG00123456", "CHG[0-9]{7}")',
      false,
    ],
    ['ticket: case does not matter', 'ticket("for chg0012345.", "CHG[0-9]{7}")', true],
    ['ticket: alternatives stay together', 'ticket("zzz", "a|b") || ticket("xab", "a|b")', false],
    ['matches: found anywhere', 'connection.message.matches("CHG[0-9]+")', true],
    ['matches: with case', 'connection.message.matches("chg[0-9]+")', false],
    ['upperAscii', '"straße".upperAscii() == "STRAßE"', true],
  ])('%s', (_, when, expected) => {
    expect(outcomeOf(when, facts, { globs: ['nothing', 'PE-*'] })).toBe(expected);
  });

  test('a glob that the policy does not contain fails: what a requester wrote is never a pattern', () => {
    expect(outcomeOf('glob(endpoint.name, connection.message)', factsWith({ message: '*' }))).toBe(
      'glob() takes only patterns that the policy contains',
    );
  });

  test('the library’s backtracking engine is out of reach: what only it knows is refused', () => {
    for (const pattern of ['(?=x)', '(a)\\\\1', '(?<!x)y']) {
      expect(problemsOf(policyText([{ when: `connection.message.matches("${pattern}")` }]))).toHaveLength(1);
    }
  });

  test.each([
    '(a+)+$',
    '(a|a)*$',
    '(a|aa)+$',
    '(.*a){12}$',
    '([a-zA-Z]+)*$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    'a*a*a*a*a*a*b',
  ])('%s against a long hostile message ends', (pattern) => {
    const message = `${'a'.repeat(4_000)}!`;
    const yes = outcomeOf(`connection.message.matches("${pattern}") || true`, factsWith({ message }));
    expect(yes).toBe(true);
    expect(outcomeOf(`ticket(connection.message, "${pattern}") || true`, factsWith({ message }))).toBe(true);
  });

  test('a glob full of stars against a long hostile name ends', () => {
    const long: Facts = { ...facts, endpoint: { ...endpoint, name: 'a'.repeat(2_000) } };
    expect(outcomeOf(`glob(endpoint.name, "${'*a'.repeat(100)}b")`, long)).toBe(false);
  });
});

describe('lists', () => {
  test.each<[string, string]>([
    ['of text', '"x" in lists.texts && lists.texts.size() == 2'],
    ['of whole numbers', 'consumer.approved in lists.numbers'],
    ['of numbers', 'lists.fractions.exists(f, f > 1.4)'],
    ['that are empty', '!("x" in lists.none) && size(lists.none) == 0'],
  ])('%s', (_, when) => {
    expect(
      outcomeOf(when, facts, { texts: ['x', 'y'], numbers: [1, 2], fractions: [0.5, 1.5], none: [] }),
    ).toBe(true);
  });
});
