import { SourceText } from '../../../../src/policy/file/source-text';
import { blameOddCharacter, oddCharactersInStructure } from '../../../../src/policy/file/yaml-characters';

const sourceOf = (text: string): SourceText => new SourceText({ path: 'p.yaml', text });

/** The places of the odd characters in the structure of a file. */
function placesIn(text: string): readonly string[] {
  return oddCharactersInStructure(sourceOf(text)).map(
    ({ line, column, length }) => `${line}:${column}+${length}`,
  );
}

test.each<[string, string, readonly string[]]>([
  ['a byte order mark at the beginning', '\ufeffa: 1', []],
  ['one after that', '\ufeff\ufeffa: 1', ['1:2+1']],
  ['one in a later line', 'a: 1\n\ufeffb: 2', ['2:1+1']],
  ['a space that indents', 'a:\n\u00a0b: 2', ['2:1+1']],
  ['an invisible character that indents', 'a:\n \u200b b: 2', ['2:2+1']],
  ['a dash of a list', 'a:\n  \u2013 b', ['2:3+1']],
  ['a dash within a list', 'a:\n  - \u2014 b', ['2:5+1']],
  ['a minus sign for a dash', 'a:\n  - - \u2212 b', ['2:7+1']],
  ['a space after a dash', 'a:\n  -\u00a0b', ['2:4+1']],
  ['several spaces after a dash, the last of them odd', 'a:\n  -  \u00a0b', ['2:6+1']],
  ['a dash without a space', '\u2013b', ['1:1+1']],
  ['two dashes without a space', '\u2013-b', []],
  ['a dash before a space at the end', '\u2013', []],
  ['a letter of a key', 'v\u0435rsion: 1', ['1:2+1']],
  ['an invisible character in a key', '  a\u200bb: 1', ['1:4+1']],
  ['a space after a key', 'a\u00a0: 1', ['1:2+1']],
  ['an invisible character after a key', 'a\u200b : 1', ['1:2+1']],
  ['a colon', 'a\uff1a 1', ['1:2+1']],
  ['a space after a colon', 'a:\u00a01', ['1:3+1']],
  ['an invisible character after a colon', 'a: \u200b1', ['1:4+1']],
  ['a key of a list of maps', '- v\u0435r: 1', ['1:4+1']],
  ['each line once', 'v\u0435r\u0441: 1\n\u00a0b: 2', ['1:2+1', '2:1+1']],
  ['a value', 'a: b\u200b', []],
  ['a value with a colon', 'a: b\u200b: c', []],
  ['a quoted key', '"a\u200b": 1', []],
  ['another quoted key', "'a\u200b': 1", []],
  ['a comment', '# \u2013 a: \u200b', []],
  ['a comment after an indent', '  # a\u200b: 1', []],
  ['a text without a key', 'a\u200b b', []],
  ['words before a colon', 'a b\u00a0: 1', []],
])('of odd characters in the structure, %s: %j', (_, text, places) => {
  expect(placesIn(text)).toEqual(places);
});

describe('a problem', () => {
  const text = 'ok: 1\nv\u0435r: \u201cx\u201d\nb: 2\n\u00a0c: 3';
  const blamed = (line: number, column: number, length: number) => {
    const problem = { path: 'p.yaml', line, column, length, message: 'wrong' };
    const found = blameOddCharacter(problem, sourceOf(text));
    return [found.line, found.column, found.length, found.message];
  };

  test.each<[number, number, number, readonly unknown[]]>([
    [2, 6, 3, [2, 6, 1, 'this is a curly quote (U+201C): write `"`']],
    [2, 7, 2, [2, 8, 1, 'this is a curly quote (U+201D): write `"`']],
    [2, 7, 1, [2, 2, 1, 'this is a letter that only looks like `e` (U+0435): write `e`']],
    [3, 1, 1, [3, 1, 1, 'wrong']],
    [4, 2, 1, [4, 1, 1, 'this is a no-break space (U+00A0): write a plain space']],
    [1, 1, 2, [1, 1, 2, 'wrong']],
    [9, 1, 1, [9, 1, 1, 'wrong']],
  ])('at %d:%d+%d is blamed on an odd character there, or in its line', (line, column, length, expected) => {
    expect(blamed(line, column, length)).toEqual(expected);
  });

  test('at the beginning of a file is not blamed on its byte order mark, in another line it is', () => {
    const problem = { path: 'p.yaml', line: 1, column: 2, length: 1, message: 'wrong' };
    expect(blameOddCharacter(problem, sourceOf('\ufeffa: 1'))).toBe(problem);
    const later = blameOddCharacter({ ...problem, line: 2 }, sourceOf('a: 1\n\ufeffb: 1'));
    expect([later.line, later.column]).toEqual([2, 1]);
  });
});
