import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { literalsIn } from '../../../scripts/docs/az-commands.mjs';
import { privateWordsIn } from '../../../scripts/house/private-words.mjs';
import { filesBelow } from '../../support/repo/files-below';
import { readText } from '../../support/repo/infra';
import { linesOf, markdownFiles, type MarkdownFile } from '../../support/repo/markdown';
import { projectRoot } from '../../support/repo/project';

const guide = 'docs/writing.md';
const documents = [...markdownFiles(), { path: 'CONTRIBUTING.md', text: readText('CONTRIBUTING.md') }];
const sources = ['src', 'functions', 'scripts', 'console', 'report']
  .flatMap((folder) => filesBelow(join(projectRoot, folder)))
  .filter((path) => /\.(?:ts|tsx|mjs)$/.test(path) && !/house\/(?:private-)?words\.mjs$/.test(path));

/** Prose only: neither code, nor names of queries, nor what a link leads to. */
function proseOf(file: MarkdownFile): string[] {
  return linesOf(file).map(({ text, isCode }) =>
    isCode ? '' : text.replaceAll(/`[^`]*`|\[[^\]]*\]\([^)]*\.kql\)/g, '').replaceAll(/\]\([^)]*\)/g, ']'),
  );
}

test.each(documents.map((file) => [file.path, file] as const))('%s has no private words', (path, file) => {
  // The guide names them.
  const isTable = (line: string): boolean => path === guide && line.startsWith('|');
  const found = proseOf(file).flatMap((line, index) =>
    isTable(line) ? [] : privateWordsIn(line).map((word) => `${path}:${index + 1}: ${word}`),
  );
  expect(found).toEqual([]);
});

test('messages have no private words', () => {
  const found = sources.flatMap((path) =>
    literalsIn(readFileSync(path, 'utf8').replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, ''))
      .split('\n')
      .map((literal) => literal.replaceAll(/\$\{[^}]*\}/g, ''))
      .filter((literal) => /[a-z] [a-z]/.test(literal))
      .flatMap((literal) =>
        privateWordsIn(literal).map((word) => `${path.slice(projectRoot.length + 1)}: ${word}: ${literal}`),
      ),
  );
  expect(found).toEqual([]);
});

test('private words are found, and the plain sense of a word is not', () => {
  expect(privateWordsIn('The poll is woken, and mends the row.')).toHaveLength(2);
  expect(privateWordsIn('The ledger was told.')).toEqual(['was told (tell, told of)']);
  expect(privateWordsIn('Look up Front Door in the table; nobody is asked.')).toEqual([]);
});

test('each word has a row in the writing guide', () => {
  const rows = proseOf({ path: guide, text: readText(guide) }).join('\n');
  for (const text of [
    'mend',
    'sighting',
    'woken',
    'untold',
    'patience',
    'door',
    'told of',
    "nobody's",
    'stands there',
  ])
    for (const word of privateWordsIn(text))
      expect(rows).toContain(/\((.*)\)$/.exec(word)?.[1]?.split(',')[0] ?? '-');
});
