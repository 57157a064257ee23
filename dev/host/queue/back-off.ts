export interface BackOffOptions {
  readonly minimumMs: number;
  readonly maximumMs: number;
  /** A number from 0 (included) to 1. */
  readonly random: () => number;
}

/**
 * Random exponential back-off: the first delay is the minimum, then it grows by about its double (±20 %) up to the
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

  /** Milliseconds to wait now. */
  next(): number {
    const { minimumMs, maximumMs, random } = this.#options;
    const grown = minimumMs * (0.8 + 0.4 * random()) * 2 ** (this.#misses - 1);
    const delay = this.#misses === 0 ? minimumMs : minimumMs + grown;
    if (delay < maximumMs) this.#misses += 1;
    return Math.min(delay, maximumMs);
  }
}
