export interface BackOffOptions {
  readonly minimumMs: number;
  readonly maximumMs: number;
  /** Returns a number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
}

/**
 * Random exponential back-off. The first delay is the minimum; then it about doubles (±20 %) up to the
 * maximum, until `reset`.
 */
export class BackOff {
  readonly #options: BackOffOptions;
  #misses = 0;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  reset(): void {
    this.#misses = 0;
  }

  /** Returns the milliseconds to wait now. */
  next(): number {
    const { minimumMs, maximumMs, random } = this.#options;
    const grown = minimumMs * (0.8 + 0.4 * random()) * 2 ** (this.#misses - 1);
    const delay = this.#misses === 0 ? minimumMs : minimumMs + grown;
    if (delay < maximumMs) this.#misses += 1;
    return Math.min(delay, maximumMs);
  }
}
