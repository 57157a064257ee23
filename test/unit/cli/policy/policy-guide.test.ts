import { openDiskAnnouncements } from '../../../../src/cli/expect/disk-announcements';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createNodeHost } from '../../../../src/cli/node-host';
import { diskOutputFiles } from '../../../../src/cli/disk-output-files';
import { runCli } from '../../../../src/cli/run-cli';
import { functions, methods } from '../../../../src/policy/cel/functions';
import { factRoots, fieldsOf, type FactField } from '../../../../src/policy/facts/fact-fields';
import { limitedKinds } from '../../../../src/policy/policy';
import { managedListKeys } from '../../../../src/policy/lists/list-schema';
import { policyFileSchema, ruleSchema } from '../../../../src/policy/file/policy-schema';
import { problemsOf } from '../../../support/samples/policy';

const root = join(__dirname, '../../../..');
const guide = readFileSync(join(root, 'docs/policy.md'), 'utf8');

/** The rows of a table below a heading, without its head. */
function rowsBelow(heading: string): string[] {
  const section = guide.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.replace(/ +/g, ' '));
}

const typeWords: Readonly<Record<FactField['type'], string>> = {
  string: 'text',
  bool: 'true or false',
  int: 'whole number',
  'list<string>': 'list of text',
  'map<string, string>': 'map of text',
  'google.protobuf.Timestamp': 'time',
};
const report = {
  policyPath: () => undefined,
  ledger: () => undefined,
  page: async () => '',
};
const notAsked = (): never => {
  throw new Error('Azure is not asked');
};
const cell = (text: string): string => text.replaceAll('|', '\\|');

describe('the policy guide', () => {
  test('has every fact as it is declared, and no other', () => {
    const wanted = factRoots.flatMap((name) =>
      Object.entries(fieldsOf(name)).map(
        ([field, { type, meaning, absent, cost, withoutCase }]) =>
          `| \`${name}.${field}\` | ${typeWords[type]} | ${cell(meaning)} | ${cell(absent)} | ${cost} | ${withoutCase ? 'without' : 'with'} |`,
      ),
    );
    expect(rowsBelow('Facts')).toEqual(wanted);
  });

  test('has every function as it is declared, and no other', () => {
    const wanted = [...Object.entries(functions), ...Object.entries(methods)].map(
      ([name, { usage, meaning }]) => `| \`${name}\` | \`${cell(usage)}\` | ${cell(meaning)} |`,
    );
    expect(rowsBelow('Functions')).toEqual(wanted);
  });

  test('has every key of a file and of a rule', () => {
    const keys = [...Object.keys(policyFileSchema.shape), ...Object.keys(ruleSchema.shape)].sort();
    const reported = rowsBelow('The file').map((row) => /^\| `(\w+)`/.exec(row)?.[1]);
    expect(reported.sort()).toEqual(keys);
  });

  test('has every key of a managed list', () => {
    const reported = rowsBelow('Managed lists').map((row) => /^\| `(\w+)`/.exec(row)?.[1]);
    expect(reported.sort()).toEqual([...managedListKeys].sort());
  });

  test('has every kind of limited write', () => {
    const reported = rowsBelow('Guards').map((row) => /^\| `(\w+)`/.exec(row)?.[1]);
    expect(reported).toEqual([...limitedKinds]);
  });

  const mistakes = [...guide.matchAll(/^\*\*(\d+\. .*?)\*\*\n\n```yaml\n([^]*?)```\n\n((?:>.*\n)+)/gm)].map(
    ([, title = '', text = '', reported = '']) => ({ title, text, reported }),
  );

  test('shows ten mistakes', () => {
    expect(mistakes).toHaveLength(10);
  });

  test.each(mistakes)('mistake $title says what the guide says', ({ text, reported }) => {
    const messages = problemsOf(text).map(
      ({ path, line, column, message }) => `> ${path}:${line}:${column}: ${message}\n`,
    );
    expect(messages.join('>\n')).toBe(reported);
  });

  const runs = [...guide.matchAll(/```console\n\$ npx postern (.*)\n([^]*?)```/g)].map(
    ([, command = '', output = '']) => ({ command, output }),
  );

  test('shows the output of the tools', () => {
    expect(runs.map(({ command }) => command.split(' ')[0])).toEqual([
      'explain',
      'validate',
      'test',
      'explain',
      'simulate',
    ]);
  });

  test.each(runs)('$command prints what the guide shows', async ({ command, output }) => {
    const both = new PassThrough();
    const host = createNodeHost({
      stdout: both,
      stderr: both,
      live: notAsked,
      livePolicy: notAsked,
      deployment: notAsked,
      doctorSources: notAsked,
      withOwnTypes: notAsked,
      announcements: openDiskAnnouncements,
      outputFiles: diskOutputFiles,
      typeInfos: notAsked,
      watch: notAsked,
      report,
    });
    const here = process.cwd();
    process.chdir(root);
    try {
      await runCli(command.split(' '), host);
    } finally {
      process.chdir(here);
    }
    expect(String(both.read())).toBe(output);
  });

  const files = [...guide.matchAll(/```yaml\n(version: 1\nmode[^]*?|facts:\n[^]*?)```/g)].map(
    ([, text]) => text,
  );

  test('shows the example files as they are', () => {
    const texts = ['policy.yaml', 'guarded.yaml', 'console.yaml', 'policy.cases.yaml'].map((name) =>
      readFileSync(join(root, 'docs/examples', name), 'utf8'),
    );
    expect(files).toEqual(texts);
  });
});

test('the shipped policy passes its own cases, which reach every rule', async () => {
  const output = new PassThrough();
  const host = createNodeHost({
    stdout: output,
    stderr: output,
    live: notAsked,
    livePolicy: notAsked,
    deployment: notAsked,
    doctorSources: notAsked,
    withOwnTypes: notAsked,
    announcements: openDiskAnnouncements,
    outputFiles: diskOutputFiles,
    typeInfos: notAsked,
    watch: notAsked,
    report,
  });
  expect(await runCli(['test', join(root, 'policies'), '--threshold', '100'], host)).toBe(0);
  expect(String(output.read())).toMatch(/^\d+ cases: \d+ passed, 0 failed\n/);
});
