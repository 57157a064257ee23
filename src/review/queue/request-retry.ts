import type { AuditLog } from '../../audit/audit-log';
import type { Clock } from '../../base/clock';
import type { TargetId } from '../../connections/resource-id';
import { digest, targetRecord } from '../records';
import { askForReview, type ReviewQueue } from './review-request';

export interface RequestRetryPorts {
  readonly reviews: ReviewQueue;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/**
 * A person asks for a target to be reviewed again, and for one more attempt at each operation on it that was given up
 * or waits for its next attempt. Audited before it is asked for.
 */
export async function requestRetry(ports: RequestRetryPorts, target: TargetId, by: string): Promise<void> {
  const now = ports.clock.now();
  const record = targetRecord({ target, now, traceId: undefined });
  const id = `${digest(target.key)}|returned|${record.at}`;
  const reason = `${by} put it back: it is reviewed again`;
  await ports.audit.record([{ ...record, id, kind: 'returned', reason }]);
  await askForReview(ports, { target, because: 'put back', origin: 'person', traceId: undefined });
}
