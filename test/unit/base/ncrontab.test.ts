import fc from 'fast-check';
import { nextOccurrence, parseNcrontab } from '../../../src/base/ncrontab';
import { isFrequent, parseSchedule } from '../../../dev/host/timer/schedule';

const now = new Date('2024-02-10T10:30:15.500Z'); // a Saturday

describe('an NCRONTAB expression', () => {
  test.each([
    ['every second', '* * * * * *', '2024-02-10T10:30:16.000Z'],
    ['each quarter of an hour', '0 */15 * * * *', '2024-02-10T10:45:00.000Z'],
    ['five fields have no second', '0 11 * * *', '2024-02-10T11:00:00.000Z'],
    ['a step from a value goes to the end', '0 20/25 * * * *', '2024-02-10T10:45:00.000Z'],
    ['a list', '0 0 9,12 * * *', '2024-02-10T12:00:00.000Z'],
    ['a range with a step', '0 0 1-9/4 * * *', '2024-02-11T01:00:00.000Z'],
    ['a range the wrong way round is swapped', '0 0 0 * * 5-1', '2024-02-12T00:00:00.000Z'],
    ['names by any prefix', '0 0 0 * JUN m', '2024-06-03T00:00:00.000Z'],
    ['an ambiguous prefix is the first name', '0 0 0 1 j *', '2025-01-01T00:00:00.000Z'],
    ['29 February', '0 0 0 29 2 *', '2024-02-29T00:00:00.000Z'],
    ['day of month and day of week must both match', '0 0 0 13 * 5', '2024-09-13T00:00:00.000Z'],
    ['a step with zeros before it', '*/00002 * * * * *', '2024-02-10T10:30:16.000Z'],
    ['a value with zeros before it', '00000000059 * * * * *', '2024-02-10T10:30:59.000Z'],
    ['a range in steps of zero is the whole range', '0 0 0 1-5/0 * *', '2024-03-01T00:00:00.000Z'],
    ['steps of zero from a value go to the end', '5/0 * * * * *', '2024-02-10T10:30:16.000Z'],
    ['steps of less than nothing', '*/-2 * * * * *', '2024-02-10T10:30:16.000Z'],
    ['steps with a sign', '*/+7 * * * * *', '2024-02-10T10:30:21.000Z'],
    ['a step past the end', '0/70 * * * * *', '2024-02-10T10:31:00.000Z'],
    ['many spaces', '  0  0 *  * * * ', '2024-02-10T11:00:00.000Z'],
    ['a tab after a number', '5\t * * * * *', '2024-02-10T10:31:05.000Z'],
    ['29 February on a Monday', '0 0 0 29 feb mon', '2044-02-29T00:00:00.000Z'],
    ['zeros before a number', '0 */00015 0010 * * *', '2024-02-10T10:45:00.000Z'],
    ['more than one blank', '0  */15   * * * *', '2024-02-10T10:45:00.000Z'],
  ])('%s: "%s"', (_, expression, expected) => {
    expect(nextOccurrence(parseNcrontab(expression), now)?.toISOString()).toBe(expected);
  });

  test.each([
    ['too few fields', '* * * *', '4 fields'],
    ['too many fields', '* * * * * * *', '7 fields'],
    ['7 for Sunday', '0 0 0 * * 7', 'day of week'],
    ['a second too large', '60 * * * * *', 'second'],
    ['a day zero', '0 0 0 0 * *', 'day'],
    ['the last day', '0 0 0 L * *', 'day'],
    ['a question mark', '0 0 0 ? * *', 'day'],
    ['a name where there is none', '0 0 jan * * *', 'hour'],
    ['a step that is no number', '*/a * * * * *', 'step'],
    ['a step that .NET cannot hold', '*/2147483648 * * * * *', 'step'],
    ['a value that .NET cannot hold', '99999999999 * * * * *', 'second'],
    ['a tab between fields', '0\t*/15 * * * *', 'minute'],
    ['a tab among six fields', '0\t*/15 * * * * *', 'second'],
    ['an item before a list', ',0 * * * * *', 'second'],
    ['a range without an end', '1- * * * * *', 'second'],
    ['a range that begins anywhere', '*-5 * * * * *', 'second'],
    ['a step of nothing', '/2 * * * * *', 'second'],
    ['another space', '0 0 0 * \u00a0 *', 'month'],
    ['an empty item', '0, * * * * *', 'second'],
    ['two steps', '1/2/3 * * * * *', 'second'],
    ['a step that no integer holds', '0 */4294967296 * * * *', 'step'],
    ['tabs between the fields', '0\t*/15\t*\t*\t*\t*', '1 fields'],
    ['a tab in a field', '0 */15\t* * * * *', 'minute'],
    ['a range of three', '1-2-3 * * * * *', 'second'],
  ])('is refused for %s', (_, expression, problem) => {
    expect(() => parseNcrontab(expression)).toThrow(problem);
  });

  test('a day that does not exist never comes', () => {
    expect(nextOccurrence(parseNcrontab('0 0 0 30 2 *'), now)).toBeUndefined();
  });

  test('the next occurrence is the first later second that matches in every field', () => {
    const second = expressionField(0, 59);
    const hourly = fc.tuple(second, second, expressionField(0, 23));
    fc.assert(
      fc.property(hourly, instants, ([s, m, h], after) => {
        const schedule = parseNcrontab(`${s} ${m} ${h} * * *`);
        const next = nextOccurrence(schedule, after);
        expect(next).toEqual(firstByTrying(schedule, after));
      }),
      { numRuns: 25 },
    );
  });

  test('the date of the next occurrence is the first that matches day, month and week day', () => {
    const dated = fc.tuple(expressionField(1, 28), expressionField(1, 12), expressionField(0, 6));
    fc.assert(
      fc.property(dated, instants, ([day, month, weekDay], after) => {
        const schedule = parseNcrontab(`0 0 0 ${day} ${month} ${weekDay}`);
        const next = nextOccurrence(schedule, after);
        let expected = Math.floor(after.getTime() / dayMs) * dayMs + dayMs;
        while (!matchesDate(schedule, new Date(expected))) expected += dayMs;
        expect(next?.getTime()).toBe(expected);
      }),
    );
  });

  test('any text is either read or refused with a RangeError', () => {
    const pieces = fc.constantFrom('*', '/', '-', ',', '1', '59', 'mon', ' ', ' * * * * *', 'L', '?');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        try {
          parseNcrontab(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('a schedule', () => {
  test('may be a time span between runs', () => {
    expect(parseSchedule('00:05:00').next(now)).toEqual(new Date('2024-02-10T10:35:15.500Z'));
  });

  test('that never comes is one all the same', () => {
    expect(parseSchedule('0 0 0 31 4 *').next(now)).toEqual(new Date('9999-12-31T23:59:59.000Z'));
  });

  test.each(['00:00:00', 'often', ''])('is refused when it is "%s"', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(`the schedule "${expression}" is not valid`);
  });

  test.each([
    ['*/30 * * * * *', true],
    ['0 * * * * *', false],
    ['0,30 0 * * * *', true],
    ['00:00:59', true],
    ['00:01:00', false],
    ['0 0 0 31 4 *', false],
  ])('"%s" comes more often than each minute: %s', (expression, expected) => {
    expect(isFrequent(parseSchedule(expression), now)).toBe(expected);
  });
});

const dayMs = 86_400_000;
const instants = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2090-01-01T00:00:00Z'),
  noInvalidDate: true,
});

/** The text of a field whose values are from `minimum` to `maximum`. */
function expressionField(minimum: number, maximum: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: minimum, max: maximum });
  const range = fc.tuple(value, value).map(([from, to]) => `${from}-${to}`);
  const stepped = fc
    .tuple(fc.oneof(fc.constant('*'), range, value.map(String)), fc.integer({ min: 1, max: 20 }))
    .map(([text, step]) => `${text}/${step}`);
  const item = fc.oneof(fc.constant('*'), value.map(String), range, stepped);
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','));
}

function firstByTrying(schedule: ReturnType<typeof parseNcrontab>, after: Date): Date {
  let time = Math.floor(after.getTime() / 1000) * 1000 + 1000;
  for (;;) {
    const date = new Date(time);
    const isMatch =
      schedule.seconds.has(date.getUTCSeconds()) &&
      schedule.minutes.has(date.getUTCMinutes()) &&
      schedule.hours.has(date.getUTCHours());
    if (isMatch) return date;
    time += 1000;
  }
}

function matchesDate(schedule: ReturnType<typeof parseNcrontab>, date: Date): boolean {
  return (
    schedule.days.has(date.getUTCDate()) &&
    schedule.months.has(date.getUTCMonth() + 1) &&
    schedule.weekDays.has(date.getUTCDay())
  );
}
