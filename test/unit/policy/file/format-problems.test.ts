import { formatProblems } from '../../../../src/policy/file/format-problems';

const files = [{ path: 'a.yaml', text: `one: \u001b[31mtwo\r\n\tthree\n\n${'x'.repeat(300)}\n` }];
const problem = { path: 'a.yaml', line: 1, column: 1, length: 3, message: 'wrong' };

test('a problem is shown with its line and a caret under each wrong character', () => {
  expect(formatProblems([{ ...problem, line: 2, column: 2, length: 5 }], files)).toBe(
    ['a.yaml:2:2: wrong', '    2 |  three', '      |  ^^^^^'].join('\n'),
  );
});

test('what a terminal would act on is made harmless', () => {
  expect(formatProblems([problem], files)).toBe(
    ['a.yaml:1:1: wrong', '    1 | one: ?[31mtwo', '      | ^^^'].join('\n'),
  );
});

test('an empty line is not shown', () => {
  expect(formatProblems([{ ...problem, line: 3 }], files)).toBe('a.yaml:3:1: wrong');
});

test('of a long line the part around the problem is shown', () => {
  const [, shown = '', caret = ''] = formatProblems(
    [{ ...problem, line: 4, column: 280, length: 500 }],
    files,
  ).split('\n');
  expect(shown.length).toBeLessThan(180);
  expect(caret.indexOf('^')).toBe(8 + 39);
  expect(caret.length).toBeLessThanOrEqual(shown.length);
});

test('a problem of a place that is not among the files is reported without a line', () => {
  expect(formatProblems([{ ...problem, path: '.' }, problem], files).split('\n')[0]).toBe('.:1:1: wrong');
});

test('a line of spaces is not shown', () => {
  const blank = [{ path: 'a.yaml', text: '   \n' }];
  expect(formatProblems([problem], blank)).toBe('a.yaml:1:1: wrong');
});

test.each([
  [120, 0],
  [121, 81],
])('a line is shown from its beginning up to column 120, and later from 40 before: %d', (column, skipped) => {
  const text = Array.from({ length: 300 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('');
  const [, shown = '', caret = ''] = formatProblems(
    [{ ...problem, column, length: 1 }],
    [{ path: 'a.yaml', text }],
  ).split('\n');
  expect(shown).toBe(`    1 | ${text.slice(skipped, skipped + 160)}`);
  expect(caret).toBe(`      | ${' '.repeat(column - 1 - skipped)}^`);
});
