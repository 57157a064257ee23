import {
  compareWithNamed,
  failuresOf,
  sortMutants,
  tabulate,
  tryWorlds,
  type Files,
} from '../../../../scripts/mutation/verdict.mjs';

const source = 'const a = 1;\nif (a > 0) {\n  go(a);\n}\n';
const at = (line: number, from: number, to: number, last = line) => ({
  start: { line, column: from },
  end: { line: last, column: to },
});
const comparison = { location: at(2, 5, 10), replacement: 'a >= 0' };
const block = { location: at(2, 12, 2, 4), replacement: '{}' };

/** A report with mutants of one file. */
function report(...mutants: Files[string]['mutants']): Files {
  return { 'src/a.ts': { source, mutants } };
}

const none = <T>(): ReadonlySet<T> => new Set<T>();

test('a mutant is told by the code that it replaces, whatever the line breaks, and by its whole text', () => {
  const [first, second] = sortMutants(
    report(
      { ...comparison, status: 'Survived', testsCompleted: 1 },
      { ...block, status: 'Killed', testsCompleted: 1 },
    ),
    none,
  );
  expect(first?.mutant).toEqual({
    line: 2,
    in: 'if (a > 0) {',
    code: 'a > 0',
    becomes: 'a >= 0',
    text: source.replace('a > 0', 'a >= 0'),
  });
  expect(second?.mutant).toMatchObject({ code: '{ go(a); }', text: 'const a = 1;\nif (a > 0) {}\n' });
});

test.each([
  [{ status: 'Killed', testsCompleted: 3 }, 'killed'],
  [{ status: 'Survived', testsCompleted: 3 }, 'survived'],
  [{ status: 'Timeout' }, 'timeout'],
  [{ status: 'NoCoverage' }, 'no coverage'],
  [{ status: 'Ignored' }, 'ignored'],
  [{ status: 'RuntimeError' }, 'not run'],
  [{ status: 'Pending' }, 'not run'],
  [{ status: 'Survived', testsCompleted: 0 }, 'not run'],
  [{ status: 'Killed', testsCompleted: 0 }, 'not run'],
  [{ status: 'Survived' }, 'not run'],
])('%j is %s: without the run of a test there is no answer', (result, outcome) => {
  const [sorted] = sortMutants(report({ ...comparison, ...result }), none);
  expect(sorted?.outcome).toBe(outcome);
});

test('only what no test finds is shown to the compiler, and is refused then', () => {
  const shown: string[] = [];
  const sorted = sortMutants(
    report(
      { ...comparison, status: 'Killed', testsCompleted: 1 },
      { ...comparison, status: 'Survived', testsCompleted: 1 },
      { ...block, status: 'NoCoverage' },
    ),
    (candidates) => {
      shown.push(...candidates.map(({ text }) => text));
      return new Set(candidates.slice(0, 1));
    },
  );
  expect(shown).toEqual([source.replace('a > 0', 'a >= 0'), 'const a = 1;\nif (a > 0) {}\n']);
  expect(sorted.map(({ outcome }) => outcome)).toEqual(['killed', 'refused', 'no coverage']);
});

describe('the table', () => {
  const killed = { ...comparison, status: 'Killed', testsCompleted: 1 };
  const survived = { ...comparison, status: 'Survived', testsCompleted: 1 };

  test('counts what the tests found of all that compiles and is not left out', () => {
    const mutants = [
      ...Array.from({ length: 17 }, () => killed),
      { ...block, status: 'Timeout' },
      survived,
      { ...block, status: 'NoCoverage' },
      { ...block, status: 'Ignored' },
    ];
    const table = tabulate(
      sortMutants({ ...report(...mutants), 'src/b.ts': { source, mutants: [killed] } }, none),
    );
    expect(Object.keys(table)).toEqual(['src/a.ts', 'src/b.ts', 'all']);
    expect(table['src/a.ts']).toMatchObject({
      killed: 17,
      timeout: 1,
      survived: 1,
      'no coverage': 1,
      '%': 90,
    });
    expect(table['all']).toMatchObject({ killed: 18, ignored: 1, '%': 90.4 });
    expect(failuresOf(table)).toEqual([]);
  });

  test('fails below 90 %, and never rounds up', () => {
    const mutants = [
      ...Array.from({ length: 8_999 }, () => killed),
      ...Array.from({ length: 1_001 }, () => survived),
    ];
    const table = tabulate(sortMutants(report(...mutants), none));
    expect(failuresOf(table)).toEqual(['The tests find 89.9 % of the mutants, not 90 %.']);
  });

  test('fails for a mutant without the run of a test, which counts as not found', () => {
    const mutants = [...Array.from({ length: 99 }, () => killed), { ...survived, testsCompleted: 0 }];
    const table = tabulate(sortMutants(report(...mutants), none));
    expect(table['all']).toMatchObject({ 'not run': 1, '%': 99 });
    expect(failuresOf(table)).toEqual(['No test was run for 1 mutants: that is no answer.']);
  });

  test('fails when nothing was run', () => {
    expect(failuresOf(tabulate([]))).toEqual(['No mutant was run at all.']);
  });
});

describe('the list of known survivors', () => {
  const because = 'equivalent';
  const sorted = sortMutants(
    report(
      { ...comparison, status: 'Survived', testsCompleted: 1 },
      { ...comparison, replacement: 'true', status: 'NoCoverage' },
      { ...comparison, replacement: 'false', status: 'Killed', testsCompleted: 1 },
    ),
    none,
  );
  const code = 'a > 0';

  test.each([
    ['by one of its mutants', { code, becomes: 'a >= 0' }, ['true']],
    ['by several of them', { code, becomes: ['a >= 0', 'true'] }, []],
    ['in its line', { code, becomes: ['a >= 0', 'true'], in: 'if (a > 0) {' }, []],
  ])('names a survivor %s', (_, entry, left) => {
    const { unnamed, stale } = compareWithNamed(sorted, { 'src/a.ts': [{ ...entry, because }] });
    expect(unnamed.map(({ mutant }) => mutant.becomes)).toEqual(left);
    expect(stale).toEqual([]);
  });

  test.each([
    ['was found', { 'src/a.ts': [{ code, becomes: 'false', because }] }],
    ['is elsewhere', { 'src/a.ts': [{ code, becomes: 'true', in: 'while (a > 0) {', because }] }],
    ['has other code', { 'src/a.ts': [{ code: 'b > 0', becomes: 'true', because }] }],
  ])('is told of an entry whose mutant %s', (_, named) => {
    const { unnamed, stale } = compareWithNamed(sorted, named);
    expect(unnamed).toHaveLength(2);
    expect(stale).toMatchObject([{ file: 'src/a.ts', because }]);
  });

  test('says nothing of files that were not mutated', () => {
    expect(compareWithNamed(sorted, { 'src/b.ts': [{ code, becomes: 'true', because }] }).stale).toEqual([]);
  });
});

test('worlds are shown what no test finds and nobody has named, and what they find counts', () => {
  const sorted = sortMutants(
    report(
      { ...comparison, status: 'Survived', testsCompleted: 1 },
      { ...comparison, replacement: 'true', status: 'Survived', testsCompleted: 1 },
      { ...block, status: 'NoCoverage' },
      { ...block, replacement: '', status: 'Killed', testsCompleted: 1 },
    ),
    none,
  );
  const shown: string[] = [];
  tryWorlds(sorted, { 'src/a.ts': [{ code: 'a > 0', becomes: 'true', because: 'equivalent' }] }, (mutant) => {
    expect(mutant).toMatchObject({ file: 'src/a.ts', source });
    shown.push(mutant.text);
    return mutant.text.includes('a >= 0');
  });
  expect(shown).toEqual([source.replace('a > 0', 'a >= 0'), 'const a = 1;\nif (a > 0) {}\n']);
  expect(sorted.map(({ outcome }) => outcome)).toEqual(['by worlds', 'survived', 'no coverage', 'killed']);
  expect(tabulate(sorted)['all']).toMatchObject({ 'by worlds': 1, survived: 1, '%': 50 });
});
