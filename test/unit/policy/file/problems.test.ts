import { loadPolicy } from '../../../../src/policy/compile-policy';
import { problemsOf } from '../../../support/samples/policy';

/** Puts lines below a head that is right; the head has two lines. */
function file(...lines: string[]): string {
  return ['version: 1', 'mode: enforce', ...lines, ''].join('\n');
}

/** A rule around one condition line; the condition stands on line 6, from column 11 on. */
function ruleWhen(when: string, ...after: string[]): string {
  return file('rules:', '  - name: one', '    effect: hold', `    when: ${when}`, ...after);
}

/** `found` is the text at the problem's place. */
type Case = [sentence: string, text: string, line: number, found: string, message: string];

function checkOne(text: string, line: number, found: string, message: string): void {
  const problems = problemsOf(text);
  expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  const [problem] = problems;
  const source = text.split('\n')[(problem?.line ?? 0) - 1] ?? '';
  const column = problem?.column ?? 0;
  expect({
    line: problem?.line,
    found: source.slice(column - 1, column - 1 + (problem?.length ?? 0)),
  }).toEqual({ line, found });
}

describe('YAML', () => {
  test.each<Case>([
    ['a key that is there twice', file('mode: audit'), 3, 'm', 'this key appears twice: keep one'],
    ['a tab', 'version: 1\nlists:\n\ta: [x]\n', 3, '\t', 'this line is indented with a tab: use spaces'],
    ['a second document', 'version: 1\n---\nversion: 1\n', 2, '---', 'keep one document in a file'],
    [
      'an alias',
      file('lists:', '  a: &a [x]', '  b: *a'),
      5,
      '*a',
      'aliases are not supported: write the value out',
    ],
    ['a tag', file('lists:', '  a: [!!str x]'), 4, 'x', 'tags are not supported'],
    [
      'another YAML',
      '%YAML 1.1\n---\nversion: 1\n',
      1,
      '%YAML',
      'YAML 1.1 reads words such as `on` as booleans',
    ],
    ['a key that is no text', file('5: x'), 3, '5', 'a key must be text: put it in quotes'],
    ['a key that is a list', file('? [a]', ': x'), 3, '[a]', 'a key must be plain text'],
    ['a condition that begins with !', ruleWhen('!(true)'), 6, '!(true)', 'put the whole value in quotes'],
    [
      'a condition that begins with a text',
      ruleWhen('"a" == connection.name'),
      6,
      '== connection.name',
      'put the whole value in quotes',
    ],
    [
      'a condition with a colon',
      ruleWhen('target.tags.env == "a: b"'),
      6,
      't',
      'YAML reads `: ` in this value as a key',
    ],
    ['a text that is not closed', 'version: 1\nmode: "x', 2, '', 'not closed'],
  ])('%s', (_, text, line, found, message) => {
    const problems = problemsOf(text);
    expect(problems.map((problem) => problem.message)).toContainEqual(expect.stringContaining(message));
    const problem = problems.find((candidate) => candidate.message.includes(message));
    expect(problem?.line).toBe(line);
    if (problems.length === 1) checkOne(text, line, found, message);
  });

  test('a file that is nested too deeply is refused, not a crash', () => {
    expect(problemsOf(`a: ${'['.repeat(20_000)}`).length).toBeGreaterThan(0);
    expect(problemsOf(`a: ${'{a: '.repeat(20_000)}`).length).toBeGreaterThan(0);
  });

  test('a file that is too large is not even parsed', () => {
    expect(problemsOf(`version: 1 #${'x'.repeat(1024 * 1024)}`)).toEqual([
      {
        path: 'policy.yaml',
        line: 1,
        column: 1,
        length: 1,
        message: 'the file is larger than 1024 KiB: split it',
      },
    ]);
  });
});

describe('the form of a file', () => {
  test.each<Case>([
    ['no version', 'mode: enforce\n', 1, 'mode', 'begin it with `version: 1`'],
    ['an empty file', '', 1, '', 'begin it with `version: 1`'],
    ['only comments', '# nothing\n', 1, '#', 'begin it with `version: 1`'],
    ['another version', 'version: 2\n', 1, '2', 'unknown version: this Postern reads `version: 1`'],
    [
      'a file that is a list',
      '- a\n',
      1,
      '- a',
      'a policy file is a map of `version`, `mode`, `limits`, `console`, `tenants`, `lists` and `rules`',
    ],
    [
      'a mode that is misspelt',
      'version: 1\nmode: enforced\n',
      2,
      'enforced',
      'unknown mode `enforced`: did you mean `enforce`?',
    ],
    ['a mode that is unknown', 'version: 1\nmode: dry-run\n', 2, 'dry-run', 'there are `enforce`, `audit`'],
    ['a mode left empty', 'version: 1\nmode:\n', 2, '', '`mode` is empty: write enforce or audit'],
    ['a key that is misspelt', file('rule: []'), 3, 'rule', 'unknown key `rule`: did you mean `rules`?'],
    [
      'a key that is unknown',
      file('banana: 1'),
      3,
      'banana',
      'there are `version`, `mode`, `limits`, `console`, `tenants`, `lists`, `rules`',
    ],
    [
      'rules that are no list',
      file('rules: 5'),
      3,
      '5',
      '`rules` must be a list: begin each rule with `- name:`',
    ],
    ['lists that are a list', file('lists: [a]'), 3, '[a]', '`lists` must map names to lists'],
    ['a list that is none', file('lists:', '  a: x'), 4, 'x', 'a list must be a list'],
    [
      'a list with text and numbers',
      file('lists:', '  a: [x, 5]'),
      4,
      '5',
      'mixes text and numbers: put the numbers in quotes',
    ],
    [
      'a list with numbers and text',
      file('lists:', '  a: [5, x]'),
      4,
      'x',
      'mixes text and numbers: put the numbers in quotes',
    ],
    [
      'a list with something else',
      file('lists:', '  a: [x, true]'),
      4,
      'true',
      'an entry must be text or a number: put it in quotes',
    ],
    ['a list with an empty text', file('lists:', '  a: [x, ""]'), 4, '""', 'an entry is empty: remove it'],
    [
      'a list name that is no identifier',
      file('lists:', '  a-b: [x]'),
      4,
      'a-b',
      'a list name has 1 to 64 letters, digits and underscores',
    ],
    [
      'a list that JavaScript would lose',
      file('lists:', '  __proto__: [x]'),
      4,
      '__proto__',
      'nothing in a policy can be called `__proto__`',
    ],
    ['a list name that is a word of CEL', file('lists:', '  in: [x]'), 4, 'in', 'is not a CEL keyword'],
    [
      'two lists of one name in other case',
      file('lists:', '  a: [x]', '  A: [x]'),
      5,
      'A',
      'the list `A` is already in policy.yaml:4',
    ],
  ])('%s', (_, text, line, found, message) => checkOne(text, line, found, message));
});

describe('the form of a rule', () => {
  const rule = (...lines: string[]): string =>
    file('rules:', '  - name: one', ...lines.map((line) => `    ${line}`));
  const good = ['effect: hold', 'when: "true"'];
  test.each<Case>([
    [
      'no name',
      file('rules:', '  - effect: hold', '    when: "true"'),
      4,
      'effect',
      'the rule has no `name`: give it one',
    ],
    [
      'a name with blanks',
      file('rules:', '  - name: a b', '    effect: hold', '    when: "true"'),
      4,
      'a b',
      'a rule name has 1 to 64 letters',
    ],
    ['a rule that is a text', file('rules:', '  - approve'), 4, 'approve', 'expected object'],
    [
      'no effect',
      rule('when: "true"'),
      4,
      'name',
      'the rule has no `effect`: write approve, reject, delete or hold',
    ],
    [
      'an effect that is misspelt',
      rule('effect: aprove', 'when: "true"'),
      5,
      'aprove',
      'unknown effect `aprove`: did you mean `approve`?',
    ],
    [
      'an effect that is unknown',
      rule('effect: allow', 'when: "true"'),
      5,
      'allow',
      'there are `approve`, `reject`, `delete`, `hold`',
    ],
    [
      'a key that is misspelt',
      rule('efect: hold', ...good),
      5,
      'efect',
      'unknown key `efect`: did you mean `effect`?',
    ],
    [
      'a misspelt key that leaves a missing one: one problem, not two',
      rule('efect: hold', 'when: "true"'),
      5,
      'efect',
      'unknown key `efect`: did you mean `effect`?',
    ],
    ['no condition', rule('effect: hold'), 4, 'name', 'the rule has no `when`: write a condition'],
    [
      'an empty condition',
      rule('effect: hold', "when: ''"),
      6,
      "''",
      '`when` is empty: write a condition, or `when: "true"`',
    ],
    [
      'a condition that YAML takes for a boolean',
      rule('effect: hold', 'when: true'),
      6,
      'true',
      '`when` must be a condition in quotes',
    ],
    [
      'a condition that is too long',
      rule('effect: hold', `when: "${'x'.repeat(5_000)}"`),
      6,
      `"${'x'.repeat(5_000)}"`,
      '`when` is longer than 4096 characters',
    ],
    [
      'a reason that is too long',
      rule(...good, `reason: ${'x'.repeat(300)}`),
      7,
      'x'.repeat(300),
      '`reason` is longer than 256 characters',
    ],
    [
      'a reason of two lines',
      rule(...good, 'reason: "a\\nb"'),
      7,
      '"a\\nb"',
      '`reason` must be one line of visible text',
    ],
    [
      'a reason that turns text around',
      rule(...good, 'reason: "a\\u202eb"'),
      7,
      '"a\\u202eb"',
      '`reason` must be one line of visible text',
    ],
    [
      'a reason that is a number',
      rule(...good, 'reason: 5'),
      7,
      '5',
      '`reason` must be text: put it in quotes',
    ],
    ['no status', rule(...good, 'on: []'), 7, '[]', '`on` is empty: write `on: [Pending]`, or remove it'],
    [
      'a status that is misspelt',
      rule(...good, 'on: [Pendng]'),
      7,
      'Pendng',
      'unknown status `Pendng`: did you mean `Pending`?',
    ],
    [
      'a single status that is misspelt',
      rule(...good, 'on: Aproved'),
      7,
      'Aproved',
      'did you mean `Approved`?',
    ],
    [
      'a status that is no word',
      rule(...good, 'on: [Pending, "a b"]'),
      7,
      '"a b"',
      'is not a connection status',
    ],
    [
      'a status that is a number',
      rule(...good, 'on: [5]'),
      7,
      '5',
      'a status is one word, such as `Pending`',
    ],
    ['statuses that are something else', rule(...good, 'on: {a: b}'), 7, '{a: b}', 'write `on: [Pending]`'],
    [
      'two rules of one name',
      file(
        'rules:',
        '  - {name: a, effect: hold, when: "true"}',
        '  - {name: A, effect: hold, when: "true"}',
      ),
      5,
      'A',
      'a rule named `A` is already in policy.yaml:4: keep one of them',
    ],
  ])('%s', (_, text, line, found, message) => {
    checkOne(text, line, found, message);
  });

  test('only a rule that approves can approve anyone', () => {
    checkOne(
      rule(...good, 'approvesAnyone: true'),
      7,
      'approvesAnyone',
      'only a rule that approves can approve anyone, but this rule has `effect: hold`: remove `approvesAnyone`',
    );
  });

  test.each<[string, string, string]>([
    ['approve', 'Approved', 'an Approved connection is already approved'],
    ['approve', 'Disconnected', 'Azure does not approve a connection that is Disconnected'],
    ['approve', 'Timeout', 'Azure does not approve a connection that is Timeout'],
    ['reject', 'Rejected', 'a Rejected connection is already rejected'],
    [
      'reject',
      'Disconnected',
      'Azure does not reject a connection that is Disconnected: use `effect: delete`',
    ],
  ])('a rule that would %s what is %s is refused, because no provider does it', (effect, status, message) => {
    const text = file(
      'rules:',
      '  - name: one',
      `    effect: ${effect}`,
      `    on: [Pending, ${status}]`,
      '    when: "true"',
    );
    if (effect === 'approve' || effect === 'reject') checkOne(text, 6, status, message);
  });

  test.each([
    ['approve', '[Pending, Rejected]'],
    ['reject', '[Pending, approved]'],
    ['delete', '[Pending, Approved, Rejected, Disconnected, Timeout]'],
    ['hold', '[Pending, Approved, Rejected, Disconnected, Timeout]'],
  ])('a rule may %s what is %s', (effect, on) => {
    expect(
      problemsOf(
        file('rules:', '  - name: one', `    effect: ${effect}`, `    on: ${on}`, '    when: "true"'),
      ),
    ).toEqual([]);
  });
});

describe('a condition', () => {
  test.each<Case>([
    ['one = too few', ruleWhen('connection.name = "a"'), 6, '=', 'write `==` to compare'],
    ['one & too few', ruleWhen('connection.name == "a" & true'), 6, '&', 'write `&&` for and'],
    ['the word and', ruleWhen('connection.name == "a" and true'), 6, 'and', 'write `&&` instead of `and`'],
    ['the word or', ruleWhen('connection.name == "a" or true'), 6, 'or', 'write `||` instead of `or`'],
    ['the word not', ruleWhen('not == 1'), 6, 'not', 'write `!` instead of `not`'],
    ['a text that is not closed', ruleWhen('connection.name == "a'), 6, '"a', 'this text is not closed'],
    [
      'a text that YAML cut at #',
      ruleWhen('connection.message == "for #5"'),
      6,
      '"for',
      'in unquoted YAML, ` #` begins a comment',
    ],
    ['a bracket that is not closed', ruleWhen('(connection.name == "a"'), 6, '', '`)` is missing at the end'],
    ['an end that comes too early', ruleWhen('connection.name =='), 6, '', 'ends too early'],
    [
      'an unknown fact',
      ruleWhen('connection.statu == "a"'),
      6,
      'statu',
      '`connection` has no `statu`: did you mean `status`?',
    ],
    [
      'an unknown fact inside has()',
      ruleWhen('has(target.tgas.env)'),
      6,
      'tgas',
      '`target` has no `tgas`: did you mean `tags`?',
    ],
    [
      'a fact of another part',
      ruleWhen('connection.location == "a"'),
      6,
      'location',
      '`connection` has no `location`: there are `id`',
    ],
    [
      'an unknown part',
      ruleWhen('endpont.name == "a"'),
      6,
      'endpont',
      'unknown name `endpont`: did you mean `endpoint`?',
    ],
    [
      'a fact without its part',
      ruleWhen('subscriptionId == "a"'),
      6,
      'subscriptionId',
      'did you mean `endpoint.subscriptionId`?',
    ],
    [
      'a text without quotes',
      ruleWhen('connection.name == abc'),
      6,
      'abc',
      'unknown name `abc`: put text in quotes',
    ],
    [
      'a list without its part',
      file('lists: {zones: [a]}', 'rules:', '  - {name: a, effect: hold, when: connection.name in zones}'),
      5,
      'zones',
      'did you mean `lists.zones`?',
    ],
    [
      'an unknown list',
      file(
        'lists: {zones: [a]}',
        'rules:',
        '  - {name: a, effect: hold, when: connection.name in lists.zone}',
      ),
      5,
      'zone',
      'unknown list `zone`: did you mean `zones`?',
    ],
    [
      'a list where there are none',
      ruleWhen('connection.name in lists.zones'),
      6,
      'zones',
      'unknown list `zones`: there are none',
    ],
    ['a part used whole', ruleWhen('endpoint == "x"'), 6, 'endpoint', '`endpoint` is not a value'],
    [
      'brackets for a dot',
      ruleWhen('target["tags"].env == "a"'),
      6,
      'target["tags"]',
      'use a dot: write `target.<name>`',
    ],
    [
      'a variable named like a fact',
      ruleWhen('connection.groupIds.exists(target, target == "a")'),
      6,
      'target',
      'give the variable another name',
    ],
    ['has() of something else', ruleWhen('has(endpoint)'), 6, 'has(endpoint)', '`has()` takes one fact'],
    [
      'null',
      ruleWhen('endpoint.location == null'),
      6,
      'endpoint.location == null',
      'a fact is never null (string == null): use `has(…)` to check',
    ],
    [
      'types that do not fit',
      ruleWhen('consumer.approved > "5"'),
      6,
      'consumer.approved > "5"',
      'these do not go together: int > string',
    ],
    [
      'a text in a text',
      ruleWhen('"a" in connection.message').replace('"a"', '\'"a"').replace('message', "message'"),
      6,
      '"a" in connection.message',
      'write `text.contains("part")`',
    ],
    [
      'a condition that yields no truth',
      ruleWhen('size(connection.message)'),
      6,
      'size(connection.message)',
      'yields int, not true or false',
    ],
    [
      'a condition that yields text',
      ruleWhen('connection.name'),
      6,
      'connection.name',
      'yields string, not true or false',
    ],
    [
      'a text where truth is wanted',
      ruleWhen('connection.name && true'),
      6,
      'connection.name && true',
      "got 'string': compare it with something",
    ],
    [
      'an unknown function',
      ruleWhen('sameid(connection.name, "a")'),
      6,
      'sameid',
      'unknown function `sameid`: did you mean `sameId`?',
    ],
    [
      'an unknown method',
      ruleWhen('connection.name.startWith("a")'),
      6,
      'startWith',
      'unknown function `startWith`: did you mean `startsWith`?',
    ],
    [
      'a method called like a function',
      ruleWhen('contains(connection.name, "a")'),
      6,
      'contains',
      'call it on the text: `text.contains("x")`',
    ],
    [
      'a function called like a method',
      ruleWhen('connection.name.glob("a")'),
      6,
      'glob',
      'write `glob(text, "pe-*")`',
    ],
    [
      'a function that turns checking off',
      ruleWhen('dyn(connection.name) == 1'),
      6,
      'dyn',
      'unknown function `dyn`',
    ],
    [
      'wrong arguments',
      ruleWhen('connection.name.contains(5)'),
      6,
      'connection.name.contains(5)',
      'wrong arguments',
    ],
    [
      'wrong arguments of a pattern',
      ruleWhen('consumer.approved.matches("a")'),
      6,
      'consumer.approved.matches("a")',
      "wrong arguments: found no matching overload for 'int.matches(string)'",
    ],
    [
      'days',
      ruleWhen('connection.firstSeen < now - duration("7d")'),
      6,
      '"7d"',
      'write hours, minutes or seconds, such as "168h"',
    ],
    [
      'a duration that a requester wrote',
      ruleWhen('duration(connection.message) > duration("1h")'),
      6,
      'duration(connection.message)',
      'takes only a literal',
    ],
    [
      'a timestamp that is none',
      ruleWhen('now < timestamp("2026-13-01")'),
      6,
      '"2026-13-01"',
      'write it like "2026-01-31T00:00:00Z"',
    ],
    [
      'a pattern that RE2 does not read',
      ruleWhen('connection.message.matches("(?=a)")'),
      6,
      '"(?=a)"',
      'not a valid RE2 regular expression',
    ],
    [
      'a pattern that a requester wrote',
      ruleWhen('connection.name.matches(connection.message)'),
      6,
      'connection.name.matches(connection.message)',
      'the pattern must be a literal',
    ],
    [
      'a ticket pattern that RE2 does not read',
      ruleWhen('ticket(connection.message, "a)|(b")'),
      6,
      '"a)|(b"',
      'not a valid RE2 regular expression',
    ],
    [
      'a pattern that is too large',
      ruleWhen('connection.message.matches("(?:a{30}){30}b{500}")'),
      6,
      '"(?:a{30}){30}b{500}"',
      'the pattern is too large',
    ],
    [
      'too many steps',
      ruleWhen('target.tags.all(a, target.tags.all(b, target.tags.all(c, a == c)))'),
      6,
      'target.tags.all(a, target.tags.all(b, target.tags.all(c, a == c)))',
      'nest fewer loops',
    ],
    [
      'a text that is joined too often',
      ruleWhen(`${'connection.message + '.repeat(17)}"" == "x"`),
      6,
      `${'connection.message + '.repeat(17)}"" == "x"`,
      'this can build a text of more than 65536',
    ],
    ['loops that make texts grow', ruleWhen(`'${growing(12)}'`), 6, growing(12), 'nest fewer loops'],
    [
      'brackets without end',
      ruleWhen(`${'('.repeat(60)}true${')'.repeat(60)}`),
      6,
      '(',
      'the condition is too large',
    ],
  ])('%s', (_, text, line, found, message) => checkOne(text, line, found, message));

  test.each<[string, string, number, number]>([
    [
      'a folded block',
      file(
        'rules:',
        '  - name: one',
        '    effect: hold',
        '    when: >-',
        '      true &&',
        '      lists.x == "y"',
      ),
      8,
      13,
    ],
    [
      'a literal block with its own indent',
      file(
        'rules:',
        '  - name: one',
        '    effect: hold',
        '    when: |2',
        '         true &&',
        '',
        '           lists.x == "y"',
      ),
      9,
      18,
    ],
    [
      'a double-quoted scalar with escapes',
      ruleWhen('"connection.message != \\"\\x41\\u0042\\t\\" && lists.x == true"'),
      6,
      60,
    ],
    ['a double-quoted scalar over two lines', ruleWhen('"true &&\\', '', '       lists.x == true"'), 8, 14],
    ['a single-quoted scalar with quotes inside', ruleWhen("'''a'' == \"a\" && lists.x == true'"), 6, 34],
    ['a plain scalar over two lines', ruleWhen('true &&', '      lists.x == true'), 7, 13],
    [
      'a file with Windows line ends',
      ruleWhen('>-', '      true &&', '      lists.x == true').replaceAll('\n', '\r\n'),
      8,
      13,
    ],
    ['a line after an emoji', ruleWhen("\"'🚪' == '🚪' && lists.x == true\""), 6, 34],
  ])('%s: the place is exact', (_, text, line, column) => {
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({ line, column, length: 1, message: 'unknown list `x`: there are none' }),
    ]);
  });
});

test('every problem of every file is reported at once, in the order of files and lines', () => {
  const load = loadPolicy([
    { path: 'b.yaml', text: 'version: 1\nmode: audit\nrules:\n  - {name: One, effect: hold, when: foo()}\n' },
    {
      path: 'a.yaml',
      text: 'version: 3\nmode: enforce\nrules:\n  - {name: one, efect: hold, when: bar()}\n',
    },
  ]);
  expect(load.kind === 'refused' && load.problems.map(({ path, line }) => `${path}:${line}`)).toEqual([
    'a.yaml:1',
    'a.yaml:4',
    'a.yaml:4',
    'b.yaml:2',
    'b.yaml:4',
    'b.yaml:4',
  ]);
});

test('a file that cannot be read does not make the lists of others unknown twice', () => {
  const load = loadPolicy([
    { path: 'lists.yaml', text: 'version: 1\nlists: {a: [x]\n' },
    {
      path: 'rules.yaml',
      text: 'version: 1\nrules:\n  - {name: one, effect: hold, when: connection.name in lists.a}\n',
    },
  ]);
  expect(load.kind === 'refused' && load.problems.every(({ path }) => path === 'lists.yaml')).toBe(true);
});

test('no policy file is a problem, not a policy that holds everything', () => {
  const load = loadPolicy([{ path: 'default.cases.yaml', text: 'version: 1' }]);
  expect(load.kind === 'refused' && load.problems[0]?.message).toContain('there is no policy file');
});

/** Nested loops, each of which doubles a text. */
function growing(depth: number): string {
  const start = 'connection.message';
  const open = Array.from(
    { length: depth },
    (_, i) => `[${i === 0 ? start : `v${i - 1}`}+${i === 0 ? start : `v${i - 1}`}].exists(v${i}, `,
  );
  return `${open.join('')}v${depth - 1} == ""${')'.repeat(depth)}`;
}
