// Records what the Azure CLI's reference says of the commands that docs, workflows, scripts and messages name.
//
//   node scripts/az-help.mjs CLONE      CLONE is a clone of https://github.com/MicrosoftDocs/azure-docs-cli
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { azCommandsIn, literalsIn } from './docs/az-commands.mjs';
import { commandsIn } from './docs/az-reference.mjs';

const [clone] = process.argv.slice(2);
if (clone === undefined) throw new Error('Name a clone of MicrosoftDocs/azure-docs-cli');
const root = 'docs-ref-autogen/Latest-version/latest';
const git = (...args) =>
  execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
const files = new Set(git('ls-tree', '-r', '--name-only', 'HEAD', root).split('\n'));

const named = execFileSync(
  'git',
  [
    'grep',
    '-lIE',
    String.raw`\baz [a-z]`,
    '--',
    'README.md',
    'docs',
    '.github',
    'scripts',
    'infra',
    'src',
    'dev',
  ],
  { encoding: 'utf8' },
);
const found = new Set();
for (const path of named.trim().split('\n')) {
  const code = await readFile(path, 'utf8');
  for (const { words } of azCommandsIn(`${code}\n${literalsIn(code)}`)) {
    for (let count = 1; count <= words.length; count += 1) found.add(words.slice(0, count).join(' '));
  }
}

// Whole groups, so that a document can name another command of one without a clone at hand.
const groups = {};
for (const name of [...found].sort()) {
  const group = name.includes(' ') ? name.slice(0, name.lastIndexOf(' ')) : '';
  const path = `${root}/${group === '' ? 'reference-index' : group.replaceAll(' ', '/')}.yml`;
  if (!files.has(path) || group in groups) continue;
  const all = commandsIn(git('show', `HEAD:${path}`));
  if (name in all) groups[group] = all;
}
const commands = Object.assign({}, ...Object.values(groups));
const everywhere = Object.values(commands)
  .map(({ options }) => new Set(options))
  .reduce((all, options) => new Set([...all].filter((one) => options.has(one))));
for (const one of Object.values(commands))
  one.options = one.options.filter((option) => !everywhere.has(option));
const source = {
  repository: 'https://github.com/MicrosoftDocs/azure-docs-cli',
  commit: git('rev-parse', 'HEAD').trim(),
  date: git('log', '-1', '--format=%cs').trim(),
  license: 'CC-BY-4.0: names of commands and options of Microsoft’s Azure CLI reference',
};
// The first words of all commands, by which prose is told from a command.
const topics = [...files]
  .map((path) => new RegExp(`^${root}/([a-z0-9-]+)(?:/|\\.yml$)`).exec(path)?.[1])
  .filter((name) => name !== undefined);
const first = Object.keys(commandsIn(git('show', `HEAD:${root}/reference-index.yml`)));
const rows = Object.entries(commands).map(
  ([name, one]) => `    ${JSON.stringify(name)}: ${JSON.stringify(one)}`,
);
const text = `{
  "source": ${JSON.stringify(source)},
  "everywhere": ${JSON.stringify([...everywhere].sort())},
  "topics": ${JSON.stringify([...new Set([...topics, ...first])].sort())},
  "commands": {
${rows.join(',\n')}
  }
}
`;
await writeFile('test/data/az-help.json', text);
console.log(`${Object.keys(commands).length} commands: ${Object.keys(commands).join(', ')}`);
