import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands as tools } from '../../../src/cli/run-cli';
import { runTool } from '../../support/repo/document-runner';
import { fencedBlocks, markdownFiles, type FencedBlock } from '../../support/repo/markdown';
import { projectRoot } from '../../support/repo/project';

/** Why a command of this kind is not run here. Each kind is checked in another way. */
const notRun: readonly (readonly [begins: RegExp, reason: string])[] = [
  [/^(?:\$ )?(?:az|azd) /, 'needs Azure; test/unit/docs/az.test.ts and deploy.test.ts check it'],
  [/^npm (?:ci|start|test|install)\b/, 'test/e2e runs what the README begins with'],
  [/^npm run /, 'its script exists: test/unit/docs/links.test.ts'],
  [/^node (?:scripts|dist|postern)\//, 'a script of the project: it must be there'],
  [/^[A-Z_]+=/, 'the shell'],
  [
    /^(?:export|eval|for|done|case|esac|echo|rm|mkdir|cd|git (?:switch|clone|grep)|curl|sed|if|fi|then|else)\b/,
    'the shell',
  ],
];
const files = markdownFiles();
const blocks = files.flatMap((file) => fencedBlocks(file).map((block) => ({ ...block, path: file.path })));
/** `console` blocks show a prompt before each command; without a language a block may be a drawing. */
const commandBlocks = blocks.filter(
  ({ language, text }) =>
    language === 'sh' ||
    language === 'console' ||
    (language === '' && /^(?:npm|npx|az|azd|node|export|eval|for|git) /.test(text)),
);

/** Returns the commands of a block: without comments, continued lines joined, those of a `console` block after `$ `. */
function commandsOf({ language, text }: Pick<FencedBlock, 'language' | 'text'>): string[] {
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n');
  const own =
    language === 'console' ? lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])) : lines;
  return own
    .map((line) => line.replace(/(?:^|\s)# .*$/, '').trim())
    .filter((line) => line !== '')
    .flatMap((line) => line.split(/ (?:&&|\|) /))
    .map((line) => line.replace(/^npm run postern -- /, 'npx postern '));
}

const toolCommands = commandBlocks.flatMap((block) =>
  block.marker?.startsWith('not run: ') === true
    ? []
    : commandsOf(block).flatMap((command) => {
        const [, args] = /^npx postern (.*)$/.exec(command.replaceAll(/\$\([^)]*\)/g, 'VALUE')) ?? [];
        return args === undefined ? [] : [{ place: `${block.path}:${block.line}`, args: args.split(/ +/) }];
      }),
);

test('every block of commands is of a kind that is checked, or says why it is not run', () => {
  const unknown = commandBlocks
    .filter(({ marker }) => !/^not run: \S.{9,}$/.test(marker ?? ''))
    .flatMap(({ path, line, ...block }) =>
      commandsOf(block)
        .filter(
          (command) =>
            !command.startsWith('npx postern ') && !notRun.some(([begins]) => begins.test(command)),
        )
        .filter((command) => !isContinued(block, command))
        .map((command) => `${path}:${line}: ${command}`),
    );
  expect(unknown).toEqual([]);
  expect(commandBlocks.length).toBeGreaterThan(40);
});

/** Is true for what is inside the command before: a body in quotes, a pattern of `case`, an indented line. */
function isContinued({ text }: Pick<FencedBlock, 'text'>, command: string): boolean {
  const at = text.indexOf(command);
  const before = text.slice(0, Math.max(at, 0));
  const isQuoted = (before.match(/(?<!\\)'/g) ?? []).length % 2 === 1;
  return isQuoted || text.split('\n').some((line) => /^\s/.test(line) && line.trim().startsWith(command));
}

test('there are commands of the tools', () => {
  expect(toolCommands.length).toBeGreaterThan(20);
});

test.each(toolCommands)('$place: a tool and its options exist: $args', async ({ args }) => {
  const [tool = ''] = args;
  expect([...tools.keys()]).toContain(tool);
  const { output } = await runTool([tool, '--help']);
  const options = args
    .filter((one) => /^\[?--?[a-z]/.test(one))
    .map((one) => /--?[a-z-]+/.exec(one)?.[0] ?? one);
  expect(options.filter((one) => !new RegExp(`${one}\\b`).test(output))).toEqual([]);
});

const onExamples = toolCommands.filter(
  ({ args }) =>
    args.some((one) => one.startsWith('docs/examples/')) &&
    !args.some((one) => /^(?:-|my-policy|<.*|>.*)$/.test(one)),
);

test.each(onExamples)('$place: runs on the example: $args', async ({ args }) => {
  const named = args.filter((one) => one.startsWith('docs/'));
  expect(named.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  const here = process.cwd();
  process.chdir(projectRoot);
  try {
    const { code, output } = await runTool(args);
    // 2 is wrong usage.
    expect([code < 2, output]).toEqual([true, expect.stringMatching(/\S/)]);
  } finally {
    process.chdir(here);
  }
});
