/** Returns the median: the middle number, or the mean of the two middle ones. NaN if there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * Returns the number that a share of all numbers does not exceed, by the nearest rank: of ten numbers, 0.95 is the largest.
 * `share`: above 0, up to 1. NaN if there are no numbers.
 */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}

/** Returns the mean; NaN if there are no numbers. */
export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

/** Returns the medians of figures that were measured several times. */
export function medians<Name extends string>(
  runs: readonly Readonly<Record<Name, number>>[],
): Readonly<Record<Name, number>> {
  const [first] = runs;
  const names = Object.keys(first ?? {}) as Name[];
  const entries = names.map((name) => [name, median(runs.map((run) => run[name]))] as const);
  return Object.fromEntries(entries) as Record<Name, number>;
}

/**
 * Returns the rate per second between the 10th and the 90th percentile, so that neither the start nor the
 * last stragglers count. `endedMs` may be in any order. NaN for fewer than ten.
 */
export function busyRate(endedMs: readonly number[]): number {
  if (endedMs.length < 10) return NaN;
  const sorted = [...endedMs].sort((one, other) => one - other);
  const first = Math.floor(sorted.length * 0.1);
  const last = Math.ceil(sorted.length * 0.9) - 1;
  return ((last - first) * 1000) / ((sorted[last] ?? NaN) - (sorted[first] ?? NaN));
}
