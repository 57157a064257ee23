import type { AuditLog } from '../../audit/audit-log';
import type { Clock } from '../../base/clock';
import { hasCode } from '../../base/errors';
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
  const { rows } = await ports.operations.save(row.connection.target, [{ ...row, answer }]);
  for (const saved of rows) await finishStoring(ports, saved, because);
}

/**
 * Does what follows the stored row: the process that stored it may have died before. Safe to run again.
 * @throws PosternError STORE_UNAVAILABLE, LEDGER_UNAVAILABLE
 */
export async function finishStoring(ports: StorePorts, row: ConnectionState, because: string): Promise<void> {
  const { target } = row.connection;
  const records = row.answer?.untold;
  if (records !== undefined) {
    await ports.audit.record(records);
    await clearPending(ports, row);
  }
  await askForReview(ports, { target, because, origin: 'answer', traceId: undefined });
}

/**
 * Clears the pending records of a row's answer, so that the review does not publish them once more. Those of its operation
 * stay: nobody has recorded them here.
 */
async function clearPending({ operations }: StorePorts, row: ConnectionState): Promise<void> {
  const { answer } = row;
  try {
    await operations.save(row.connection.target, [
      { ...row, answer: answer && { ...answer, untold: undefined } },
    ]);
  } catch (error) {
    // A review, or another person's answer, has taken the row over together with its pending records.
    if (!hasCode(error, 'STORE_CONFLICT')) throw error;
  }
}
