import type { AuditLog } from '../audit/audit-log';
import type { Clock } from '../base/clock';
import type { ConnectionStore, Fence, ResourceReader } from '../connections/connection-store';
import type { TargetId } from '../connections/resource-id';
import type { Logger } from '../base/logger';
import type { Alarm } from '../operations/alarm';
import type { ScheduleRetry } from '../operations/send-write';
import type { OperationStore, TargetMark } from '../operations/operation-store';
import type { Policy } from '../policy/policy';
import type { LimitStore } from './limits/limit-store';
import type { ReviewRequest } from './queue/review-request';

export interface ReviewTargetOptions {
  readonly operations: OperationStore;
  readonly limits: LimitStore;
  readonly connections: ConnectionStore;
  readonly resources: ResourceReader;
  readonly audit: AuditLog;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pollFloorSeconds?: number | undefined;
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
