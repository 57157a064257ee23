import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { parse } from 'yaml';
import { commands } from '../../../../src/cli/run-cli';
import { formatsOf } from '../../../../src/cli/formats/formats';
import { githubText } from '../../../../src/cli/formats/github';
import { sarifLog } from '../../../../src/cli/formats/sarif';
import { tsvText } from '../../../../src/cli/formats/tsv';
import { runTool } from '../../../support/rigs/cli';

const policy = `version: 1
mode: enforce
lists:
  spare: [11111111-1111-4111-8111-111111111111]
rules:
  - name: zones
    effect: approve
    when: endpoint.subscriptionId == "11111111-1111-4111-8111-111111111111"
`;
const cases = `cases:
  - name: let in
    facts: { endpoint: { subscriptionId: 11111111-1111-4111-8111-111111111111 } }
    effect: approve
  - name: "100 %::error::forged, ##[group] <b>&"
    effect: reject
`;
const files = { 'p.yaml': policy, 'p.cases.yaml': cases, 'bad.yaml': 'version: 1\nrules: x' };
const run = (...args: readonly string[]) => runTool(args, { files });

test('json is what --json prints', async () => {
  expect(await run('validate', '--format', 'json', 'p.yaml')).toEqual(
    await run('validate', '--json', 'p.yaml'),
  );
  expect(await run('validate', '--format=json', 'p.yaml')).toEqual(await run('validate', '--json', 'p.yaml'));
});

test('text is the default', async () => {
  expect(await run('validate', 'p.yaml', '--format', 'text')).toEqual(await run('validate', 'p.yaml'));
});

test.each(['validate', 'test', 'types'])('yaml means the same as the JSON of %s', async (name) => {
  const paths = name === 'types' ? [] : ['p.yaml'];
  const json = await run(name, '--json', ...paths);
  const yaml = await run(name, '--format', 'yaml', ...paths);
  expect(parse(yaml.output.join('\n'))).toEqual(JSON.parse(json.output.join('\n')));
  expect(yaml.exitCode).toBe(json.exitCode);
});

test('yaml has no character that a terminal acts on, and no command of a pipeline', async () => {
  const name = 'evil \u001b[2J \u202e ##vso[task.complete] \u2028::error::x';
  const hostile = {
    'p.yaml': policy,
    'p.cases.yaml': `cases: [{ name: ${JSON.stringify(name)}, effect: hold }]`,
  };
  const { output } = await runTool(['test', 'p.yaml', '--format', 'yaml'], { files: hostile });
  expect(output.join('\n')).not.toMatch(/[\u001b\u202e\u2028]|##vso\[|^\s*::/m);
  expect((parse(output.join('\n')) as { cases: { name: string }[] }).cases[0]?.name).toBe(name);
});

test('tsv has a heading and a row for each entry', async () => {
  const { output } = await run('types', '--format', 'tsv', 'key-vault');
  const [heading = '', ...rows] = output.map((line) => line.split('\t'));
  expect(heading).toContain('type');
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toHaveLength(heading.length);
});

test('tsv of what was checked has a row for each case, whatever else the JSON lists', async () => {
  const { output } = await run('test', '--format', 'tsv', 'p.yaml');
  expect(output.map((line) => line.split('\t').slice(1, 3))).toEqual([
    ['name', 'outcome'],
    ['let in', 'passed'],
    ['100 %::error::forged, ##[group] <b>&', 'failed'],
    ['let in: no stranger', 'passed'],
  ]);
});

test('a value in tsv never ends its cell or its row', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ a: fc.string(), b: fc.string() }), { minLength: 1 }), (rows) => {
      const [heading, ...lines] = tsvText(rows).split('\n').slice(0, -1);
      expect(heading).toBe('a\tb');
      const read = lines.map((line) =>
        line
          .split('\t')
          .map((cell) => cell.replace(/\\(.)/g, (_all, letter: string) => unescaped[letter] ?? letter)),
      );
      expect(read).toEqual(rows.map(({ a, b }) => [a, b]));
    }),
  );
});
const unescaped: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

test('github annotates what is wrong, where it stands', async () => {
  expect(await run('validate', '--format', 'github', 'bad.yaml', 'p.yaml')).toEqual({
    exitCode: 1,
    errors: [],
    output: [
      expect.stringMatching(/^::error file=bad\.yaml,line=2,col=8,title=bad\.yaml%3A2%3A8::/),
      expect.stringMatching(/^::warning file=p\.yaml,line=4,col=3,title=p\.yaml%3A4%3A3::no condition reads/),
    ],
  });
});

test('a case with a hostile name is one annotation, and no other command', async () => {
  const { exitCode, output } = await run('test', '--format', 'github', 'p.yaml');
  expect(exitCode).toBe(1);
  expect(output).toHaveLength(1);
  expect(output[0]).toMatch(
    /^::error file=p\.cases\.yaml,line=5,title=100 %25%3A%3Aerror%3A%3Aforged%2C \\u\{23\}#\[group\]/,
  );
});

test('no text makes a second command', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, message) => {
      const text = githubText([{ suite: 's', name, outcome: 'failed', path: 'p', line: 1, message }]);
      expect(text.endsWith('\n')).toBe(true);
      expect(text.slice(0, -1)).not.toMatch(/[\n\r]/);
      expect(text).toMatch(/^::error file=p,line=1(,title=[^:,]*)?::/);
      expect(text.replace(/^::error [^:]*::/, '')).not.toMatch(/##\[|##vso\[/);
    }),
  );
});

test('junit is well-formed, whatever the names are', async () => {
  const { exitCode, output } = await run('test', '--format', 'junit', 'p.yaml');
  expect(exitCode).toBe(1);
  const xml = output.join('\n');
  const read = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml) as {
    testsuites: {
      testsuite: { tests: string; failures: string; testcase: { name: string; failure?: object }[] };
    };
  };
  const { tests, failures, testcase } = read.testsuites.testsuite;
  expect([tests, failures]).toEqual(['3', '1']);
  expect(testcase.filter(({ failure }) => failure !== undefined).map(({ name }) => name)).toEqual([
    '100 %::error::forged, ##[group] <b>&',
  ]);
});

test('sarif names rules, levels and places', async () => {
  const { output } = await run('validate', '--format', 'sarif', 'bad.yaml', 'p.yaml');
  const log = JSON.parse(output.join('\n')) as { version: string; runs: { results: object[] }[] };
  expect(log.version).toBe('2.1.0');
  expect(log.runs[0]?.results).toEqual([
    {
      ruleId: 'problem',
      level: 'error',
      message: { text: expect.stringContaining('rules') as string },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'bad.yaml' },
            region: { startLine: 2, startColumn: 8 },
          },
        },
      ],
    },
    expect.objectContaining({ ruleId: 'warning', level: 'warning' }),
  ]);
});

test.each([
  ['a#b/q?.yaml', 'a%23b/q%3F.yaml'],
  ['a b\\c.yaml', 'a%20b/c.yaml'],
  ['/etc/p.yaml', 'file:///etc/p.yaml'],
  ['https://a.example/p.yaml', 'https://a.example/p.yaml'],
])('the path %s is %s in sarif', (path, uri) => {
  const item = { suite: path, name: 'n', outcome: 'failed' as const, path };
  expect(sarifLog([item])).toMatchObject({
    runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri } } }] }] }],
  });
});

test('a policy that does not load has no result to print: standard error says why', async () => {
  const { exitCode, output, errors } = await run(
    'test',
    '--format',
    'junit',
    '--cases',
    'p.cases.yaml',
    'bad.yaml',
  );
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: [] });
  expect(errors.at(-1)).toBe('bad.yaml does not load: 1 problem');
});

test.each([
  [['validate', '--format', 'xml'], /^There is no format "xml": /],
  [['validate', '--format'], /^There is no format ""/],
  [['types', '--format', 'junit'], /^There is no format "junit"/],
  [['validate', '--format', 'yaml', '--json', 'p.yaml'], /^pass --format or --json, not both$/],
])('%j is wrong usage', async (args, message) => {
  const { exitCode, errors } = await run(...args);
  expect(exitCode).toBe(2);
  expect(errors[0]).toMatch(message);
});

test('every tool with JSON output has the plain formats, unless it names its own', () => {
  const own = [...commands]
    .filter(([, { options }]) => options['format'] !== undefined)
    .map(([name]) => name);
  expect(own).toEqual(['simulate']);
  for (const [name, command] of commands)
    expect([name, formatsOf(command).includes('yaml')]).toEqual([
      name,
      !['simulate', 'completion'].includes(name),
    ]);
});
