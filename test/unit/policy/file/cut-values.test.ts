import { commentAfter, isCutOff, shownComment } from '../../../../src/policy/file/cut-values';
import { SourceText } from '../../../../src/policy/file/source-text';

test.each([
  ['a: b #c', 'b', '#c'],
  ['a: b\t# c\nd: e', 'b', '# c'],
  ['a: b # c\r\nd', 'b', '# c'],
  ['a: b', 'b', undefined],
  ['a: b\n# c', 'b', undefined],
  ['a: b#c', 'b', undefined],
  ['a: "b" # c', '"b"', undefined],
  ["a: 'b' # c", "'b'", undefined],
  ['a: | # c', '|', undefined],
  ['a: >- # c', '>-', undefined],
])('the comment after a value in %j', (text, value, comment) => {
  const place = { offset: text.indexOf(value), length: value.length };
  expect(commentAfter(new SourceText({ path: 'p', text }), place)).toBe(comment);
});

test('a place at the end of the file has no comment after it', () => {
  expect(commentAfter(new SourceText({ path: 'p', text: 'a:' }), { offset: 2, length: 1 })).toBeUndefined();
});

test.each([
  '#4711',
  '#&& x',
  '# && x',
  '# a || b',
  '# == 1',
  '# x != 1',
  '# <= 3',
  '#   ? a',
  '## ? b',
  '# : c',
])('%s goes on', (comment) => {
  expect(isCutOff(comment)).toBe(true);
});

test.each(['# see #4711', '## x', '#!x', '# a: b', '# why?', '# = x', '#', '# a & b'])(
  '%s is a comment',
  (comment) => {
    expect(isCutOff(comment)).toBe(false);
  },
);

test('a long comment is shown by its beginning', () => {
  expect(shownComment('# short')).toBe('` # short`');
  expect(shownComment('# twenty-four signs, so it')).toBe('` # twenty-four signs, so…`');
  expect(shownComment(`#${'👍'.repeat(30)}`)).toBe(`\` #${'👍'.repeat(23)}…\``);
});
