import type { PolicyInForce } from './open-operations';

/** The durable memory from one sweep to the next, shared by all instances. */
export interface SweepJournal {
  /**
   * Reads the state; empty before the first sweep.
   * @throws PosternError STORE_UNREADABLE
   */
  read(): Promise<SweepState>;
  /** Writes the state. The last writer wins: two concurrent sweeps are wasteful, but harmless. */
  write(state: SweepState): Promise<void>;
}

/** What one sweep leaves for the next. */
export interface SweepState {
  /** The last sweep that covered everything. */
  readonly last?: FinishedSweep | undefined;
  /** The policy whose sweep has queued reviews. If another one is in force, a sweep is due. */
  readonly policy?: PolicyInForce | undefined;
  /** The digest of the announced requests whose targets were reviewed. If it is another one now, reviews are due. */
  readonly expected?: string | undefined;
  /** When the providers' lists were last read completely. ISO 8601. */
  readonly listedAt?: string | undefined;
  /** When Resource Graph failed in the previous sweep; absent if it answered. ISO 8601. */
  readonly graphTroubleAt?: string | undefined;
  /** The types whose connections Resource Graph was found not to show: each sweep lists them. */
  readonly hiddenTypes?: readonly string[] | undefined;
}

/** A sweep that covered everything. */
export interface FinishedSweep extends SweepCounts {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** The counts of a sweep. */
export interface SweepCounts {
  /**
   * The source of the search. `lists`: the providers' lists, which name every target but no
   * connections.
   */
  readonly source: 'graph' | 'lists';
  /** Connections that Resource Graph returned; 0 for lists. */
  readonly connections: number;
  readonly targets: number;
  /** Targets for which a review was queued. */
  readonly asked: number;
  /** Connections that were skipped because their operations are open. */
  readonly inHand: number;
  /** Operations whose alarm was lost and was set again. */
  readonly woken: number;
  /** Subscriptions that could not be searched. */
  readonly unread: number;
}
