/** One kind of field of an NCRONTAB expression: its range, and the names of its values. */
interface FieldKind {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly names?: readonly string[];
}

const MONTHS = [
  'january february march april may june',
  'july august september october november december',
].flatMap((half) => half.split(' '));
const WEEK_DAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

const SECOND: FieldKind = { name: 'second', minimum: 0, maximum: 59 };
const MINUTE: FieldKind = { name: 'minute', minimum: 0, maximum: 59 };
const HOUR: FieldKind = { name: 'hour', minimum: 0, maximum: 23 };
const DAY: FieldKind = { name: 'day', minimum: 1, maximum: 31 };
const MONTH: FieldKind = { name: 'month', minimum: 1, maximum: 12, names: MONTHS };
const WEEK_DAY: FieldKind = { name: 'day of week', minimum: 0, maximum: 6, names: WEEK_DAYS };

/** The values that match, field by field. Months are 1–12, weekdays 0 (Sunday) to 6. */
export interface Ncrontab {
  seconds: ReadonlySet<number>;
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekDays: ReadonlySet<number>;
}

/**
 * Reads `{second} {minute} {hour} {day} {month} {day of week}`, or the same without the second, as the library
 * NCrontab 3.3.2 does, which the Functions host uses: nothing but spaces between the fields, lists, ranges (the wrong way round
 * they are swapped, not wrapped), `a/n` from a to the end, a step below 1 counts as 1, names by any prefix; no `L`, `W`, `#`,
 * `?`, and no 7 for Sunday. No npm package reads this dialect. @throws RangeError that says what is wrong.
 */
export function parseNcrontab(expression: string): Ncrontab {
  const given = fieldsOf(expression);
  const fields = given.length === 5 ? ['0', ...given] : given;
  const [second, minute, hour, day, month, weekDay] = fields;
  if (fields.length !== 6 || second === undefined || minute === undefined || hour === undefined) {
    throw new RangeError(`"${expression}" has ${given.length} fields instead of 5 or 6`);
  }
  return {
    seconds: parseField(second, SECOND),
    minutes: parseField(minute, MINUTE),
    hours: parseField(hour, HOUR),
    days: parseField(day ?? '', DAY),
    months: parseField(month ?? '', MONTH),
    weekDays: parseField(weekDay ?? '', WEEK_DAY),
  };
}

/** Splits an expression into its fields, as the host does. */
export function fieldsOf(expression: string): readonly string[] {
  return expression.split(' ').filter((field) => field !== '');
}

const kinds: readonly FieldKind[] = [SECOND, MINUTE, HOUR, DAY, MONTH, WEEK_DAY];

export interface WrongField {
  readonly kind: FieldKind;
  readonly text: string;
}

/** Returns the first of six fields that cannot be parsed, or `undefined` when all can. */
export function wrongField(fields: readonly string[]): WrongField | undefined {
  return kinds
    .map((kind, index) => ({ kind, text: fields[index] ?? '' }))
    .find(({ kind, text }) => !isField(text, kind));
}

function isField(text: string, kind: FieldKind): boolean {
  try {
    return parseField(text, kind).size > 0 && !hasStepBelowOne(text);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A step below 1, which NCrontab treats as 1 and which is always a mistake. */
function hasStepBelowOne(text: string): boolean {
  return text.split(',').some((item) => item.includes('/') && Number(item.split('/')[1]) < 1);
}

const DAY_MS = 86_400_000;
/**
 * The years to search: every existing combination of date and weekday occurs within 40 years, even across
 * 2100.
 */
const SEARCH_DAYS = 366 * 41;

/**
 * Returns the first match strictly after `after`, in UTC, at a whole second; day of month and day of week
 * must both match. `undefined` when there is none, e.g. for 30 February.
 */
export function nextOccurrence(schedule: Ncrontab, after: Date): Date | undefined {
  const from = Math.floor(after.getTime() / 1000) * 1000 + 1000;
  const firstDay = Math.floor(from / DAY_MS) * DAY_MS;
  for (let index = 0; index < SEARCH_DAYS; index += 1) {
    const midnight = firstDay + index * DAY_MS;
    if (!matchesDay(schedule, new Date(midnight))) continue;
    const earliest = Math.max(0, (from - midnight) / 1000);
    const secondOfDay = firstSecondOfDay(schedule, earliest);
    if (secondOfDay !== undefined) return new Date(midnight + secondOfDay * 1000);
  }
  return undefined;
}

function matchesDay(schedule: Ncrontab, day: Date): boolean {
  return (
    schedule.months.has(day.getUTCMonth() + 1) &&
    schedule.days.has(day.getUTCDate()) &&
    schedule.weekDays.has(day.getUTCDay())
  );
}

function firstSecondOfDay(schedule: Ncrontab, earliest: number): number | undefined {
  for (const hour of schedule.hours) {
    if ((hour + 1) * 3600 <= earliest) continue;
    for (const minute of schedule.minutes) {
      const start = hour * 3600 + minute * 60;
      if (start + 60 <= earliest) continue;
      for (const second of schedule.seconds) if (start + second >= earliest) return start + second;
    }
  }
  return undefined;
}

/** Lists the matching values in ascending order. */
function parseField(text: string, kind: FieldKind): ReadonlySet<number> {
  const values = text.split(',').flatMap((item) => parseItem(item, kind));
  return new Set(values.sort((one, other) => one - other));
}

function parseItem(item: string, kind: FieldKind): number[] {
  const slash = item.indexOf('/');
  const step = slash > 0 ? parseStep(item.slice(slash + 1), kind) : undefined;
  const [first, last] = parseRange(slash > 0 ? item.slice(0, slash) : item, step !== undefined, kind);
  const values: number[] = [];
  for (let value = first; value <= last; value += Math.max(1, step ?? 1)) values.push(value);
  return values;
}

function parseRange(range: string, hasStep: boolean, kind: FieldKind): [number, number] {
  if (range === '*') return [kind.minimum, kind.maximum];
  const dash = range.indexOf('-');
  const first = parseValue(dash > 0 ? range.slice(0, dash) : range, kind);
  if (dash <= 0) return [first, hasStep ? kind.maximum : first];
  const last = parseValue(range.slice(dash + 1), kind);
  return first <= last ? [first, last] : [last, first];
}

function parseStep(step: string, kind: FieldKind): number {
  const value = parseInt32(step);
  if (value === undefined) throw new RangeError(`"/${step}" is not a step for a ${kind.name}`);
  return value;
}

function parseValue(text: string, kind: FieldKind): number {
  const value = /^\d/.test(text) ? parseInt32(text) : valueOfName(text, kind);
  if (value === undefined || value < kind.minimum || value > kind.maximum) {
    throw new RangeError(`"${text}" is not a ${kind.name} (${kind.minimum}-${kind.maximum})`);
  }
  return value;
}

/** Parses a whole number as .NET does, with white space around it, a sign and leading zeros. */
function parseInt32(text: string): number | undefined {
  const value = /^[\t-\r ]*[+-]?\d+[\t-\r ]*$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined;
}

/** Finds the first name with that prefix: `J` is January, `S` is Sunday. */
function valueOfName(text: string, { names, minimum }: FieldKind): number | undefined {
  const prefix = text.toLowerCase();
  const index = prefix === '' ? -1 : (names ?? []).findIndex((name) => name.startsWith(prefix));
  return index < 0 ? undefined : minimum + index;
}
