/** Counts by key for at most so many keys; what comes after them is counted together. */
export class BoundedTally {
  private readonly counts = new Map<string, number>();
  private rest = 0;

  constructor(private readonly mostKeys: number) {}

  add(key: string): void {
    const count = this.counts.get(key);
    if (count === undefined && this.counts.size >= this.mostKeys) this.rest += 1;
    else this.counts.set(key, (count ?? 0) + 1);
  }

  /** How many keys are kept: never more than was said. */
  get size(): number {
    return this.counts.size;
  }

  /** What was counted under none of the keys kept. */
  get others(): number {
    return this.rest;
  }

  /** The most frequent first, then by key. */
  entries(): readonly (readonly [string, number])[] {
    return [...this.counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : a > b ? 1 : 0));
  }
}
