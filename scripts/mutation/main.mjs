// Mutation testing: `npm run mutation`, or `-- FILE_OR_FOLDER…`. Mutants whose code and tests have not changed are not run
// again; `-- --force` runs them all. `-- --report` judges the last report.
// `-- --worlds N` tries what the tests have not found in N simulated worlds. Fails if the tests find too few mutants, or if
// there are mutants that no test was run for.
import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { parse, stringify } from 'yaml';
import { refusedByCompiler } from './compiler.mjs';
import { compareWithNamed, failuresOf, sortMutants, tabulate, tryWorlds } from './verdict.mjs';
import { createWorldJudge } from './worlds.mjs';

const reportFile = '.stryker-report/mutation.json';
const namedFile = 'scripts/mutation/survivors.yaml';
const { values: options, positionals: paths } = parseArgs({
  options: {
    force: { type: 'boolean' },
    report: { type: 'boolean' },
    concurrency: { type: 'string' },
    worlds: { type: 'string' },
  },
  allowPositionals: true,
});

if (options.report !== true) await runStryker();
judge();

async function runStryker() {
  const mutate = paths.map((path) =>
    statSync(path).isDirectory() ? `${path.replace(/\/$/, '')}/**/*.ts` : path,
  );
  await new Stryker({
    ...(mutate.length > 0 && { mutate }),
    ...(options.force && { force: true }),
    ...(options.concurrency && { concurrency: Number(options.concurrency) }),
  }).runMutationTest();
}

function judge() {
  const { files } = JSON.parse(readFileSync(reportFile, 'utf8'));
  const wanted = Object.entries(files).filter(
    ([file]) =>
      paths.length === 0 ||
      paths.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`)),
  );
  const sorted = sortMutants(Object.fromEntries(wanted), (mutants) =>
    refusedByCompiler(process.cwd(), mutants),
  );
  const named = parse(readFileSync(namedFile, 'utf8')) ?? {};
  if (options.worlds !== undefined)
    tryWorlds(sorted, named, createWorldJudge(process.cwd(), Number(options.worlds)));
  const { unnamed, stale } = compareWithNamed(sorted, named);
  print(
    'Found by no test, and not named in',
    unnamed.map(({ file, mutant }) => ({ file, ...mutant })),
  );
  print('Found by a test, or gone, but named in', stale);
  const table = tabulate(sorted);
  console.table(table);
  for (const failure of failuresOf(table)) {
    console.error(failure);
    process.exitCode = 1;
  }
}

/** Prints mutants as the list of the known ones writes them. */
function print(heading, mutants) {
  if (mutants.length === 0) return;
  const entries = {};
  for (const { file, line, in: inLine, code, becomes } of mutants) {
    (entries[file] ??= []).push({ line, in: inLine, code, becomes });
  }
  console.log(`${heading} ${namedFile}:\n${stringify(entries, { lineWidth: 0 })}`);
}
