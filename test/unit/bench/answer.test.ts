import { runsPerHour, untilSecond } from '../../../bench/answer/idle-hour';
import { goalsOf, idleTable, secondsTable, type Answered } from '../../../bench/answer/report';
import { isMet } from '../../../bench/report/part';
import { tableText } from '../../../bench/report/table';

function answered(name: string, some: Partial<Answered> = {}): Answered {
  const seconds = [...Array.from({ length: 95 }, () => 1), 2.5, 2.5, 60, 60, 60];
  return { name, seconds, idleHour: { everyMinute: 7_200, sweeps: 40 }, ...some };
}

const first = answered('Postern 0.1.0');
const missed = (present: Answered): readonly string[] =>
  goalsOf({ present, first }).flatMap((goal) => (isMet(goal) ? [] : [goal.what]));

test('half of all events within a second, and 95 of 100 within two and a half: the goals are met', () => {
  expect(missed(answered('Postern'))).toEqual([]);
});

test.each<[string, Partial<Answered>, string]>([
  ['every second event takes longer', { seconds: [1.01, 1.02, 0.5] }, 'median'],
  [
    'six of 100 events take longer',
    { seconds: [...Array.from({ length: 94 }, () => 0), 3, 3, 3, 3, 3, 3] },
    '95th',
  ],
  ['the queues are read more often', { idleHour: { everyMinute: 7_400, sweeps: 40 } }, 'idle hour'],
  ['a sweep costs more', { idleHour: { everyMinute: 7_200, sweeps: 400 } }, 'idle hour'],
])('if %s, one goal is missed', (_, change, what) => {
  expect(missed(answered('Postern', change))).toEqual([expect.stringContaining(what)]);
});

test('without any event no goal of seconds is met', () => {
  expect(missed(answered('Postern', { seconds: [] }))).toHaveLength(2);
});

test('without version 0.1.0 only its rows and its goal are missing', () => {
  const alone = { present: answered('Postern'), first: undefined };
  expect(goalsOf(alone)).toHaveLength(2);
  expect(tableText(secondsTable(alone))).not.toContain('0.1.0');
  expect(tableText(idleTable(alone))).toContain('| Postern | 7,200 | 40 | 7,240 |');
  expect(tableText(idleTable({ ...alone, first }))).toContain('| Postern 0.1.0 | 7,200 | 40 | 7,240 |');
});

test.each([
  ['0 */15 * * * *', 4],
  ['30 * * * * *', 60],
  ['0 0 3 * * *', 0],
])('%s runs %d times in an hour', (schedule, runs) => {
  expect(runsPerHour(schedule)).toBe(runs);
});

test('counting begins at the same second of a minute', () => {
  expect(untilSecond(45, new Date('2026-01-01T00:00:44.500Z'))).toBe(500);
  expect(untilSecond(45, new Date('2026-01-01T00:00:45.000Z'))).toBe(0);
  expect(untilSecond(45, new Date('2026-01-01T00:00:46.000Z'))).toBe(59_000);
});
