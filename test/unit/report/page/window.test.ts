import fc from 'fast-check';
import { mostRows, spare, windowOf } from '../../../../report/list/window';

test('the rows that can be seen are on the page, and few others', () => {
  const scrolled = fc.record({
    count: fc.integer({ min: 1, max: 250_000 }),
    height: fc.integer({ min: 0, max: 2_000 }),
    rowHeight: fc.double({ min: 20, max: 200, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(scrolled, ({ part, ...all }) => {
      const most = Math.max(0, all.count * all.rowHeight - all.height);
      const scrollTop = part * most;
      const { start, end } = windowOf({ ...all, scrollTop });
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(all.count);
      expect(end - start).toBeLessThanOrEqual(mostRows);
      const first = Math.min(all.count - 1, Math.floor(scrollTop / all.rowHeight));
      const last = Math.min(all.count, Math.ceil((scrollTop + all.height) / all.rowHeight));
      expect(start).toBeLessThanOrEqual(first);
      expect(end).toBeGreaterThanOrEqual(last);
    }),
  );
});

test.each([
  [
    { scrollTop: 0, height: 560, rowHeight: 56, count: 0 },
    { start: 0, end: 0 },
  ],
  [
    { scrollTop: 0, height: 560, rowHeight: 56, count: 3 },
    { start: 0, end: 3 },
  ],
  [
    { scrollTop: 0, height: 560, rowHeight: 0, count: 100 },
    { start: 0, end: spare },
  ],
  [
    { scrollTop: 0, height: 560, rowHeight: Number.NaN, count: 100 },
    { start: 0, end: spare },
  ],
  [
    { scrollTop: -50, height: 560, rowHeight: 56, count: 100 },
    { start: 0, end: 31 },
  ],
  [
    { scrollTop: 1e9, height: 560, rowHeight: 56, count: 100 },
    { start: 79, end: 100 },
  ],
  [
    { scrollTop: 0, height: 1e9, rowHeight: 56, count: 1_000 },
    { start: 0, end: mostRows },
  ],
])('%j shows %j', (scrolled, expected) => {
  expect(windowOf(scrolled)).toEqual(expected);
});
