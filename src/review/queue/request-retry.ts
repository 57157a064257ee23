import type { AuditLog } from '../../audit/audit-log';
import type { Clock } from '../../base/clock';
import type { TargetId } from '../../connections/resource-id';
import { digest, targetRecord } from '../records';
import { askForReview, type ReviewQueue } from './review-request';

/** The ports of `requestRetry`. */
export interface RequestRetryPorts {
  readonly reviews: ReviewQueue;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/**
 * Requests a review of a target on behalf of a person, with one more attempt at each operation that
 * was given up or waits for its next attempt. Recorded in the ledger before the review is queued.
 * @param by who asks, for the record.
 * @throws PosternError LEDGER_UNAVAILABLE, STORE_UNAVAILABLE
 */
export async function requestRetry(ports: RequestRetryPorts, target: TargetId, by: string): Promise<void> {
  const now = ports.clock.now();
  const record = targetRecord({ target, now, traceId: undefined });
  const id = `${digest(target.key)}|returned|${record.at}`;
  const reason = `${by} requested a retry: the target is reviewed again`;
  await ports.audit.record([{ ...record, id, kind: 'returned', reason }]);
  await askForReview(ports, {
    target,
    because: 'a person requested a retry',
    origin: 'person',
    traceId: undefined,
  });
}
