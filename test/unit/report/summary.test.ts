import fc from 'fast-check';
import { ageOf, endingOf, mostListed, summaryOf } from '../../../src/report/summary';
import { sampleNow, sampleReport } from '../../../dev/report/sample-estate';

const now = new Date('2026-03-01T12:00:00Z');

test.each([
  ['2026-03-01T12:00:00Z', 'under 30 days'],
  ['2026-01-30T12:00:01Z', 'under 30 days'],
  ['2026-01-30T12:00:00Z', '30 to 89 days'],
  ['2025-12-01T12:00:00Z', '90 to 364 days'],
  ['2025-03-01T12:00:00Z', 'a year or more'],
  ['2026-03-01T12:00:01Z', 'unknown'],
  ['not a time', 'unknown'],
  [undefined, 'unknown'],
])('since %s is %s', (since, age) => {
  expect(ageOf(since, now)).toBe(age);
});

test.each([
  ['2026-03-01T12:00:00Z', 'has passed'],
  ['2026-03-08T12:00:00Z', 'within 7 days'],
  ['2026-03-08T12:00:01Z', 'within 30 days'],
  ['2026-03-31T12:00:01Z', 'later'],
  ['not a time', 'later'],
])('an approval that ends at %s: %s', (endsAt, ending) => {
  expect(endingOf(endsAt, now)).toBe(ending);
});

test('each connection counts once, and what it has in common does not depend on the order of rows', () => {
  const { rows } = sampleReport(300);
  const summary = summaryOf(rows, sampleNow);
  const sum = (counts: readonly { readonly count: number }[]): number =>
    counts.reduce((all, { count }) => all + count, 0);
  expect(summary.connections).toBe(300);
  for (const counts of [summary.byStatus, summary.byType, summary.bySource, summary.byAge])
    expect(sum(counts)).toBe(300);
  const approved = rows.filter(({ status }) => status === 'Approved').length;
  expect(sum(summary.byVerdict)).toBe(approved);
  expect(sum(summary.byEnd)).toBe(rows.filter(({ flags }) => flags.includes('ends')).length);
  expect(sum(summary.byFlag)).toBe(rows.reduce((all, { flags }) => all + flags.length, 0));
  expect(summary.byTarget).toHaveLength(mostListed);
  fc.assert(
    fc.property(fc.shuffledSubarray([...rows], { minLength: rows.length }), (shuffled) => {
      expect(summaryOf(shuffled, sampleNow)).toEqual(summary);
    }),
    { numRuns: 10 },
  );
});

test('names that a stranger may choose are only names', () => {
  const [row] = sampleReport(1).rows;
  const rows = ['__proto__', 'constructor', '__PROTO__'].map((status) => ({ ...row!, status }));
  expect(summaryOf(rows, sampleNow).byStatus).toEqual([
    { key: '__proto__', count: 2 },
    { key: 'constructor', count: 1 },
  ]);
});

test('no rows have an empty summary', () => {
  expect(summaryOf([], now)).toMatchObject({
    connections: 0,
    targets: 0,
    byStatus: [],
    byFlag: [],
    byTarget: [],
  });
});
