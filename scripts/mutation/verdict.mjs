/** The least share of mutants that the tests must find, in percent. */
export const leastPercent = 90;

/**
 * Sorts the mutants of a report of Stryker.
 * @param files the report's `files`, by path
 * @param findRefused returns the set of those of some undetected mutants that the compiler refuses
 * @returns {{ file: string, outcome: string, mutant: object }[]} where `mutant` has the code as it was and as it became.
 */
export function sortMutants(files, findRefused) {
  const sorted = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({
      file,
      source,
      outcome: outcomeOf(mutant),
      mutant: describe(mutant, source),
    })),
  );
  const undetected = sorted.filter(({ outcome }) => outcome === 'survived' || outcome === 'no coverage');
  const candidates = undetected.map((entry) => ({ entry, file: entry.file, text: entry.mutant.text }));
  for (const { entry } of findRefused(candidates)) entry.outcome = 'refused';
  return sorted;
}

function outcomeOf({ status, testsCompleted = 0 }) {
  switch (status) {
    case 'Killed':
    case 'Survived':
      // Nothing is known of a mutant without a run of a test.
      return testsCompleted === 0 ? 'not run' : status.toLowerCase();
    case 'Timeout':
      return 'timeout';
    case 'NoCoverage':
      return 'no coverage';
    case 'Ignored':
      return 'ignored';
    default:
      return 'not run';
  }
}

function describe({ location: { start, end }, replacement }, source) {
  const lines = source.split('\n');
  const offset = ({ line, column }) =>
    lines.slice(0, line - 1).join('\n').length + Math.min(line - 1, 1) + column - 1;
  const [from, to] = [offset(start), offset(end)];
  return {
    line: start.line,
    in: plain(lines[start.line - 1]),
    code: plain(source.slice(from, to)),
    becomes: plain(replacement),
    text: source.slice(0, from) + replacement + source.slice(to),
  };
}

function plain(code) {
  return code.replace(/\s+/g, ' ').trim();
}

/**
 * Tries undetected mutants in simulated worlds, unless they are named as those that nothing can find. Changes the outcome of
 * those that are found.
 * @param isFound tells whether worlds find a mutant: its file, its text, and the text of the file without it
 */
export function tryWorlds(sorted, named, isFound) {
  for (const entry of compareWithNamed(sorted, named).unnamed) {
    const { file, source, mutant } = entry;
    if (isFound({ file, source, text: mutant.text })) entry.outcome = 'by worlds';
  }
}

/** Counts the outcomes of each file and of all, with the share that the tests found of all that compiles. */
export function tabulate(sorted) {
  const rows = new Map([...new Set(sorted.map(({ file }) => file))].sort().map((file) => [file, emptyRow()]));
  const all = emptyRow();
  for (const { file, outcome } of sorted) {
    rows.get(file)[outcome] += 1;
    all[outcome] += 1;
  }
  rows.set('all', all);
  for (const row of rows.values()) row['%'] = percentOf(row);
  return Object.fromEntries(rows);
}

function emptyRow() {
  return {
    killed: 0,
    timeout: 0,
    'by worlds': 0,
    survived: 0,
    'no coverage': 0,
    'not run': 0,
    refused: 0,
    ignored: 0,
  };
}

function percentOf(row) {
  const found = row.killed + row.timeout + row['by worlds'];
  const total = found + row.survived + row['no coverage'] + row['not run'];
  return total === 0 ? 100 : Math.floor((found / total) * 1000) / 10;
}

/**
 * Compares the undetected mutants with the list of those that are known.
 * @param named by file: `code` and what it `becomes`, `in` which line if that is not unique, and `because` of what no test
 *   finds it
 * @returns the undetected mutants without an entry, and the entries that name none.
 */
export function compareWithNamed(sorted, named) {
  const undetected = sorted.filter(({ outcome }) => outcome === 'survived' || outcome === 'no coverage');
  const entries = Object.entries(named).flatMap(([file, list]) => list.map((entry) => ({ file, ...entry })));
  const files = new Set(sorted.map(({ file }) => file));
  return {
    unnamed: undetected.filter((one) => !entries.some((entry) => names(entry, one))),
    stale: entries.filter((entry) => files.has(entry.file) && !undetected.some((one) => names(entry, one))),
  };
}

function names(entry, { file, mutant }) {
  return (
    entry.file === file &&
    entry.code === mutant.code &&
    [entry.becomes].flat().includes(mutant.becomes) &&
    (entry.in === undefined || entry.in === mutant.in)
  );
}

/** Says why the tests do not pass: mutants that no test was run for, or too small a share of found ones. */
export function failuresOf(table) {
  const { all } = table;
  const failures = [];
  if (all.killed + all.timeout + all.survived === 0) failures.push('No mutant was run at all.');
  if (all['not run'] > 0) failures.push(`No test was run for ${all['not run']} mutants: that is no answer.`);
  if (all['%'] < leastPercent)
    failures.push(`The tests find ${all['%']} % of the mutants, not ${leastPercent} %.`);
  return failures;
}
