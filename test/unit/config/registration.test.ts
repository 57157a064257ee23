import fc from 'fast-check';
import { readConfig } from '../../../src/config/config';
import { defaultSweepSchedule, sweepSchedule, sweepScheduleProblem } from '../../../src/config/registration';
import { nextOccurrence, parseNcrontab } from '../../../src/base/ncrontab';
import { createLiveDoctor } from '../../../src/cli/live/live-doctor';
import { runTool } from '../../support/rigs/cli';

const storage = { AzureWebJobsStorage__accountName: 'stpostern' };

const wrong: readonly (readonly [string, string])[] = [
  ['0 0/15 * * * ?', '? is not supported'],
  ['0 0 0 L * *', 'L, W and # are not supported'],
  ['0 0 0 15W * *', 'L, W and # are not supported'],
  ['0 0 0 * * 5#2', 'L, W and # are not supported'],
  ['0 0 0 * * FRIL', 'L, W and # are not supported'],
  ['0 61 * * * *', 'the minute is 0 to 59'],
  ['60 * * * * *', 'the second is 0 to 59'],
  ['0 0 24 * * *', 'the hour is 0 to 23'],
  ['0 0 0 0 * *', 'the day is 1 to 31'],
  ['0 0 0 1 13 *', 'the month is 1 to 12 or a name'],
  ['0 */0 * * * *', 'a step is a number from 1 on'],
  ['0 1-5/0 * * * *', 'a step is a number from 1 on'],
  ['0 */-5 * * * *', 'the minute is'],
  ['0 1,,2 * * * *', 'the minute is'],
  ['0 0 9 * * 7', 'Sunday is 0, not 7'],
  ['0 0 9 * * sun-7', 'Sunday is 0, not 7'],
  ['"0 */15 * * * *"', 'is in quotes'],
  ['“0 */15 * * * *”', 'is in quotes'],
  ["'0 */15 * * * *'", 'is in quotes'],
  ['\ufeff0 */15 * * * *', 'U+FEFF'],
  ['0\u00a0*/15 * * * *', 'U+00A0'],
  ['0 */15 * * * *\u200b', 'U+200B'],
  ['0\t*/15\t*\t*\t*\t*', 'U+0009'],
  ['every fifteen minutes please now ok', 'the second is'],
  ['24:00:00', 'time span'],
  ['00:15:00', 'time span'],
  ['1.00:00:00', 'time span'],
  ['00:15', 'time span'],
  ['*/15 * * * *', 'it has 5 fields instead of six'],
  ['0 */15 * * * * 2026', 'it has 7 fields instead of six'],
  ['@hourly', 'it has 1 fields'],
  ['0 0 0 30 2 *', 'there is no such day'],
  ['0 0 0 31 4,6,9,11 *', 'there is no such day'],
  ['%SCHEDULE%', 'that does not exist'],
  ['0 % * * * *', 'that does not exist'],
  ['@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/s)', 'not resolved'],
  ['<schedule>', 'placeholder'],
];

/** What the message says whatever the setting is. */
const fixed = `"${defaultSweepSchedule}"`;

describe('SWEEP_SCHEDULE', () => {
  test.each(wrong)('%j is told, and the timer runs by the default', (text, told) => {
    const environment = { ...storage, SWEEP_SCHEDULE: text };
    expect(() => readConfig(environment)).toThrow(/SWEEP_SCHEDULE /);
    expect(() => readConfig(environment)).toThrow(told);
    if (!fixed.includes(text)) expect(() => readConfig(environment)).not.toThrow(text);
  });

  test.each(wrong.filter(([text]) => text.trim() === text))(
    '%j leaves the timer with the default, so that the sweep runs and tells',
    (text) => {
      expect(sweepSchedule({ SWEEP_SCHEDULE: text })).toBe(defaultSweepSchedule);
    },
  );

  test.each([
    '0 */15 * * * *',
    '0  0 * * * *',
    '0 */00015 * * * *',
    '*/30 * * * * *',
    '0 5/20 8-18 * * MON-FRI',
    '0 0 4 1,15 JAN,jul *',
    '0 0 0 29 2 *',
    '0 0 0 * * 5-1',
  ])('%j is taken as it is', (text) => {
    expect(readConfig({ ...storage, SWEEP_SCHEDULE: text })).toBeDefined();
    expect(sweepSchedule({ SWEEP_SCHEDULE: text })).toBe(text);
  });

  test('a reference to another setting is resolved as the host does, wherever it stands', () => {
    const others = { SCHEDULE: '0 0 * * * *', Minutes: '*/10', WRONG: '0 0 * * * ?' };
    const read = (text: string) => sweepSchedule({ ...others, SWEEP_SCHEDULE: text });
    expect(read('%SCHEDULE%')).toBe('0 0 * * * *');
    expect(read('0 %MINUTES% * * * *')).toBe('0 */10 * * * *');
    expect(sweepScheduleProblem({ ...others, SWEEP_SCHEDULE: '%WRONG%' })).toContain('? is not supported');
  });

  test('whatever it is, the timer gets a schedule that comes, and what is not told is what it gets', () => {
    const piece = fc.constantFrom(
      '0',
      '*',
      '*/5',
      '7',
      '?',
      'L',
      '1-3',
      '/',
      ' ',
      '\t',
      '%',
      'mon',
      '31',
      '2',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(' ')),
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (schedule) => {
        const environment = { SWEEP_SCHEDULE: schedule };
        const registered = sweepSchedule(environment);
        expect(nextOccurrence(parseNcrontab(registered), new Date(0))).toBeDefined();
        if (sweepScheduleProblem(environment) === undefined && schedule.trim() !== '')
          expect(registered).toBe(schedule.trim());
      }),
    );
  });
});

test.each(wrong)('doctor --only settings names the setting of %j and ends with 1', async (text) => {
  const file = JSON.stringify({ Values: { ...storage, SWEEP_SCHEDULE: text } });
  const { exitCode, output } = await runTool(['doctor', '--only', 'settings', '--settings', 's.json'], {
    files: { 's.json': file },
    doctorSources: (environment) => createLiveDoctor({ environment, onMalformed: () => undefined }),
  });
  expect(exitCode).toBe(1);
  expect(output.join('\n')).toMatch(/problem +SWEEP_SCHEDULE: /);
});
