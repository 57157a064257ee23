/** The rows of a long list that are on the page: from `start` to before `end`. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** What a window depends on. Lengths are in pixels. */
export interface Scrolled {
  readonly scrollTop: number;
  /** Height of the part of the list that can be seen. */
  readonly height: number;
  readonly rowHeight: number;
  readonly count: number;
}

/** How many rows there are before and behind those that can be seen. */
export const spare = 10;

/** The most rows of a window, whatever a browser reports. */
export const mostRows = 200;

/** The most rows that are printed: about 120 pages. */
export const mostPrinted = 2_000;

/** Returns the rows that can be seen and some before and behind them; at most `mostRows`. Pure. */
export function windowOf({ scrollTop, height, rowHeight, count }: Scrolled): Window {
  if (!(rowHeight > 0) || count === 0) return { start: 0, end: Math.min(count, spare) };
  const first = Math.floor(Math.max(0, scrollTop || 0) / rowHeight);
  const seen = Math.ceil(Math.max(0, height || 0) / rowHeight) + 1;
  const start = Math.max(0, Math.min(first, count - seen) - spare);
  return { start, end: Math.min(count, start + Math.min(mostRows, seen + 2 * spare)) };
}
