import type { WriteEffect } from '../../connections/connection-store';
import type { TargetType } from '../../connections/target-type';
import type { DurationHistogram } from './duration-histogram';

/** The writes whose durations are learned together. */
export interface WriteKind {
  readonly type: TargetType;
  readonly effect: WriteEffect;
}

/** What was learned about one kind of write. */
export interface LearnedDurations {
  readonly kind: WriteKind;
  readonly histogram: DurationHistogram;
  /** The store's version of the row; absent if it was never stored. */
  readonly version?: string | undefined;
}

/** The learned durations: one row per kind of write. They are a hint, and may be lost. */
export interface DurationStore {
  /**
   * Loads all rows. What cannot be read in one is empty.
   * @throws PosternError STORE_UNAVAILABLE
   */
  load(): Promise<readonly LearnedDurations[]>;

  /**
   * Saves one row and resolves to its new version; `undefined` if the store did not name it. A row without `version` must be new, and one with
   * it must be unchanged since.
   * @throws PosternError STORE_CONFLICT, STORE_UNAVAILABLE
   */
  save(durations: LearnedDurations): Promise<string | undefined>;
}

/** Returns the key of a kind of write, the same in any casing of its type. */
export function kindKey({ type, effect }: WriteKind): string {
  return `${type.toLowerCase()}|${effect}`;
}
