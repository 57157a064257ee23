import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, visit } from 'yaml';
import { azCommandsIn, literalsIn } from '../../../scripts/docs/az-commands.mjs';
import { azProblems, isTopic } from '../../support/repo/az-help';
import { filesBelow } from '../../support/repo/files-below';
import { linesOf, markdownFiles, type MarkdownFile } from '../../support/repo/markdown';
import { projectRoot } from '../../support/repo/project';
import { createStubAz } from '../../support/repo/stub-az';

/** Shell text of a document: its code blocks, and what stands in backticks elsewhere. */
function shellIn(file: MarkdownFile): string {
  return linesOf(file)
    .map(({ text, isCode }) =>
      isCode ? text : [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code).join('\n'),
    )
    .join('\n');
}

/** Text of a file; of YAML its values, because a command may be folded over several lines. */
function textOf(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (!/\.ya?ml$/.test(path)) return literalsIn(text);
  const values: string[] = [];
  visit(parseDocument(text), { Scalar: (_, { value }) => void values.push(String(value)) });
  return values.join('\n');
}

const documents = markdownFiles().map((file) => ({ path: file.path, text: shellIn(file) }));
const others = ['.github', 'scripts', 'infra', 'src', 'dev', 'docs']
  .flatMap((folder) => filesBelow(join(projectRoot, folder)))
  .filter((path) => /\.(?:ya?ml|mjs|ts|bicep)$/.test(path))
  .map((path) => ({ path: path.slice(projectRoot.length + 1), text: textOf(path) }))
  .filter(({ path }) => path !== 'scripts/docs/az-commands.mjs');
/** In code and comments az is also a word of prose. */
const isProse = (path: string, word = ''): boolean => /\.(?:mjs|ts|bicep)$/.test(path) && !isTopic(word);

test.each(
  [...documents, ...others]
    .map(({ path, text }) => [path, text] as const)
    .filter(([, text]) => /\baz [a-z]/.test(text)),
)('%s uses the Azure CLI as its reference says', (path, text) => {
  const commands = azCommandsIn(text).filter(({ words: [first] }) => !isProse(path, first));
  expect(commands.flatMap(azProblems)).toEqual([]);
});

test('there are commands to check', () => {
  const all = documents.flatMap(({ text }) => azCommandsIn(text));
  expect(all.filter(({ options }) => options.length > 0).length).toBeGreaterThan(20);
});

test.each([
  [
    'az deployment sub create --location x --template-fil y',
    'az deployment sub create has no option --template-fil',
  ],
  ['az deployment sub create --template-file y', 'az deployment sub create needs --location or -l'],
  [
    'az deployment subs create --name x',
    'az deployment subs create is not in test/data/az-help.json: run scripts/az-help.mjs',
  ],
  ['az lock delet --name x', 'az lock delet is not in test/data/az-help.json: run scripts/az-help.mjs'],
])('what the Azure CLI does not know is found: %s', (text, problem) => {
  expect(azCommandsIn(text).flatMap(azProblems)).toEqual([problem]);
});

test.each([
  [
    'X=$(az group list --query "a | b" --out tsv | cat) && az lock list # az x',
    [['group', 'list'], ['lock', 'list'], ['x']],
  ],
  ['az rest \\\n  --method get --body "{\\"a\\": 1}" > x; az login', [['rest'], ['login']]],
  [
    'for k in a; do az policy x --n "p-$k" --p "$(az deployment mg show --name y)"\ndone',
    [
      ['policy', 'x'],
      ['deployment', 'mg', 'show'],
    ],
  ],
  ['see baz or /usr/bin/az or $az x', []],
])('commands are found in shell text: %j', (text, wanted) => {
  expect(azCommandsIn(text).map(({ words }) => words)).toEqual(wanted);
});

test('options are those of the command itself', () => {
  const [outer, inner] = azCommandsIn('az a b --one "$(az c --two \'x -z\' | grep -v y)" --three=4 -g 5');
  expect(outer?.options).toEqual(['--one', '--three', '-g']);
  expect(inner?.options).toEqual(['--two']);
});

test('a script that gives the Azure CLI what it does not know fails its test', () => {
  const az = createStubAz({ 'account show': [{ stdout: '{}' }] });
  const run = (...args: string[]): unknown => spawnSync('az', args, { env: { PATH: az.path } });
  run('account', 'show', '--output', 'none');
  expect(az.calls()).toEqual([['account', 'show', '--output', 'none']]);
  run('account', 'show', '--outptu', 'none');
  expect(() => az.calls()).toThrow('az account show has no option --outptu');
  expect(() => az.remove()).toThrow('--outptu');
});
