import type { TargetId } from '../connections/resource-id';
import type { TargetType } from '../connections/target-type';

/** Finds connections over many subscriptions. What it finds may be minutes old: only ARM itself is the truth. */
export interface ConnectionFinder {
  /**
   * Streams, ordered by target, and holds one page at most. Every failure is an `ArmError`, and may come after some
   * connections were told.
   */
  find(query: FindQuery): AsyncIterable<FoundConnection>;
}

export interface FindQuery {
  /** Empty: every subscription that the identity can read. */
  readonly subscriptions: readonly string[];
  readonly types: readonly TargetType[];
  /** Compared without case. Empty: nothing is found. */
  readonly statuses: readonly string[];
}

export interface FoundConnection {
  readonly targetId: TargetId;
  /** Verbatim. */
  readonly status: string;
  readonly connectionId?: string | undefined;
}
