import { loadPolicy } from '../../../../src/policy/compile-policy';
import { isPolicyPath, isTestCasesPath } from '../../../../src/policy/file/policy-files';

/** What is said of files with these texts, named a.yaml, b.yaml and so on. */
function saidOf(...texts: readonly string[]): readonly string[] {
  const files = texts.map((text, index) => ({
    path: `${'abc'.charAt(index)}.yaml`,
    text: `version: 1\n${text}`,
  }));
  const load = loadPolicy(files);
  if (load.kind === 'loaded') return [];
  return load.problems.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`);
}
const rule = (name: string): string => `rules:\n  - {name: ${name}, effect: hold, when: "true"}`;

test.each<[string, readonly string[], readonly string[]]>([
  ['mode', ['mode: audit', 'mode: audit'], ['b.yaml:2:7: `mode` is already in a.yaml:2: keep one of them']],
  [
    'limits',
    ['limits: {rejects: {perHour: 1}}', 'limits: {deletes: {perHour: 1}}'],
    ['b.yaml:2:1: `limits` are already in a.yaml:2: keep one of them'],
  ],
  [
    'list, whatever its casing',
    ['lists: {ab: [x]}', 'lists: {AB: [x]}', 'lists: {Ab: [x]}'],
    [
      'b.yaml:2:9: the list `AB` is already in a.yaml:2: keep one of them',
      'c.yaml:2:9: the list `Ab` is already in a.yaml:2: keep one of them',
    ],
  ],
  [
    'rule, whatever its casing',
    [rule('ab'), rule('AB'), rule('ab')],
    [
      'b.yaml:3:12: a rule named `AB` is already in a.yaml:3: keep one of them',
      'c.yaml:3:12: a rule named `ab` is already in a.yaml:3: keep one of them',
    ],
  ],
])('what several files say of the same %s is said with the first place', (_, texts, said) => {
  expect(saidOf(...texts)).toEqual(said);
});

test('a long name is cut in what is said of it', () => {
  const name = 'a'.repeat(80);
  expect(saidOf(rule(name), rule(name)).at(-1)).toContain(`named \`${'a'.repeat(64)}\` is`);
});

test('a file that states something does not keep another one from stating something else', () => {
  expect(saidOf('mode: audit', 'limits: {rejects: {perHour: 1}}', rule('a'))).toEqual([]);
});

test('a list that cannot be read may be the one that a rule of another file reads', () => {
  const reads = 'rules:\n  - {name: a, effect: hold, when: "endpoint.name in lists.names"}';
  const said = saidOf(reads, 'mode: no\nlists:\n  names: x');
  expect(said.filter((problem) => problem.startsWith('a.yaml'))).toEqual([]);
  const known = saidOf(reads, 'mode: no\nlists:\n  other: [x]');
  expect(known.filter((problem) => problem.startsWith('a.yaml'))).toHaveLength(1);
});

test('a file may be as large as the limit', () => {
  const text = `#${'x'.repeat(1024 * 1024 - 'version: 1\n#'.length)}`;
  expect(saidOf(text)).toEqual([]);
  expect(saidOf(`${text}x`)).toEqual(['a.yaml:1:1: the file is larger than 1024 KiB: split it']);
});

test('of one file twenty problems of YAML are told', () => {
  expect(saidOf(Array.from({ length: 30 }, (_, index) => `${index}: x`).join('\n'))).toHaveLength(20);
});

test.each<[string, readonly string[]]>([
  [
    'rules:\n  - {name: , effect: hold, when: "true"}',
    ['the rule has no `name`: give it one, such as `name: landing-zones`'],
  ],
  [
    'rules:\n  - {name: a, effect: hold, when: "  "}',
    ['`when` is empty: write a condition, or `when: "true"` to match every connection'],
  ],
  [
    `rules:\n  - {name: a, effect: ${'x'.repeat(70)}, when: "true"}`,
    [`unknown effect \`${'x'.repeat(64)}\`: there are \`approve\`, \`reject\`, \`delete\`, \`hold\``],
  ],
  [
    `${'x'.repeat(70)}: 1`,
    [
      `unknown key \`${'x'.repeat(64)}\`: there are \`version\`, \`mode\`, \`limits\`, \`console\`, \`tenants\`, \`lists\`, \`rules\``,
    ],
  ],
])('%j is told once and in short', (text, said) => {
  expect(saidOf(text).map((problem) => problem.replace(/^\S+ /, ''))).toEqual(said);
});

test('a file is of a policy by the end of its name', () => {
  expect(['a.yaml', 'b/a.YML', 'cases.yaml'].every(isPolicyPath)).toBe(true);
  expect(['a.yaml.bak', 'ayaml', 'a.cases.yaml', 'a.tests.yml'].some(isPolicyPath)).toBe(false);
  expect(['a.cases.yaml', 'a.TESTS.yml'].every(isTestCasesPath)).toBe(true);
  expect(['a.cases.yaml.bak', 'acases.yaml', 'a.cases.json'].some(isTestCasesPath)).toBe(false);
});
