import type { AuditLog } from '../../audit/audit-log';
import type { Clock } from '../../base/clock';
import type { OperationStore, OverdueOperation } from '../../operations/operation-store';
import type { LimitedKind } from '../../policy/policy';
import { askForReview, type ReviewQueue } from '../queue/review-request';
import { type LimitStore, saveWithRetry } from './limit-store';
import { lifted, limitedKindOf } from './write-limit';

export interface LiftPorts {
  readonly operations: OperationStore;
  readonly limits: LimitStore;
  readonly reviews: ReviewQueue;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** What a limit holds, over all targets. Streams. */
export async function* heldBy(
  { operations }: Pick<LiftPorts, 'operations'>,
  kind: LimitedKind,
): AsyncIterable<OverdueOperation> {
  for await (const held of operations.waitingForPerson('limited')) {
    if (limitedKindOf(held.operation) === kind) yield held;
  }
}

/**
 * A person lets go on what a limit holds, and counting begins anew. Audited before it takes effect. Resolves to how many
 * writes were let go; each is decided again first. Safe to run again after it was broken off.
 */
export async function liftLimit(ports: LiftPorts, kind: LimitedKind, by: string): Promise<number> {
  const { limits, audit, clock } = ports;
  const at = clock.now().toISOString();
  const reason = `${by} lifted the limit of ${kind}: what it held goes on`;
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
