import type { AuditLog } from '../audit/audit-log';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type {
  ConnectionListing,
  ConnectionStore,
  EndpointDetails,
  Fence,
  NetworkDetails,
  ResourceReader,
  TargetDetails,
} from '../connections/connection-store';
import type { Pace } from '../connections/pace';
import type { TargetId } from '../connections/resource-id';
import type { ManagedEndpointReader } from '../connections/managed-endpoint-reader';
import type { SubscriptionDetails } from '../connections/subscription-reader';
import type { Alarm } from '../operations/alarm';
import type { ConnectionState } from '../operations/operation';
import type { OperationStore, TargetMark } from '../operations/operation-store';
import type { KnownDurations } from '../operations/pace/known-durations';
import type { Reading } from '../operations/poll/read-connection';
import type { ScheduleRetry } from '../operations/send-write';
import type { UsableLists } from '../policy/lists/list-snapshot';
import type { Policy } from '../policy/policy';
import type { Announcement } from './facts/announcement';
import type { OwnSubscriptions } from './facts/own-subscriptions';
import type { RequesterProof } from './facts/requester';
import type { Tenants } from './facts/tenants';
import type { LimitStore } from './limits/limit-store';
import type { ListReader } from './lists/list-reader';
import type { ReviewRequest } from './queue/review-request';

/** The ports of a review. */
export interface ReviewPorts {
  readonly operations: OperationStore;
  readonly limits: LimitStore;
  readonly connections: ConnectionStore;
  readonly resources: ResourceReader;
  readonly tenants: Tenants;
  readonly ownSubscriptions: OwnSubscriptions;
  readonly managedEndpoints: ManagedEndpointReader;
  readonly managedLists: ListReader;
  readonly audit: AuditLog;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pace: Pace;
  readonly durations: Pick<KnownDurations, 'likely'>;
  readonly scheduleRetry: ScheduleRetry;
  /** In a standby: for how many seconds it leaves each request to the first deployment. Absent: this is the first. */
  readonly standbyAfterSeconds?: number | undefined;
}

/** One review of one target. */
export interface ReviewJob {
  readonly target: TargetId;
  readonly policy: Policy;
  /** Tells whether that policy is still the one in force. */
  readonly isPolicyInForce: () => Promise<boolean>;
  readonly request: ReviewRequest;
  readonly fence: Fence;
  /** Called right before the connections are listed. */
  readonly beforeListing?: (() => void) | undefined;
  /** A listing of the target's connections that was just made. Absent: the review makes one. */
  readonly reading?: Reading | undefined;
}

/** How a review ended, and whether another one must follow. */
export type ReviewOutcome =
  /** The target was read. */
  | {
      readonly kind: 'read';
      /** The target's current mark. */
      readonly mark: TargetMark;
      /** The next review, if something was left open. */
      readonly again: Again | undefined;
    }
  /** A review that began after the hint has already seen all of this, or it waits for the end of an operation. */
  | { readonly kind: 'seen' }
  | { readonly kind: 'gone' };

/** Why another review must follow, and when. */
export interface Again {
  readonly because: 'in progress' | 'locked' | 'back-off' | 'next in line' | 'not there yet';
  /** The seconds until the next review. */
  readonly seconds: number;
}

/** Everything that a review knows when it decides. */
export interface ReviewInput {
  readonly target: TargetId;
  readonly policy: Policy;
  readonly connectionStates: readonly ConnectionState[];
  /** The generation of a connection that was never seen. */
  readonly nextGeneration: number;
  readonly listing: ConnectionListing;
  readonly targetDetails: TargetDetails | undefined;
  /** Endpoint details by endpoint key; an endpoint that Postern may not read is absent. */
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
  /** Networks of endpoints by their key. */
  readonly networks: ReadonlyMap<string, NetworkDetails>;
  /** The tenants of subscriptions that a rule reads, by subscription in lower case. */
  readonly tenants: ReadonlyMap<string, string>;
  /** Subscriptions that a rule reads, by their id in lower case. */
  readonly subscriptions: ReadonlyMap<string, SubscriptionDetails>;
  /** What is known of requesters behind endpoints of Microsoft, by the key of the connection. */
  readonly proofs: ReadonlyMap<string, RequesterProof>;
  /** The managed lists that decisions about this target may use. */
  readonly lists: UsableLists;
  /** The announcements of Pending connections, by their key; one that nobody announced is absent. */
  readonly expected: ReadonlyMap<string, Announcement>;
  /**
   * Keys of endpoints that a rule reads and that could not be read this time: their connections are
   * not decided now.
   */
  readonly unread: ReadonlySet<string>;
  /** The longest wait in seconds that ARM asked for when these endpoints were read. */
  readonly retryAfterSeconds: number | undefined;
  /** The shortest polling interval of the target, in seconds; the unit of its timeouts. */
  readonly minPollSeconds: number;
  readonly now: Date;
  /** Whether the sweep asked: connections that it sees first were missed by events. */
  readonly swept: boolean;
  /**
   * Whether no review of this target has ended on this day (UTC): waiting connections are recorded
   * once a day.
   */
  readonly isFirstToday: boolean;
  /** Whether a person requested a retry of what was given up. */
  readonly isRetry: boolean;
  readonly traceId: string | undefined;
  /** In a standby: for how many seconds it leaves each request to the first deployment. Absent: this is the first. */
  readonly standbyAfterSeconds?: number | undefined;
}
