/**
 * The longest wait between two polls of an operation that the rule chooses, in seconds, whatever
 * durations it is told.
 */
export const longestPaceSeconds = 5 * 60;

/**
 * What a poll may cost, as a share of the usual duration: one poll more is worth it if it shows the
 * end sooner by more than this.
 */
const pollPrice = 0.08;

/** Beyond all known durations, the next wait is this share of the time that has passed. */
const growth = 0.3;

/** What is known when the next poll is chosen. Times are in seconds after the write. */
export interface PollChoice {
  /** Equally likely durations in ascending order; empty if nothing is known. */
  readonly durations: readonly number[];
  /** The time of the last poll, which found the operation running; 0 before the first. */
  readonly elapsed: number;
  /** The least time until the next poll. */
  readonly gap: number;
}

/**
 * Chooses the time of the next poll, in whole seconds after the write: the one with which the
 * expected lateness and the price of all polls that follow are smallest, given that the operation
 * has not ended yet. Never less than `gap` after `elapsed`. Unless `gap` is longer, never more than
 * `longestPaceSeconds` after it, nor, once there was a poll, more than twice the time that had passed:
 * the rare durations beyond the usual ones are known least. Pure.
 */
export function nextPollAt({ durations, elapsed, gap }: PollChoice): number {
  const earliest = Math.ceil(elapsed + gap);
  const longest = elapsed > 0 ? Math.min(longestPaceSeconds, 2 * elapsed) : longestPaceSeconds;
  const latest = Math.max(earliest, Math.floor(elapsed + longest));
  const left = durations.filter((duration) => duration > elapsed);
  const wanted =
    left.length === 0 ? Math.ceil(elapsed * (1 + growth)) : cheapest(plannerFor(durations, gap), elapsed).at;
  return Math.min(latest, Math.max(earliest, wanted));
}

interface Planner {
  readonly durations: readonly number[];
  readonly gap: number;
  /** In seconds of lateness. */
  readonly price: number;
  readonly known: Map<number, Plan>;
}

interface Plan {
  /** The time of the next poll. */
  readonly at: number;
  /** The lateness and the price of all polls from here on, in seconds, summed over all durations. */
  readonly cost: number;
}

function plannerFor(durations: readonly number[], gap: number): Planner {
  const middle = durations[Math.floor(durations.length / 2)] ?? 0;
  return { durations, gap, price: pollPrice * middle, known: new Map() };
}

/**
 * Finds the cheapest plan after a poll at `from`. A poll is only ever worth it right after a known
 * duration, or as soon after it as is allowed. One operation more than is known outlasts them all.
 */
function cheapest(planner: Planner, from: number): Plan {
  const before = planner.known.get(from);
  if (before !== undefined) return before;
  const { durations, gap, price, known } = planner;
  const left = durations.filter((duration) => duration > from);
  const earliest = Math.ceil(from + gap);
  const times = new Set(left.map((duration) => Math.max(earliest, Math.ceil(duration))));
  let best: Plan | undefined;
  for (const at of times) {
    const late = left.reduce((sum, duration) => sum + Math.max(0, at - duration), 0);
    const cost = price * (left.length + 1) + late + cheapest(planner, at).cost;
    if (best === undefined || cost < best.cost) best = { at, cost };
  }
  const plan = best ?? { at: earliest, cost: 0 };
  known.set(from, plan);
  return plan;
}
