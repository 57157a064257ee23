// Measures the source: `npm run house` prints tables, `-- --json` JSON; `-- --check` fails if a law of the house is broken.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokenLaws } from './house/laws.mjs';
import { measure } from './house/sizes.mjs';
import { readSources, topFolders } from './house/sources.mjs';
import { parse } from './house/syntax.mjs';
import { countWords } from './house/words.mjs';

const { values: options, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, check: { type: 'boolean' } },
  allowPositionals: true,
});
// Another checkout may be measured, to compare.
const [root = '.'] = positionals;
const sources = readSources(root);
if (options.check) check();
else report();

function check() {
  const broken = brokenLaws(sources);
  for (const sentence of broken) console.error(sentence);
  if (broken.length === 0) console.log(`${sources.length} files keep the laws of the house.`);
  else process.exitCode = 1;
}

function report() {
  const parsed = sources.map((source) => ({ ...source, tree: parse(source) }));
  const folders = topFolders.map((folder) => [folder, measure(parsed.filter(({ top }) => top === folder))]);
  const words = countWords(parsed, docs());
  if (options.json) {
    console.log(JSON.stringify({ folders: Object.fromEntries(folders), words }, undefined, 2));
    return;
  }
  for (const rowOf of [sizesRow, docsRow]) {
    console.table(Object.fromEntries(folders.map(([folder, measured]) => [folder, rowOf(measured)])));
  }
  console.table(words);
}

function sizesRow({ files, functions, folders, circles, ...others }) {
  const spread = ({ median, p90, max }) => `${median} / ${p90} / ${max}`;
  return {
    files: files.count,
    'lines med/p90/max': spread(files.lines),
    '≤ 25 lines': others.smallFiles,
    functions: functions.count,
    'their lines': spread(functions.lines),
    '≥ 4 parameters': others.manyParameters,
    'comments per 100': others.commentsPer100,
    folders: folders.count,
    'their files med/max': `${folders.files.median} / ${folders.files.max}`,
    'circles (largest)': `${circles.count} (${circles.largest})`,
    any: others.anys,
  };
}

/** Returns how many exported functions have a doc comment, and how the comments begin. */
function docsRow({ exported: { count, verb = 0, thing = 0, neither = 0 } }) {
  const documented = verb + thing + neither;
  const share = (part, all) => `${part} (${Math.round((100 * part) / (all || 1))} %)`;
  return {
    'exported functions': count,
    documented: share(documented, count),
    'begin with a verb': share(verb, documented),
    'name the thing': share(thing, documented),
    neither: share(neither, documented),
  };
}

/** Reads the Markdown files of the root and of docs/. */
function docs() {
  const files = ['', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  );
  return files.filter((file) => file.endsWith('.md')).map((file) => readFileSync(join(root, file), 'utf8'));
}
