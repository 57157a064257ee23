import type { OpenState } from '../api';
import type { Change, OpenEntry, RecentEntry } from './entries';

/** One page of an index. */
export interface IndexPage<T> {
  readonly items: readonly T[];
  /** The key after which the next page begins; absent on the last one. */
  readonly next: string | undefined;
}

/**
 * The index of open connections and of ends, so that a page of them is one query. Nothing is decided from
 * it; it may be deleted, and grows back within a day.
 */
export interface ConsoleIndex {
  /** Makes the changes, in any order. @throws PosternError STORE_UNAVAILABLE */
  change(changes: readonly Change[]): Promise<void>;
  /** Adds ends; those that are there stay. @throws PosternError STORE_UNAVAILABLE */
  addEnds(ends: readonly RecentEntry[]): Promise<void>;
  /**
   * Reads the entries in one of `states` after the key `after`, oldest first.
   * @throws PosternError STORE_UNAVAILABLE
   */
  open(states: readonly OpenState[], after: string | undefined, limit: number): Promise<IndexPage<OpenEntry>>;
  /** Counts the entries in one of `states`, up to `most`. @throws PosternError STORE_UNAVAILABLE */
  count(states: readonly OpenState[], most: number): Promise<number>;
  /**
   * Reads the ends of a day, as `2026-01-31`, after the key `after`, newest first.
   * @throws PosternError STORE_UNAVAILABLE
   */
  recent(day: string, after: string | undefined, limit: number): Promise<IndexPage<RecentEntry>>;
  /** Removes the ends of a day, at most `most` at once. @throws PosternError STORE_UNAVAILABLE */
  forgetDay(day: string, most: number): Promise<void>;
}
