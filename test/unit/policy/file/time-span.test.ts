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
      expect(problem).not.toMatch(/undefined|NaN|Infinity/);
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
