import type { AuditLog } from '../audit/audit-log';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type {
  ConnectionListing,
  ConnectionStore,
  EndpointDetails,
  Fence,
  ResourceReader,
  TargetDetails,
} from '../connections/connection-store';
import type { Pace } from '../connections/pace';
import type { TargetId } from '../connections/resource-id';
import type { Alarm } from '../operations/alarm';
import type { ConnectionState } from '../operations/operation';
import type { OperationStore, TargetMark } from '../operations/operation-store';
import type { ScheduleRetry } from '../operations/send-write';
import type { Policy } from '../policy/policy';
import type { LimitStore } from './limits/limit-store';
import type { ReviewRequest } from './queue/review-request';

export interface ReviewPorts {
  readonly operations: OperationStore;
  readonly limits: LimitStore;
  readonly connections: ConnectionStore;
  readonly resources: ResourceReader;
  readonly audit: AuditLog;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pace: Pace;
  readonly scheduleRetry: ScheduleRetry;
}

export interface ReviewJob {
  readonly target: TargetId;
  readonly policy: Policy;
  readonly request: ReviewRequest;
  readonly fence: Fence;
}

/** How a review ended: whether, and why, somebody must come back. */
export type ReviewOutcome =
  /** The target was read. `isAnswered`: what the hint announced has been seen. */
  | {
      readonly kind: 'read';
      readonly isAnswered: boolean;
      /** What is known of the target now. */
      readonly mark: TargetMark;
      /** Something was left open. */
      readonly again: Again | undefined;
    }
  /** An earlier review began after the hint: it has seen all this. */
  | { readonly kind: 'seen' }
  | { readonly kind: 'gone' };

export interface Again {
  readonly because: 'unsettled' | 'locked' | 'patience' | 'next in line';
  /** After how many seconds somebody should come back. */
  readonly seconds: number;
}

/** All that a review knows when it decides. */
export interface ReviewInput {
  readonly target: TargetId;
  readonly policy: Policy;
  readonly connectionStates: readonly ConnectionState[];
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
  readonly minPollSeconds: number;
  readonly now: Date;
  /** Whether the sweep asked: what it sees first, events had not told. */
  readonly swept: boolean;
  /** Whether no review of this target has ended on this day (UTC): what waits is told of once a day. */
  readonly isFirstToday: boolean;
  /** Whether a person asked to try again what was given up. */
  readonly isRetry: boolean;
  readonly traceId: string | undefined;
}
