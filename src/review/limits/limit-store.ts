import { hasCode } from '../../base/errors';
import type { LimitedKind } from '../../policy/policy';

/** What a limit remembers, over all instances. */
export interface LimitState {
  /** Writes that were begun, oldest first; those older than an hour may be left out. */
  readonly begun: readonly BegunWrite[];
  /** Since when the limit holds every further write of its kind. ISO 8601. */
  readonly reachedAt?: string | undefined;
  /** How often a person has lifted it: what it held before the last time may go on. */
  readonly lifts: number;
  /** The store's version; absent for a state that was never stored. */
  readonly version?: string | undefined;
}

export interface BegunWrite {
  readonly decisionId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** One durable state for each kind of limit. */
export interface LimitStore {
  /** The state; an empty one when nothing was ever stored. */
  load(kind: LimitedKind): Promise<LimitState>;
  /** @throws PosternError STORE_CONFLICT when somebody else has saved since `state.version` was loaded. */
  save(kind: LimitedKind, state: LimitState): Promise<void>;
}

const mostTries = 8;

/**
 * Changes a limit's state, again from the start when another instance was faster. Resolves to what the last `change` said.
 * @throws PosternError STORE_CONFLICT when others are always faster.
 */
export async function saveWithRetry<T>(
  limits: LimitStore,
  kind: LimitedKind,
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
