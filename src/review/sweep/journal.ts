import type { PolicyInForce } from './open-operations';

/** What is remembered from one sweep to the next, over all instances and restarts. */
export interface SweepJournal {
  /** Empty before the first sweep. @throws PosternError STORE_UNREADABLE */
  read(): Promise<SweepState>;
  /** The last writer wins: two sweeps at once are wasteful, not wrong. */
  write(state: SweepState): Promise<void>;
}

export interface SweepState {
  /** The last sweep that saw everything. */
  readonly last?: FinishedSweep | undefined;
  /** The policy whose sweep has asked for reviews. Another one in force: a sweep is due. */
  readonly policy?: PolicyInForce | undefined;
  /** When the providers' lists were last read to their end. ISO 8601. */
  readonly listedAt?: string | undefined;
  /** Resource Graph could not answer the sweep before this one; absent when it did. ISO 8601. */
  readonly graphTroubleAt?: string | undefined;
}

export interface FinishedSweep extends SweepCounts {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

export interface SweepCounts {
  /** `lists`: the providers' lists, which name every target but no connections. */
  readonly source: 'graph' | 'lists';
  /** Connections that Resource Graph told of; 0 for lists. */
  readonly connections: number;
  readonly targets: number;
  /** Targets whose review was asked for. */
  readonly asked: number;
  /** Connections passed over, because they are being worked on. */
  readonly inHand: number;
  /** Operations whose alarm got lost and was set again. */
  readonly woken: number;
  /** Subscriptions that could not be searched. */
  readonly unread: number;
}
