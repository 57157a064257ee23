import * as z from '../../../../src/base/schema/schema';
import { anyList, boundedList } from '../../../../src/base/schema/bounded-list';
import { firstProblem } from '../../../../src/base/errors';

/** Counts how many entries are looked at; only even numbers are right. */
function countingEntry() {
  const seen: unknown[] = [];
  const entry = z.object({
    size: z.custom<number>((value) => {
      seen.push(value);
      return value % 2 === 0;
    }, 'is odd'),
  });
  return { entry, seen };
}

const sizes = (...list: number[]) => list.map((size) => ({ size }));

describe('a list in a reply', () => {
  test('is parsed entry by entry', () => {
    const { entry, seen } = countingEntry();
    expect(boundedList(entry).parse(sizes(2, 4, 6))).toEqual(sizes(2, 4, 6));
    expect(seen).toEqual([2, 4, 6]);
  });

  test('ends with its first wrong entry: no other is looked at, and one problem is told', () => {
    const { entry, seen } = countingEntry();
    const parsed = boundedList(entry, 4_000_000).safeParse(sizes(2, ...Array<number>(100_000).fill(3)));
    expect(seen).toEqual([2, 3]);
    expect(parsed.error?.issues).toHaveLength(1);
    expect(parsed.error && firstProblem(parsed.error)).toBe('is odd at 1.size');
  });

  test('that is too long is refused before any entry is looked at', () => {
    const { entry, seen } = countingEntry();
    const parsed = boundedList(entry, 3).safeParse(sizes(2, 4, 6, 8));
    expect(seen).toEqual([]);
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      'Too big: expected a list of at most 3 entries, but it has 4',
    ]);
  });

  test.each([undefined, null, 'text', 7, {}])('is not %j', (value) => {
    expect(boundedList(z.unknown()).safeParse(value).error?.issues).toMatchObject([
      { message: 'Invalid input: expected a list' },
    ]);
  });

  test('may be left out where the schema says so', () => {
    const schema = z.object({ list: z.nullish(boundedList(z.string(), 1)) });
    expect([schema.parse({}), schema.parse({ list: null })]).toEqual([{}, { list: null }]);
  });
});

test('a list of anything is taken by its length alone', () => {
  const items = new Proxy([1, 2, 3], {
    get: (list, key) => {
      if (key !== 'length') throw new Error(`asked for ${String(key)}`);
      return list.length;
    },
  });
  expect(anyList(3).parse(items)).toBe(items);
  expect(anyList(2).safeParse(items).success).toBe(false);
});
