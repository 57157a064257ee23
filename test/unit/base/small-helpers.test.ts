import { compareText } from '../../../src/base/compare';
import { sha256Hex } from '../../../src/base/digest';
import { isGuid } from '../../../src/base/guid';
import { fieldsOf, tryParseJson } from '../../../src/base/json';

test.each<[string, boolean]>([
  ['11111111-2222-3333-4444-55555555abcd', true],
  ['11111111-2222-3333-4444-55555555ABCD', true],
  ['{11111111-2222-3333-4444-55555555abcd}', false],
  ['11111111222233334444555555555555', false],
  ['11111111-2222-3333-4444-55555555abcd\n', false],
  ['11111111-2222-3333-4444-55555555abcg', false],
  ['', false],
])('%j as a GUID: %s', (text, expected) => {
  expect(isGuid(text)).toBe(expected);
});

test('texts are in the order of their UTF-16 units, whatever the locale', () => {
  expect(['b', 'ä', 'B', 'a', '', 'a'].sort(compareText)).toEqual(['', 'B', 'a', 'a', 'b', 'ä']);
});

test('a digest is the beginning of the SHA-256 in hexadecimal', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex('abc', 8)).toBe('ba7816bf');
});

test('JSON is parsed strictly, and anything else is undefined', () => {
  expect(tryParseJson('{"a":[1,null]}')).toEqual({ a: [1, null] });
  expect(tryParseJson('null')).toBeNull();
  for (const text of ['', '{a:1}', '\ufeff{}', 'undefined']) expect(tryParseJson(text)).toBeUndefined();
});

test('only objects and lists have fields', () => {
  expect(fieldsOf({ a: 1 })['a']).toBe(1);
  for (const value of [undefined, null, 'text', 7]) expect(fieldsOf(value)).toEqual({});
});
