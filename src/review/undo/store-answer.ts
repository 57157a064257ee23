import type { AuditLog } from '../../audit/audit-log';
import type { Clock } from '../../base/clock';
import type { Answer } from '../../operations/answer';
import type { ConnectionState } from '../../operations/operation';
import type { OperationStore } from '../../operations/operation-store';
import { askForReview, type ReviewQueue } from '../queue/review-request';

/** The ports of `storeAnswer`. */
export interface StorePorts {
  readonly operations: Pick<OperationStore, 'get' | 'save'>;
  readonly reviews: ReviewQueue;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/**
 * Stores what people have answered in the one order that survives a crash: the row with the records that it still has to
 * tell, then the ledger, then the request for a review, which decides again.
 * @throws PosternError STORE_CONFLICT, STORE_UNAVAILABLE, LEDGER_UNAVAILABLE
 */
export async function storeAnswer(
  ports: StorePorts,
  row: ConnectionState,
  { answer, because }: { readonly answer: Answer; readonly because: string },
): Promise<void> {
  const { target } = row.connection;
  await ports.operations.save(target, [{ ...row, answer }]);
  await ports.audit.record(answer.untold ?? []);
  await askForReview(ports, { target, because, origin: 'answer', traceId: undefined });
}
