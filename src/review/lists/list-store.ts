import type { ListState } from '../../policy/lists/list-state';

/** The state of a managed list, as it is stored for all instances. */
export interface StoredList {
  readonly name: string;
  /** `undefined`: somebody has stored what is no state. */
  readonly state: ListState | undefined;
  /** The store's version; absent for a state that was never stored. */
  readonly version?: string | undefined;
}

/** The store of managed lists, with one durable state for each. Methods fail with `PosternError` STORE_UNAVAILABLE. */
export interface ListStore {
  /** Loads the state of a list; `undefined` if none was ever stored. */
  load(name: string): Promise<StoredList | undefined>;
  /** Loads the states of all lists, in the order of their names. */
  all(): Promise<readonly StoredList[]>;
  /**
   * Saves the state of a list.
   * @throws PosternError STORE_CONFLICT if another process has saved since `version` was loaded
   */
  save(list: StoredList): Promise<void>;
  /** Removes the state of a list, if it is there. */
  remove(name: string): Promise<void>;
}
