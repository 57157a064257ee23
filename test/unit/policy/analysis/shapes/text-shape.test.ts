import { looseEnd, placedShape, testShape } from '../../../../../src/policy/analysis/shapes/pattern-shape';
import { shapesOverlap } from '../../../../../src/policy/analysis/shapes/shapes-overlap';
import {
  anyCharacter,
  anyText,
  either,
  isAnyText,
  many,
  noSlash,
  nothing,
  one,
  ownText,
  row,
  type Shape,
  textShape,
  widthOf,
} from '../../../../../src/policy/analysis/shapes/text-shape';

const zone = '11111111-1111-4111-8111-111111111111';
const [a, b] = [textShape('a'), textShape('b')];
const guid = (whose: 'stranger' | 'own' | 'anyone'): Shape => ({ kind: 'guid', whose });
const digit = one((character) => /^\d$/.test(character));
const letter = one((character) => /^[a-z]$/.test(character));

describe('a shape', () => {
  test.each<[string, Shape, number | undefined]>([
    ['a text', textShape('abc'), 3],
    ['a character', digit, 1],
    ['a GUID', guid('own'), 36],
    ['repetitions', many(digit, 1), undefined],
    ['a sequence', row(a, guid('own'), digit), 38],
    ['a sequence with repetitions', row(a, many(digit, 0), b), undefined],
    ['one of equal length', either(textShape('ab'), row(a, digit)), 2],
    ['one of another length', either(a, textShape('ab')), undefined],
    ['the empty text', nothing, 0],
  ])('knows its width: %s', (_, shape, width) => {
    expect(widthOf(shape)).toBe(width);
  });

  test('is flat, however it was put together', () => {
    expect(row(a, row(b, row(a, digit)))).toEqual({ kind: 'row', parts: [a, b, a, digit] });
    expect(either(a, either(b, either(digit, letter)))).toEqual({
      kind: 'either',
      parts: [a, b, digit, letter],
    });
    expect(either(a)).toBe(a);
    expect(row(either(a, b))).toEqual({ kind: 'row', parts: [{ kind: 'either', parts: [a, b] }] });
  });

  test('is any text only as repetitions of any character', () => {
    expect([anyText, ownText, many(one(anyCharacter), 1)].map(isAnyText)).toEqual([true, true, true]);
    expect([many(one(noSlash), 0), one(anyCharacter), many(a, 0), a].map(isAnyText)).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });
});

describe('two shapes', () => {
  test.each<[boolean, string, Shape, Shape]>([
    [true, 'equal texts', a, a],
    [false, 'other texts', a, b],
    [false, 'a text and its beginning', textShape('ab'), a],
    [true, 'a text and any', textShape('a/b'), anyText],
    [false, 'a slash and none', textShape('/'), one(noSlash)],
    [true, 'digits and digits', many(digit, 1), row(digit, digit)],
    [false, 'digits and letters', many(digit, 1), many(letter, 1)],
    [true, 'nothing and nothing', many(digit, 0), many(letter, 0)],
    [false, 'one at least and nothing', many(digit, 1), many(letter, 0)],
    [true, 'one of several', either(many(digit, 1), many(letter, 1)), row(letter, letter)],
    [false, 'none of several', either(row(digit, digit), row(letter, digit)), row(letter, letter)],
    [true, 'texts within sequences', row(a, many(digit, 0)), row(anyText, textShape('7'))],
    [false, 'texts at other places', row(a, many(digit, 0)), row(anyText, a, a)],
    [true, 'letters beyond ASCII', one((character) => character === '\u00e9'), one(anyCharacter)],
    [true, 'line breaks', one((character) => character === '\n'), one(anyCharacter)],
    [
      false,
      'capital letters, which no folded text has',
      one((character) => character === 'Q'),
      one(anyCharacter),
    ],
    [true, 'a GUID and its text', guid('anyone'), textShape(zone)],
    [true, 'an own GUID and its text', guid('own'), textShape(zone)],
    [false, 'a stranger’s GUID and a text', guid('stranger'), textShape(zone)],
    [false, 'a stranger’s GUID in a longer text', row(a, guid('stranger')), row(a, textShape(zone))],
    [false, 'a stranger’s GUID and an own one', guid('stranger'), guid('own')],
    [true, 'two strangers’ GUIDs', guid('stranger'), guid('stranger')],
    [true, 'a stranger’s GUID and any', guid('stranger'), guid('anyone')],
    [false, 'a stranger’s GUID in own words', guid('stranger'), ownText],
    [true, 'a stranger’s GUID in any words', guid('stranger'), anyText],
    [
      true,
      'a stranger’s GUID and its beginning',
      guid('stranger'),
      row(textShape(zone.slice(0, 35)), anyText),
    ],
    [true, 'a stranger’s GUID and its end', guid('stranger'), row(anyText, textShape(zone.slice(1)))],
    [
      false,
      'a stranger’s GUID and a whole one in words',
      row(a, guid('stranger'), b),
      row(anyText, textShape(zone), anyText),
    ],
    [false, 'a GUID and what has no dash', guid('anyone'), row(...Array.from({ length: 36 }, () => digit))],
    [false, 'a GUID and a letter beyond f', guid('anyone'), row(textShape('g'), anyText)],
    [false, 'a GUID and a text of 35', guid('anyone'), textShape(zone.slice(1))],
    [
      true,
      'a GUID and hexadecimal text',
      guid('anyone'),
      many(
        one((character) => /^[0-9a-f-]$/.test(character)),
        1,
      ),
    ],
  ])('it is %s that they have a text in common: %s', (expected, _, left, right) => {
    expect([shapesOverlap(left, right), shapesOverlap(right, left)]).toEqual([expected, expected]);
  });
});

describe('the shape of a test', () => {
  test.each<[Parameters<typeof testShape>[0], string, readonly string[], readonly string[]]>([
    ['contains', 'B', ['b', 'abc', 'ab', 'bc'], ['', 'ac']],
    ['startsWith', 'B', ['b', 'bc'], ['ab']],
    ['endsWith', 'B', ['b', 'ab'], ['bc']],
    ['matches', '^b$', ['b'], ['ab']],
    ['glob', 'A*c', ['ac', 'abbc'], ['a/c', 'acx']],
    ['glob', 'a**c', ['ac', 'a/c', 'a/b/c'], ['a/b']],
    ['glob', 'a***c', ['ac', 'a/c'], ['a/b']],
    ['glob', 'a?c', ['abc'], ['ac', 'a/c', 'abbc']],
    ['glob', '', [''], ['a']],
  ])('%s %j has what passes, and nothing else', (kind, literal, texts, others) => {
    const shape = testShape(kind, literal);
    expect(texts.filter((text) => !shapesOverlap(shape, textShape(text)))).toEqual([]);
    expect(others.filter((text) => shapesOverlap(shape, textShape(text)))).toEqual([]);
  });

  test('with another shape has that shape at its place', () => {
    const shape = placedShape('endsWith', row(digit, digit));
    expect(shapesOverlap(shape, textShape('a12'))).toBe(true);
    expect(shapesOverlap(shape, textShape('12a'))).toBe(false);
  });
});

describe('a test of an id', () => {
  test.each<[ReturnType<typeof looseEnd>, string, Shape]>([
    ['beginning', 'that contains a part of a name', testShape('contains', 'rg-web')],
    ['beginning', 'that ends with a part of a name', testShape('endsWith', 'rg-web/')],
    ['end', 'that starts with a part of a name', testShape('startsWith', '/subscriptions/x/rg-web')],
    [undefined, 'that starts with whole names', testShape('startsWith', '/subscriptions/x/')],
    ['end', 'that contains a name without its end', testShape('contains', '/rg-web')],
    [undefined, 'that contains a whole name', testShape('contains', '/rg-web/')],
    [undefined, 'that ends with a whole name', testShape('endsWith', '/pe-1')],
    [undefined, 'with a family of names', testShape('startsWith', '/subscriptions/x/rg-')],
    [undefined, 'with a family of names, by `_`', testShape('startsWith', '/rg_')],
    [undefined, 'with a family of names, by a dot', testShape('startsWith', '/rg.')],
    [undefined, 'that starts with a GUID', testShape('startsWith', `/subscriptions/${zone}`)],
    [undefined, 'that is a GUID at its start', testShape('startsWith', zone)],
    ['end', 'that starts with more than a GUID', testShape('startsWith', `/x${zone}`)],
    [undefined, 'that is a whole text', textShape('rg-web')],
    [undefined, 'that is any text', anyText],
    [
      'beginning',
      'that is loose at one of several',
      either(testShape('startsWith', '/a/'), testShape('endsWith', 'x')),
    ],
    [
      'end',
      'whose last part is one of several',
      row(textShape('/'), either(textShape('a'), textShape('b')), anyText),
    ],
    [
      undefined,
      'whose last part is whole',
      row(textShape('/'), either(textShape('a/'), textShape('b/')), anyText),
    ],
    [
      'beginning',
      'whose first part is one of several',
      row(anyText, either(textShape('/a'), textShape('b')), textShape('/')),
    ],
    [
      undefined,
      'whose first part is whole',
      row(anyText, either(textShape('/a'), textShape('/b')), textShape('/')),
    ],
    ['end', 'in two texts, of which the second ends in a name', row(textShape('/'), textShape('a'), anyText)],
    [
      undefined,
      'in two texts, of which the second ends whole',
      row(textShape('/a'), textShape('/'), nothing, anyText),
    ],
    [undefined, 'that may have anything but a slash around it', row(many(one(noSlash), 0), textShape('a'))],
  ])('is loose at its %s: one %s', (expected, _, shape) => {
    expect(looseEnd(shape)).toBe(expected);
  });
});
