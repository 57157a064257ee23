const units: readonly (readonly [name: string, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/**
 * Returns how much time lies between two instants, in its largest unit: `3 days`. Times in the future and
 * text that is no instant are `now`.
 */
export function spanBetween(from: string, to: number): string {
  const seconds = Math.floor((to - Date.parse(from)) / 1000);
  const unit = units.find(([, size]) => seconds >= size);
  if (unit === undefined) return 'now';
  const n = Math.floor(seconds / unit[1]);
  return `${n} ${unit[0]}${n === 1 ? '' : 's'}`;
}

/** Returns how long something has lasted, as it stands after `for`: `3 days`, `a moment`. */
export function durationSince(from: string, to: number): string {
  const span = spanBetween(from, to);
  return span === 'now' ? 'a moment' : span;
}

/** Returns an instant as people write it, in UTC and to the minute; other text stays as it is. */
export function utc(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Returns the day before or after a UTC day such as `2026-01-31`. */
export function dayBeside(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
