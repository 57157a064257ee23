import { parseDocument, type Scalar } from 'yaml';
import { placeOf, ScalarOffsets, SourceText } from '../../../../src/policy/file/source-text';

const source = (text: string): SourceText => new SourceText({ path: 'p.yaml', text });

describe('a problem', () => {
  const text = 'one\n\nthree';
  test.each<[number, number, readonly [number, number, number]]>([
    [0, 3, [1, 1, 3]],
    [1, 99, [1, 2, 2]],
    [3, 1, [1, 4, 1]],
    [4, 5, [2, 1, 1]],
    [5, 5, [3, 1, 5]],
    [7, 99, [3, 3, 3]],
    [10, 1, [3, 6, 1]],
    [99, 1, [3, 6, 1]],
    [-5, 2, [1, 1, 2]],
    [0, 0, [1, 1, 1]],
  ])('at offset %d over %d characters stays in its line', (offset, length, [line, column, shown]) => {
    expect(source(text).problem({ offset, length }, 'x')).toEqual({
      path: 'p.yaml',
      line,
      column,
      length: shown,
      message: 'x',
    });
  });
});

test('the place of a node is its text; without one it is the beginning of the file', () => {
  const document = parseDocument('ab: cde # comment\nf:');
  expect(placeOf(document.get('ab', true))).toEqual({ offset: 4, length: 3 });
  expect(placeOf(document.get('f', true))).toEqual({ offset: 20, length: 1 });
  expect(placeOf(undefined)).toEqual({ offset: 0, length: 1 });
});

describe('a part of a value', () => {
  /** The part of the file that stands for the characters of a value from `start` to `end`. */
  function partOf(text: string, start: number, end: number): string {
    const scalar = parseDocument(text).get('a', true) as Scalar<string>;
    const place = new ScalarOffsets(source(text), scalar).place(start, end);
    return text.slice(place.offset, place.offset + place.length);
  }

  test.each<[string, string, number, number, string]>([
    ['plain', 'a: one two', 4, 7, 'two'],
    ['plain, at its beginning', 'a: one two', 0, 3, 'one'],
    ['plain, in two lines', 'a: one\n  two', 4, 7, 'two'],
    ['plain, beyond its end', 'a: one', 2, 99, 'e'],
    ['plain, at its end', 'a: one\nb: 2', 3, 3, '\n'],
    ['in single quotes', "a: 'one two'", 4, 7, 'two'],
    ['in single quotes, after a quote', "a: 'it''s two'", 5, 8, 'two'],
    ['in single quotes, a quote', "a: 'it''s'", 2, 3, "'"],
    ['plain, after two quotes', "a: it''s two", 6, 9, 'two'],
    ['in double quotes', 'a: "one two"', 4, 7, 'two'],
    ['in double quotes, after escapes', String.raw`a: "\x41\u0042\U00000043 two"`, 4, 7, 'two'],
    ['in double quotes, an escape', String.raw`a: "x\u0042y"`, 1, 2, '\\'],
    ['in double quotes, after a letter beyond the first plane', String.raw`a: "\U0001F600 two"`, 3, 6, 'two'],
    ['in double quotes, after the last letter', String.raw`a: "\U0010FFFF two"`, 3, 6, 'two'],
    ['in double quotes, after signs', String.raw`a: "\"\\\/ two"`, 4, 7, 'two'],
    ['in double quotes, after spaces', String.raw`a: "\t\n two"`, 3, 6, 'two'],
    ['in double quotes, after a line that goes on', 'a: "one \\\n  two"', 4, 7, 'two'],
    ['in double quotes, a backslash in plain text', String.raw`a: one\two three`, 8, 13, 'three'],
    ['in a literal block', 'a: |\n  one\n  two\n', 4, 7, 'two'],
    ['in a folded block', 'a: >-\n  one\n  two\n', 4, 7, 'two'],
    ['in a block with a comment at its head', 'a: | # two\n  one two\n', 4, 7, 'two'],
    ['empty', 'a: one two', 4, 4, 't'],
    ['backwards', 'a: one two', 4, 2, 't'],
  ])('%s is found in the file', (_, text, start, end, part) => {
    expect(partOf(text, start, end)).toBe(part);
  });

  test('that cannot be found is the whole value', () => {
    const text = 'a: one two';
    const scalar = parseDocument(text).get('a', true) as Scalar<string>;
    scalar.value = 'other';
    expect(new ScalarOffsets(source(text), scalar).place(1, 2)).toEqual({ offset: 3, length: 7 });
  });
});
