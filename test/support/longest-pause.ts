/**
 * Returns the longest time between two matches of an NCRONTAB expression with seconds, in minutes, over four
 * days.
 */
export function longestPauseMinutes(schedule: string): number {
  const [, minutes = '', hours = '', ...days] = schedule.trim().split(/\s+/);
  if (days.length !== 3 || days.some((field) => field !== '*')) throw new Error(`not every day: ${schedule}`);
  const matches = Array.from({ length: 4 * 24 * 60 }, (_, at) => at).filter(
    (at) => isMatch(minutes, at % 60) && isMatch(hours, Math.floor(at / 60) % 24),
  );
  return Math.max(...matches.slice(1).map((at, index) => at - (matches[index] ?? 0)));
}

function isMatch(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from = 0, to = range === '*' ? 59 : from] = range === '*' ? [] : range.split('-').map(Number);
    return value >= from && value <= to && (value - from) % Number(step) === 0;
  });
}
