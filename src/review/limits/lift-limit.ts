import type { AuditLog } from '../../audit/audit-log';
import type { Clock } from '../../base/clock';
import type { OperationStore, OverdueOperation } from '../../operations/operation-store';
import type { LimitedKind } from '../../policy/policy';
import { askForReview, type ReviewQueue } from '../queue/review-request';
import { type LimitStore, saveWithRetry } from './limit-store';
import { lifted, limitedKindOf } from './write-limit';

/** The ports of `liftLimit`. */
export interface LiftPorts {
  readonly operations: OperationStore;
  readonly limits: LimitStore;
  readonly reviews: ReviewQueue;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** Lists the operations of all targets that a limit holds. Streams. */
export async function* heldBy(
  { operations }: Pick<LiftPorts, 'operations'>,
  kind: LimitedKind,
): AsyncIterable<OverdueOperation> {
  for await (const held of operations.waitingForPerson('limited')) {
    if (limitedKindOf(held.operation) === kind) yield held;
  }
}

/**
 * Lifts a limit on behalf of a person: queues a review of each target with held writes and restarts
 * counting. Recorded in the ledger before it takes effect. Each write is decided again before it is
 * sent. Safe to run again after an interruption.
 * @param by who lifts it, for the record.
 * @returns the number of writes that were released.
 * @throws PosternError LEDGER_UNAVAILABLE, STORE_UNAVAILABLE, STORE_CONFLICT
 */
export async function liftLimit(ports: LiftPorts, kind: LimitedKind, by: string): Promise<number> {
  const { limits, audit, clock } = ports;
  const at = clock.now().toISOString();
  const reason = `${by} lifted the limit of ${kind}: the writes that it held continue`;
  await audit.record([{ version: 1, id: `${kind}|lifted|${at}`, kind: 'lifted', at, target: '', reason }]);
  await saveWithRetry(limits, kind, (state) => ({ state: lifted(state), result: undefined }));
  let count = 0;
  let last: string | undefined;
  for await (const { connection } of heldBy(ports, kind)) {
    count += 1;
    if (connection.target.key === last) continue;
    last = connection.target.key;
    await askForReview(ports, {
      target: connection.target,
      because: 'a limit was lifted',
      traceId: undefined,
    });
  }
  return count;
}
