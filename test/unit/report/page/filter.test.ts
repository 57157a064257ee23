import fc from 'fast-check';
import { choicesOf, filteredRows, filterText, noFilter } from '../../../../report/filter/filter';
import { sortColumns, sortedRows } from '../../../../report/filter/sort';
import { ageText, groupOf } from '../../../../report/words';
import { longest } from '../../../../src/report/longest';
import { sampleNow, sampleReport } from '../../../../dev/report/sample-estate';
import { hostileText } from '../../../support/arbitraries/hostile-text';

const { rows } = sampleReport(400);

test('the filter that shows everything shows everything', () => {
  expect(filteredRows(rows, noFilter)).toBe(rows);
  expect(filteredRows(rows, { ...noFilter, text: '  ' })).toEqual(rows);
});

test('each choice shows exactly the rows that have it, and each row is shown by its own', () => {
  const { types, subscriptions, statuses, flags } = choicesOf(rows);
  for (const type of types)
    expect(filteredRows(rows, { ...noFilter, type })).toEqual(rows.filter((row) => row.type === type));
  for (const subscription of subscriptions)
    expect(filteredRows(rows, { ...noFilter, subscription })).toEqual(
      rows.filter((row) => row.subscription === subscription),
    );
  for (const status of statuses)
    expect(filteredRows(rows, { ...noFilter, status })).toEqual(rows.filter((row) => row.status === status));
  for (const [flag, count] of flags)
    expect(filteredRows(rows, { ...noFilter, flags: [flag] })).toHaveLength(count);
  expect(flags.length).toBeGreaterThan(5);
});

test('several conditions must all be true', () => {
  const shown = filteredRows(rows, {
    ...noFilter,
    status: 'Approved',
    flags: ['policyDiffers', 'neverReviewed'],
    text: 'SANDBOX pe-',
  });
  expect(shown.length).toBeGreaterThan(0);
  for (const row of shown) {
    expect(row).toMatchObject({
      status: 'Approved',
      flags: expect.arrayContaining(['policyDiffers', 'neverReviewed']),
    });
    expect(row.requester?.managementGroups).toContain('sandbox');
  }
});

test('what is searched is text, whatever its signs mean elsewhere', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const [word = ''] = text.trim().slice(0, longest.id).split(/\s+/);
      const named = { ...rows[0]!, message: `before ${word} behind` };
      expect(filteredRows([named], { ...noFilter, text: word })).toEqual([named]);
    }),
  );
  expect(filteredRows(rows, { ...noFilter, text: '.*' })).toEqual([]);
  expect(filteredRows(rows, { ...noFilter, text: 'x'.repeat(1_000_000) })).toEqual([]);
});

test.each(sortColumns)('by %s, rows are in order in both directions, and none is lost', (column) => {
  const up = sortedRows(rows, { column, isDescending: false });
  const down = sortedRows(rows, { column, isDescending: true });
  expect(new Set(up)).toEqual(new Set(rows));
  expect(new Set(down)).toEqual(new Set(rows));
  expect(sortedRows(up, { column, isDescending: false })).toEqual(up);
});

test('rows of which nobody knows since when come last in both directions', () => {
  for (const isDescending of [false, true]) {
    const since = sortedRows(rows, { column: 'since', isDescending }).map((row) => row.since);
    const known = since.filter((each) => each !== undefined);
    expect(since.slice(known.length).every((each) => each === undefined)).toBe(true);
    expect(known).toEqual(isDescending ? known.toSorted().toReversed() : known.toSorted());
  }
});

test('a filter in words', () => {
  const wordOf = (type: string): string => `the ${type}`;
  expect(filterText(noFilter, wordOf)).toBe('none');
  expect(
    filterText({ type: 'T', subscription: 'S', status: 'Approved', flags: ['ends'], text: 'x y' }, wordOf),
  ).toBe('type the T; subscription S; status Approved; Approval ends; containing “x y”');
});

test.each([
  ['2026-06-01T07:30:00Z', '0 hours'],
  ['2026-06-01T06:30:00Z', '1 hour'],
  ['2026-05-30T09:00:00Z', '47 hours'],
  ['2026-05-30T08:00:00Z', '2 days'],
  ['2022-06-01T08:00:00Z', '1,461 days'],
  ['2026-06-01T08:00:01Z', 'in the future'],
])('%s was %s ago', (since, text) => {
  expect(ageText(since, sampleNow)).toBe(text);
});

test('an id without a resource group has none', () => {
  expect(groupOf('/subscriptions/x/resourceGroups/rg/providers/y')).toBe('rg');
  expect(groupOf('__proto__')).toBe('');
});
