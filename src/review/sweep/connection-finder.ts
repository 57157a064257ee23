import type { TargetId } from '../../connections/resource-id';
import type { TargetType } from '../../connections/target-type';
import type { ArmError } from '../../base/errors';

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
  /**
   * Told of a subscription that could not be searched to its end; the search goes on with the next. Without it, such a
   * failure ends the search. A finder that asks about all subscriptions at once never calls it.
   */
  readonly onUnread?: ((unread: UnreadSubscription) => void) | undefined;
}

export interface UnreadSubscription {
  readonly subscriptionId: string;
  readonly error: ArmError;
}

/** A connection, or a target that may have such connections: then neither status nor connection is told. */
export interface FoundConnection {
  readonly targetId: TargetId;
  /** Verbatim. */
  readonly status?: string | undefined;
  readonly connectionId?: string | undefined;
}
