import { parseNcrontab, type Ncrontab } from '../../../base/ncrontab';

const daySeconds = 86_400;

/**
 * Calculates the longest time between two runs of an NCRONTAB expression, in seconds. Returns
 * `undefined` if the expression skips days or is invalid.
 */
export function longestGapSeconds(schedule: string): number | undefined {
  const parsed = ncrontabFrom(schedule);
  return parsed !== undefined && isDaily(parsed) ? longestGap(runsOf(parsed)) : undefined;
}

function ncrontabFrom(schedule: string): Ncrontab | undefined {
  try {
    return parseNcrontab(schedule);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function isDaily({ days, months, weekDays }: Ncrontab): boolean {
  return days.size === 31 && months.size === 12 && weekDays.size === 7;
}

/** Lists the runs of one day, as seconds of the day, in order. */
function* runsOf({ seconds, minutes, hours }: Ncrontab): Generator<number> {
  for (const hour of hours)
    for (const minute of minutes) for (const second of seconds) yield hour * 3_600 + minute * 60 + second;
}

/** Calculates the longest gap between runs, including the gap over midnight. */
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
