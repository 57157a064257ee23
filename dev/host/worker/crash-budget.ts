/** How many workers may crash before the host gives itself up: three, each within 30 minutes of the one before. */
export interface CrashBudget {
  readonly crashes: number;
  readonly withinMs: number;
}

export const realCrashBudget: CrashBudget = { crashes: 3, withinMs: 30 * 60_000 };

/** Counts crashes. What is longer ago than the budget's time before the next one is forgotten. */
export class CrashCount {
  readonly #budget: CrashBudget;
  #count = 0;
  #lastMs = -Infinity;

  constructor(budget: CrashBudget) {
    this.#budget = budget;
  }

  /** Whether the budget is used up by a crash now. */
  add(nowMs: number): boolean {
    if (nowMs - this.#lastMs > this.#budget.withinMs) this.#count = 0;
    this.#count += 1;
    this.#lastMs = nowMs;
    return this.#count >= this.#budget.crashes;
  }
}
