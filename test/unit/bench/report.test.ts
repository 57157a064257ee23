import { withPart } from '../../../bench/report/document';
import { readOptions } from '../../../bench/report/options';
import { isMet, type Goal, type PartReport } from '../../../bench/report/part';
import { partText, type Report } from '../../../bench/report/report';
import { busyRate, mean, median, medians, percentile } from '../../../bench/report/statistics';
import { figure, tableText } from '../../../bench/report/table';

test('the median is the middle, or the mean of the two in the middle, in whatever order the numbers come', () => {
  expect(median([30, 1, 2])).toBe(2);
  expect(median([4, 1, 30, 2])).toBe(3);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test('a percentile is one of the numbers: the least that the share does not exceed', () => {
  const numbers = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(numbers, 0.95)).toBe(95);
  expect(percentile(numbers, 1)).toBe(100);
  expect(percentile([3, 1, 2], 0.95)).toBe(3);
  expect(percentile([3, 1, 2], 0.01)).toBe(1);
  expect(percentile([], 0.95)).toBeNaN();
});

test('medians are taken figure by figure', () => {
  const runs = [
    { rate: 1, seconds: 90 },
    { rate: 3, seconds: 10 },
    { rate: 2, seconds: 50 },
  ];
  expect(medians(runs)).toEqual({ rate: 2, seconds: 50 });
});

test('the mean of nothing is nothing', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean([])).toBeNaN();
});

test('a slow start and stragglers at the end do not count into the rate while busy', () => {
  const steady = Array.from({ length: 80 }, (_, index) => 100_000 + index * 100);
  const start = Array.from({ length: 10 }, (_, index) => index);
  const stragglers = Array.from({ length: 10 }, (_, index) => 900_000 + index);
  expect(busyRate([...stragglers, ...steady, ...start])).toBeCloseTo(10);
  expect(busyRate([1, 2, 3])).toBeNaN();
});

test('a figure has the digits that were asked for, and a dash where nothing was measured', () => {
  expect(figure(1234.567)).toBe('1,235');
  expect(figure(0.5, 2)).toBe('0.50');
  expect(figure(NaN)).toBe('–');
  expect(figure(-Infinity, 1)).toBe('–');
});

test('a table is Markdown, a bar in a cell stays in its cell, and a row of another length is refused', () => {
  const table = { caption: 'Both.', head: ['a', 'b'], rows: [['x|y', '1']] };
  expect(tableText(table)).toBe('Both.\n\n| a | b |\n| --- | --- |\n| x\\|y | 1 |');
  expect(() => tableText({ ...table, rows: [['x']] })).toThrow('"x" has 1 cells, not 2');
});

test('a goal says which side of its limit is good, and what was not measured is missed', () => {
  const goal: Goal = { what: 'share', measured: 0.6, limit: 0.6, wanted: 'at least' };
  expect(isMet(goal)).toBe(true);
  expect(isMet({ ...goal, measured: 0.59 })).toBe(false);
  expect(isMet({ ...goal, wanted: 'at most', measured: 0.61 })).toBe(false);
  expect(isMet({ ...goal, wanted: 'at most', measured: 0.59 })).toBe(true);
  expect(isMet({ ...goal, measured: NaN })).toBe(false);
});

const part: PartReport = {
  name: 'flow',
  about: '200 connections.',
  tables: [{ caption: 'Rates.', head: ['side', 'rate'], rows: [['the app', '40']] }],
  goals: [{ what: 'Share', measured: 0.5, limit: 0.6, wanted: 'at least' }],
  figures: {},
};
const report: Report = {
  machine: '2 × Something',
  measuredAt: '2026-03-01T10:00:00.000Z',
  runs: 5,
  quick: false,
  load: 0.25,
  parts: [part],
};

test('the text of a part names the machine, the day, the runs and the load, and says of each goal whether it is met', () => {
  const text = partText(report, part);
  expect(text).toContain('200 connections. 2 × Something; 2026-03-01; medians of 5 runs; load before 0.3.');
  expect(text).toContain('| the app | 40 |');
  expect(text).toContain('- Share: **0.50**, wanted at least 0.60: MISSED');
});

test('a quick run is marked as one whose figures are to be ignored', () => {
  expect(partText({ ...report, quick: true, runs: 1 }, part)).toContain(
    'medians of 1 run; load before 0.3; **a quick run: ignore the figures**.',
  );
});

const document = `# Performance

<!-- bench:cold -->

old cold

<!-- /bench:cold -->

Words.

<!-- bench:flow -->
<!-- /bench:flow -->
`;

test('only what stands between the markers of its part is replaced, however often', () => {
  const once = withPart(document, 'flow', 'new flow');
  const twice = withPart(withPart(once, 'cold', 'new cold'), 'flow', 'newer flow');
  expect(twice).toBe(`# Performance

<!-- bench:cold -->

new cold

<!-- /bench:cold -->

Words.

<!-- bench:flow -->

newer flow

<!-- /bench:flow -->
`);
});

test('a text with signs that a replacement would take for patterns stays as it is', () => {
  expect(withPart(document, 'flow', "$& costs $1 and $'")).toContain("$& costs $1 and $'");
});

test('a document without the markers of a part is refused', () => {
  expect(() => withPart(document, 'wait', 'x')).toThrow('<!-- bench:wait -->');
  expect(() => withPart('<!-- /bench:wait --> <!-- bench:wait -->', 'wait', 'x')).toThrow(
    '<!-- bench:wait -->',
  );
});

const parts = ['cold', 'flow', 'wait'];

test('without options all parts are measured five times', () => {
  expect(readOptions([], parts)).toEqual({ parts, runs: 5, quick: false, json: undefined, write: false });
});

test('parts can be chosen and keep their order; a quick run is one run unless more are asked for', () => {
  const chosen = readOptions(['--only', 'wait', '--only', 'cold', '--quick', '--json', 'x.json'], parts);
  expect(chosen).toMatchObject({ parts: ['cold', 'wait'], runs: 1, quick: true, json: 'x.json' });
  expect(readOptions(['--quick', '--runs', '3'], parts).runs).toBe(3);
});

test.each([
  [['--only', 'warm'], '--only takes one of cold, flow, wait, not "warm"'],
  [['--runs', '0'], '--runs takes a whole number from 1 to 99, not "0"'],
  [['--runs', '2.5'], 'not "2.5"'],
  [['--fast'], '--only PART'],
  [['--help'], 'npm run bench'],
])('%j is told what is wrong with it', (args, message) => {
  expect(() => readOptions(args, parts)).toThrow(message);
});
