import fc from 'fast-check';
import { formatTimeSpan, parseTimeSpan, timeSpanProblem } from '../../../../src/policy/file/time-span';

const units = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
const counts = fc.record(
  { d: fc.nat(99_999), h: fc.nat(99_999), m: fc.nat(99_999), s: fc.nat(99_999) },
  { requiredKeys: [] },
);

test('days, hours, minutes and seconds add up, whichever of them are there', () => {
  fc.assert(
    fc.property(counts, (parts) => {
      const stated = (['d', 'h', 'm', 's'] as const).filter((unit) => parts[unit] !== undefined);
      const text = stated.map((unit) => `${parts[unit]}${unit}`).join('');
      const seconds = stated.reduce((sum, unit) => sum + units[unit] * (parts[unit] ?? 0), 0);
      expect(parseTimeSpan(text)).toBe(stated.length === 0 ? undefined : seconds);
    }),
  );
});

test('what is formatted is read back as it was, and needs no days', () => {
  fc.assert(
    fc.property(fc.nat(), (seconds) => {
      const text = formatTimeSpan(seconds);
      expect(parseTimeSpan(text)).toBe(seconds);
      expect(text).toMatch(/^(\d+h)?(\d+m)?(\d+s)?$/);
    }),
  );
});

const piece = fc.constantFrom(
  ...[
    '1',
    '7',
    '168',
    '0',
    '1.5',
    '-',
    '+',
    ' ',
    'd',
    'h',
    'm',
    's',
    'w',
    'days',
    'hour',
    'P',
    'T',
    ',',
    ' and ',
    '\n',
    'µ',
    '٣',
  ],
);

const slip = /undefined|NaN|Infinity/;

test('any text is a time span or gets an explanation whose suggestion is a time span', () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (stated) => {
      const seconds = parseTimeSpan(stated);
      if (seconds !== undefined) {
        expect(Number.isSafeInteger(seconds) && seconds >= 0).toBe(true);
        expect(stated).toMatch(/^[0-9dhms]+$/);
        return;
      }
      const problem = timeSpanProblem(stated);
      const [, proposed] = /: write `([^`]+)`$/.exec(problem) ?? [];
      if (proposed !== undefined) expect(parseTimeSpan(proposed)).toBeGreaterThan(0);
      // The problem quotes the text, which may be the word itself.
      if (!slip.test(stated)) expect(problem).not.toMatch(slip);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['7 days', '7d'],
  ['2 weeks', '14d'],
  ['1 day, 12 hours and 30 minutes', '36h30m'],
  ['90 min', '1h30m'],
  ['PT168H', '7d'],
  ['P2W', '14d'],
  [' 24h ', '1d'],
])('for %j, %s is proposed', (text, proposed) => {
  expect(timeSpanProblem(text)).toContain(`: write \`${proposed}\``);
});

test.each(['soon', '1y', '2M1', 'h', 'P1M', '5 fortnights', '0 days', '9999999999'])(
  'for %j the form is reported, and nothing is guessed',
  (text) => {
    expect(timeSpanProblem(text)).toMatch(/such as `7d`, `168h` or `24h30m`$/);
  },
);

test.each<[string, number | undefined]>([
  ['0s', 0],
  ['1d', 86_400],
  ['1h', 3_600],
  ['1m', 60],
  ['1s', 1],
  ['2d3h4m5s', 183_845],
  ['24h30m', 88_200],
  ['999999999s', 999_999_999],
  ['1000000000s', undefined],
  ['1h1d', undefined],
  ['1h1h', undefined],
  [' 1h', undefined],
  ['1h ', undefined],
  ['1', undefined],
  ['h', undefined],
  ['', undefined],
  ['-1h', undefined],
  ['1.5h', undefined],
  ['1H', undefined],
])('%j is a time of %s seconds', (text, seconds) => {
  expect(parseTimeSpan(text)).toBe(seconds);
});

test.each([
  [0, '0s'],
  [59, '59s'],
  [60, '1m'],
  [3_599, '59m59s'],
  [3_600, '1h'],
  [3_661, '1h1m1s'],
  [604_800, '168h'],
])('%d seconds are written as %s', (seconds, text) => {
  expect(formatTimeSpan(seconds)).toBe(text);
});

const form = 'write whole days, hours, minutes and seconds, such as `7d`, `168h` or `24h30m`';
test.each([
  ['', 'the time is empty: write one such as `168h` or `7d`'],
  [' \t', 'the time is empty: write one such as `168h` or `7d`'],
  ['-1h', '`-1h` is not a time: a time that begins with a minus is already over'],
  [' \u22121h', '` \u22121h` is not a time: a time that begins with a minus is already over'],
  ['1-h', `\`1-h\` is not a time: ${form}`],
  ['5', '`5` is not a time: add the unit, `5h` for hours or `5d` for days'],
  [' 168 ', '` 168 ` is not a time: add the unit, `168h` for hours or `168d` for days'],
  ['123456789', '`123456789` is not a time: add the unit, `123456789h` for hours or `123456789d` for days'],
  ['1234567890', `\`1234567890\` is not a time: ${form}`],
  ['5x', `\`5x\` is not a time: ${form}`],
  ['x'.repeat(41), `\`${'x'.repeat(40)}\` is not a time: ${form}`],
  ...['w', 'wk', 'wks', 'week', 'weeks', 'W', 'Weeks'].map((unit) => [
    `2 ${unit}`,
    `\`2 ${unit}\` is not a time: write \`14d\``,
  ]),
  ...['day', 'days', 'D'].map((unit) => [`2 ${unit}`, `\`2 ${unit}\` is not a time: write \`2d\``]),
  ...['hr', 'hrs', 'hour', 'hours', 'H'].map((unit) => [
    `2 ${unit}`,
    `\`2 ${unit}\` is not a time: write \`2h\``,
  ]),
  ...['min', 'mins', 'minute', 'minutes'].map((unit) => [
    `2 ${unit}`,
    `\`2 ${unit}\` is not a time: write \`2m\``,
  ]),
  ...['sec', 'secs', 'second', 'seconds'].map((unit) => [
    `2 ${unit}`,
    `\`2 ${unit}\` is not a time: write \`2s\``,
  ]),
  ['2 d 3 h', '`2 d 3 h` is not a time: write `51h`'],
  ['1h1d', '`1h1d` is not a time: write `25h`'],
  ['1.5h', '`1.5h` is not a time: write `1h30m`'],
  ['1 day, 2 hours', '`1 day, 2 hours` is not a time: write `26h`'],
  ['1 day and 2 hours', '`1 day and 2 hours` is not a time: write `26h`'],
  ['1 day or 2 hours', `\`1 day or 2 hours\` is not a time: ${form}`],
  ['P1D', '`P1D` is not a time: write `1d`'],
  ['p1w', '`p1w` is not a time: write `7d`'],
  ['PT1H30M10S', '`PT1H30M10S` is not a time: write `1h30m10s`'],
  ['P1DT12H', '`P1DT12H` is not a time: write `36h`'],
  ['PT', `\`PT\` is not a time: ${form}`],
  ['P1M', `\`P1M\` is not a time: ${form}`],
  ['xP1D', `\`xP1D\` is not a time: ${form}`],
  ['P1Dx', `\`P1Dx\` is not a time: ${form}`],
  ['0h1x', `\`0h1x\` is not a time: ${form}`],
  ['0 hours', `\`0 hours\` is not a time: ${form}`],
])('of %j it is said: %s', (text, problem) => {
  expect(timeSpanProblem(text ?? '')).toBe(problem);
});
