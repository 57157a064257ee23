/** The fields of a schedule that repeats each day: its largest and smallest values. */
const fields = [
  { most: 59, unitSeconds: 1 },
  { most: 59, unitSeconds: 60 },
  { most: 23, unitSeconds: 3_600 },
] as const;

const daySeconds = 86_400;

/**
 * The longest time from one run to the next, in seconds, of an NCRONTAB expression (six fields, or five without seconds) or
 * of a time span `hh:mm:ss`. `undefined` for one that leaves out days, or that is not understood.
 */
export function longestGapSeconds(schedule: string): number | undefined {
  const span = /^(\d{1,4}):([0-5]?\d):([0-5]?\d)$/.exec(schedule.trim());
  if (span !== null) {
    const seconds = Number(span[1]) * 3_600 + Number(span[2]) * 60 + Number(span[3]);
    return seconds > 0 ? seconds : undefined;
  }
  const parts = schedule.trim().split(/\s+/);
  const whole = parts.length === 5 ? ['0', ...parts] : parts;
  if (whole.length !== 6 || whole.slice(3).some((part) => part !== '*')) return undefined;
  const values = fields.map(({ most }, index) => valuesOf(whole[index] ?? '', most));
  const [seconds, minutes, hours] = values;
  if (seconds === undefined || minutes === undefined || hours === undefined) return undefined;
  return longestGap(runsOf(seconds, minutes, hours));
}

/** The runs of one day as seconds of the day, in order. */
function* runsOf(
  seconds: readonly number[],
  minutes: readonly number[],
  hours: readonly number[],
): Generator<number> {
  for (const hour of hours)
    for (const minute of minutes) for (const second of seconds) yield hour * 3_600 + minute * 60 + second;
}

/** Over midnight, too. */
function longestGap(runs: Iterable<number>): number | undefined {
  let first: number | undefined;
  let last: number | undefined;
  let longest = 0;
  for (const run of runs) {
    if (last !== undefined) longest = Math.max(longest, run - last);
    first ??= run;
    last = run;
  }
  return first === undefined || last === undefined ? undefined : Math.max(longest, first + daySeconds - last);
}

/** Lists of `*`, `a`, `a-b`, each with `/n`; sorted. `undefined` when it is none of these. */
function valuesOf(text: string, most: number): readonly number[] | undefined {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(item);
    if (match === null) return undefined;
    const [, from, to, step] = match;
    const first = Number(from ?? 0);
    const last = to !== undefined ? Number(to) : from === undefined || step !== undefined ? most : first;
    const stride = Number(step ?? 1);
    if (stride === 0 || first > last || last > most) return undefined;
    for (let value = first; value <= last; value += stride) values.add(value);
  }
  return [...values].sort((one, other) => one - other);
}
