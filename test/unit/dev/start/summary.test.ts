import { isGood, summaryLine, summaryTable } from '../../../../dev/start/summary';
import type { Result } from '../../../../dev/start/scenario';

const result = (ending: Result['ending'], planned: 'approved' | 'held' = 'approved'): Result => ({
  planned: {
    label: 'kv-payments-of-a-very-long-name/pe-of-a-very-long-name',
    targetId: '/t',
    endpointId: '/e',
    message: `please \u001b[2J\u202e${'and so on '.repeat(20)}`,
    ending: planned,
  },
  ending,
  rules: ['a-rule-with-a-very-long-name', 'another'],
  status: 'Approved',
});
const results = [result('approved'), result('held'), result(undefined), result('otherwise expired')];

test.each([80, 100, 160])('the table fits %i columns, whatever the names and messages', (columns) => {
  for (const isShipped of [true, false]) {
    const table = summaryTable(results, { columns, isShipped });
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(table).not.toMatch(/[^\P{C}\n]/u);
    expect(table.includes('please')).toBe(columns > 80);
  }
});

test('the shipped policy is judged by its planned endings', () => {
  const options = { columns: 80, isShipped: true };
  const marks = summaryTable(results, options).split('\n').slice(1);
  expect(marks.map((line) => line.slice(0, 2))).toEqual(['ok', 'NO', 'NO', 'NO']);
  expect(isGood(results, true)).toBe(false);
  expect(isGood([result('approved'), result('held', 'held')], true)).toBe(true);
  expect(JSON.parse(summaryLine(results, { seconds: 1.26, isShipped: true }))).toMatchObject({
    settled: 3,
    failed: 3,
    seconds: 1.3,
  });
});

test('a policy of your own is good when all have settled, and has no verdicts', () => {
  expect(summaryTable(results, { columns: 80, isShipped: false })).not.toMatch(/^(ok|NO)/m);
  expect(isGood(results, false)).toBe(false);
  expect(isGood([result('held'), result('would approve'), result('untouched')], false)).toBe(true);
  const line = summaryLine([...results, result('would approve')], { seconds: 1, isShipped: false });
  expect(JSON.parse(line)).toMatchObject({ settled: 4, audited: 1, failed: 2 });
});
