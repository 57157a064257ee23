import type { ConnectionListing, EndpointDetails, TargetDetails } from '../connections/connection-store';
import type { TargetId } from '../connections/resource-id';
import type { Sighting } from '../operations/operation';
import type { Policy } from '../policy/policy';

/** All that a review knows when it decides. */
export interface ReviewInput {
  readonly target: TargetId;
  readonly policy: Policy;
  readonly sightings: readonly Sighting[];
  /** The generation of a connection that was never seen. */
  readonly nextGeneration: number;
  readonly listing: ConnectionListing;
  readonly targetDetails: TargetDetails | undefined;
  /** By endpoint key; an endpoint that may not be read is absent. */
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
  /** Keys of endpoints that a rule reads and that could not be read this time: their connections are not decided now. */
  readonly unread: ReadonlySet<string>;
  /** The longest that ARM asked to wait for one of those. */
  readonly retryAfterSeconds: number | undefined;
  /** The target's unit of patience. */
  readonly pollFloorSeconds: number;
  readonly now: Date;
  /** Whether the sweep asked: what it sees first, events had not told. */
  readonly swept: boolean;
  /** Whether no review of this target has ended on this day (UTC): what waits is told of once a day. */
  readonly isFirstToday: boolean;
  /** Whether a person asked to try again what was given up. */
  readonly putBack: boolean;
  readonly traceId: string | undefined;
}
