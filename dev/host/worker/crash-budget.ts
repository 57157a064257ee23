/**
 * The number of worker crashes after which the host restarts: by default three, each within 30 minutes of the
 * one before.
 */
export interface CrashBudget {
  readonly crashes: number;
  readonly withinMs: number;
}

export const realCrashBudget: CrashBudget = { crashes: 3, withinMs: 30 * 60_000 };

/** Counts crashes. A crash longer ago than the budget's time resets the count. */
export class CrashCount {
  readonly #budget: CrashBudget;
  #count = 0;
  #lastMs = -Infinity;

  constructor(budget: CrashBudget) {
    this.#budget = budget;
  }

  /** Counts a crash and returns whether the budget is used up. */
  add(nowMs: number): boolean {
    if (nowMs - this.#lastMs > this.#budget.withinMs) this.#count = 0;
    this.#count += 1;
    this.#lastMs = nowMs;
    return this.#count >= this.#budget.crashes;
  }
}
