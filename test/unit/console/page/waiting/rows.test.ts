import fc from 'fast-check';
import { changesBetween, changesInWords, filtered, refreshed } from '../../../../../console/waiting/rows';

const keys = fc.uniqueArray(fc.string());

test('rows keep their places, whatever comes', () => {
  fc.assert(
    fc.property(keys, keys, (shown, newer) => {
      const rows = (all: readonly string[], version: number) => all.map((key) => ({ key, version }));
      const result = refreshed(rows(shown, 1), rows(newer, 2), ({ key }) => key);
      expect(result.map(({ key }) => key)).toEqual(shown);
      for (const { key, version } of result) expect(version).toBe(newer.includes(key) ? 2 : 1);
      const { fresh, gone } = changesBetween(shown, newer);
      expect(shown.length - gone.size + fresh).toBe(newer.length);
    }),
  );
});

test.each([
  [0, [], undefined],
  [2, [], '2 new'],
  [0, ['a'], '1 gone'],
  [1, ['a', 'b'], '1 new, 2 gone'],
])('%i new and %j gone: %s', (fresh, gone, words) => {
  expect(changesInWords({ fresh, gone: new Set(gone) })).toBe(words);
});

test('a filter finds every word in any text, and an empty one everything', () => {
  const rows = ['Alpha one', 'alpha TWO', undefined];
  const find = (filter: string) => filtered(rows, filter, (row) => [row, 'x']);
  expect(find('  ')).toEqual(rows);
  expect(find('two ALPHA')).toEqual(['alpha TWO']);
  expect(find('one x')).toEqual(['Alpha one']);
  expect(find('.*')).toEqual([]);
});
