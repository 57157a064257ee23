import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { commands } from '../../../src/cli/run-cli';
import {
  anchorsOf,
  linesOf,
  linksOf,
  markdownFiles,
  slugOf,
  type MarkdownFile,
} from '../../support/repo/markdown';
import { projectRoot } from '../../support/repo/project';

const files = markdownFiles();

function there(path: string): boolean {
  return existsSync(join(projectRoot, path));
}

/** A source file may be named as it is imported. */
function isNamed(path: string): boolean {
  return there(path) || there(`${path}.ts`);
}

function anchorsAt(path: string): Set<string> {
  return anchorsOf({ path, text: readFileSync(join(projectRoot, path), 'utf8') });
}

/** Why a link leads nowhere; `undefined` for a good one. */
function problemOf(from: string, target: string): string | undefined {
  if (/^https?:/i.test(target)) return webProblemOf(target);
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return 'is no web address';
  if (target.startsWith('/')) return 'begins at no root that there is';
  const [path = '', anchor] = decodeURI(target).split('#');
  const file = path === '' ? from : posix.normalize(posix.join(posix.dirname(from), path));
  if (file.startsWith('..') || !there(file)) return 'is not there';
  if (anchor === undefined) return undefined;
  const hasAnchors = file.endsWith('.md') && statSync(join(projectRoot, file)).isFile();
  return hasAnchors && anchorsAt(file).has(anchor) ? undefined : `has no #${anchor}`;
}

function webProblemOf(target: string): string | undefined {
  if (!URL.canParse(target)) return 'cannot be read as an address';
  const { hostname } = new URL(target);
  const isLocal = /^(?:localhost|127\.|10\.|192\.168\.|\[)|\.(?:local|internal|lan)$/i.test(hostname);
  return isLocal || !hostname.includes('.') ? 'is an address of one machine alone' : undefined;
}

describe.each(files.map((file) => [file.path, file] as const))('%s', (path, file) => {
  test('has links that lead somewhere', () => {
    const broken = linksOf(file).flatMap(({ target, line }) => {
      const problem = problemOf(path, target);
      return problem === undefined ? [] : [`${path}:${line}: ${target} ${problem}`];
    });
    expect(broken).toEqual([]);
  });

  test('names scripts and tools that there are', () => {
    expect(commandProblems(file)).toEqual([]);
  });

  test('names files that there are', () => {
    expect(pathProblems(file)).toEqual([]);
  });
});

test('the index names every document once or more', () => {
  const index = files.find(({ path }) => path === 'docs/README.md')!;
  const named = linksOf(index).map(({ target }) => posix.join('docs', target));
  const documents = files
    .map(({ path }) => path)
    .filter((path) => /^docs\/[\w-]+\.md$/.test(path) && path !== 'docs/README.md');
  expect(documents.filter((path) => !named.includes(path))).toEqual([]);
});

test('links are found, good and bad', () => {
  const text =
    '# A `b`: c_d, *e*!\n[x](docs/none.md) [y](#a-b-c_d-e) ![z](#none) `[code](nothing)`\n\n```\n[in](code)\n```\n[r]: http://localhost:1\n';
  const file = { path: 'README.md', text };
  const found = linksOf(file).map(({ target, line }) => [target, line]);
  expect(found).toEqual([
    ['docs/none.md', 2],
    ['#a-b-c_d-e', 2],
    ['#none', 2],
    ['http://localhost:1', 7],
  ]);
  expect([...anchorsOf(file)]).toEqual(['a-b-c_d-e']);
  expect(problemOf('README.md', 'docs/none.md')).toBe('is not there');
  expect(problemOf('docs/policy.md', '../README.md#none')).toBe('has no #none');
  expect(problemOf('docs/policy.md', 'policy.md#facts')).toBeUndefined();
  expect(problemOf('README.md', 'http://localhost:1')).toBe('is an address of one machine alone');
  expect(problemOf('README.md', 'mailto:a@b.c')).toBe('is no web address');
});

test.each([
  ['What is promised, and how it is kept', 'what-is-promised-and-how-it-is-kept'],
  ['`postern doctor`: is it well?', 'postern-doctor-is-it-well'],
  ['A [link](x.md) & _more_', 'a-link--more'],
  ['Über 25 %', 'über-25-'],
])('GitHub calls %s #%s', (heading, slug) => expect(slugOf(heading)).toBe(slug));

test('a heading that is there twice has two anchors', () => {
  expect([...anchorsOf({ path: '', text: '# A\n# A\n' })]).toEqual(['a', 'a-1']);
});

test('wrong commands and paths are found', () => {
  const text =
    '`npm run nothing` and `npm run postern -- dance`, see `src/none.ts` and `src/app.ts:3`, `docs/*.md`\n';
  const file = { path: 'x.md', text };
  expect(commandProblems(file)).toEqual([
    'x.md:1: there is no script nothing',
    'x.md:1: there is no tool dance',
  ]);
  expect(pathProblems(file)).toEqual(['x.md:1: src/none.ts is not there']);
});

/** `npm run X`, `npm run postern -- TOOL`, `npx postern TOOL`, wherever they stand. */
function commandProblems(file: MarkdownFile): string[] {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return linesOf(file).flatMap(({ line, text }) => {
    const told = (message: string): string => `${file.path}:${line}: ${message}`;
    const named = [...text.matchAll(/npm (?:--prefix \S+ )?run (?:--silent )?([a-z][\w:-]*)/g)].map(
      ([, name = '']) => name,
    );
    const tools = [...text.matchAll(/(?:npm run postern --|npx postern) ([a-z][\w-]*)/g)].map(
      ([, name = '']) => name,
    );
    return [
      ...named.filter((name) => !(name in scripts)).map((name) => told(`there is no script ${name}`)),
      ...tools
        .filter((name) => name !== 'help' && !commands.has(name))
        .map((name) => told(`there is no tool ${name}`)),
    ];
  });
}

/** Paths in backticks that begin with a folder of the project; `dist` is made, a pattern names many. */
function pathProblems(file: MarkdownFile): string[] {
  const folders = 'src|functions|infra|docs|policies|dev|test|bench|scripts|\\.github';
  const pattern = new RegExp(`^((?:${folders})/[^\\s:]*?)/?(?::\\d+(?::\\d+)?)?$`);
  return linesOf(file).flatMap(({ line, text, isCode }) => {
    if (isCode) return [];
    return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => {
      const [, path = ''] = pattern.exec(code) ?? [];
      const isFixed = path !== '' && !/[*<>{}…]|NAME|\bX\b/.test(path);
      return isFixed && !isNamed(path) ? [`${file.path}:${line}: ${path} is not there`] : [];
    });
  });
}
