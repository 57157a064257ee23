import type { TargetId } from '../../connections/resource-id';
import type { TargetType } from '../../connections/target-type';
import type { ArmError } from '../../base/errors';

/**
 * A search for connections in many subscriptions. Its results may be minutes old: only ARM itself
 * is authoritative.
 */
export interface ConnectionFinder {
  /**
   * Lists connections, ordered by target. Streams; keeps one page in memory at most.
   * @throws ArmError for every failure, possibly after some connections were returned.
   */
  find(query: FindQuery): AsyncIterable<FoundConnection>;
}

/** What to search for. */
export interface FindQuery {
  /** The subscriptions to search. Empty: every subscription that the identity can read. */
  readonly subscriptions: readonly string[];
  readonly types: readonly TargetType[];
  /** The statuses to find, compared without case. Empty: nothing is found. */
  readonly statuses: readonly string[];
  /**
   * Called for a subscription that could not be searched completely; the search continues with the
   * next one. If absent, such a failure ends the search. A finder that searches all subscriptions
   * with one query never calls it.
   */
  readonly onUnread?: ((unread: UnreadSubscription) => void) | undefined;
}

/** A subscription that could not be searched completely. */
export interface UnreadSubscription {
  readonly subscriptionId: string;
  readonly error: ArmError;
}

/**
 * A connection, or a target that may have such connections: status and connection are then absent.
 */
export interface FoundConnection {
  readonly targetId: TargetId;
  /** The connection's status, verbatim. */
  readonly status?: string | undefined;
  readonly connectionId?: string | undefined;
}
