const units = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** A time for people: `45 s`, `12 min`, `3 h`, `8 d`; rounded down. */
export function ageText(seconds: number): string {
  const unit = units.find(([length]) => seconds >= length * (length === 60 ? 1 : 2));
  if (unit === undefined) return `${Math.max(0, Math.floor(seconds))} s`;
  return `${Math.floor(seconds / unit[0])} ${unit[1]}`;
}

/** Seconds from an ISO 8601 instant to `now`. */
export function secondsSince(instant: string, now: Date): number {
  return (now.getTime() - Date.parse(instant)) / 1000;
}
