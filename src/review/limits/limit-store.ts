import { hasCode } from '../../base/errors';
import type { LimitedKind } from '../../policy/policy';

/** The durable state of a limit, shared by all instances. */
export interface LimitState {
  /** Writes that have begun, oldest first; those older than an hour may be missing. */
  readonly begun: readonly BegunWrite[];
  /** Since when the limit holds every further write of its kind. ISO 8601. */
  readonly reachedAt?: string | undefined;
  /**
   * How many times a person has lifted the limit: writes that it held before the last time may
   * continue.
   */
  readonly lifts: number;
  /** The store's version; absent for a state that was never stored. */
  readonly version?: string | undefined;
}

/** A write that a limit has counted. */
export interface BegunWrite {
  readonly decisionId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What is counted: writes by their kind, and the answers of people. */
export type CountedKind = LimitedKind | 'answers';

/** The store of limits, with one durable state per kind. */
export interface LimitStore {
  /** Loads the state; an empty one if none was ever stored. */
  load(kind: CountedKind): Promise<LimitState>;
  /**
   * Saves the state.
   * @throws PosternError STORE_CONFLICT if another process has saved since `state.version` was
   *   loaded.
   */
  save(kind: CountedKind, state: LimitState): Promise<void>;
}

const mostTries = 8;

/**
 * Changes a limit's state, and starts over if another process has changed it meanwhile.
 * @returns the result of the last `change`.
 * @throws PosternError STORE_CONFLICT if every one of 8 attempts hits a concurrent update.
 */
export async function saveWithRetry<T>(
  limits: LimitStore,
  kind: CountedKind,
  change: (state: LimitState) => { readonly state: LimitState; readonly result: T },
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const before = await limits.load(kind);
    const { state, result } = change(before);
    if (state === before) return result;
    try {
      await limits.save(kind, state);
      return result;
    } catch (error) {
      if (!hasCode(error, 'STORE_CONFLICT') || tries === mostTries) throw error;
    }
  }
}
