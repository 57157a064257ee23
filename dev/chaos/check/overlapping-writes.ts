import type { RequestRecord } from '../../azure';
import { groupById, takenWrites, type Evidence, type OperationSpan, type Violation } from './evidence';

/**
 * Checks that Postern sends no write while another write to the same target is under way: neither while its
 * request is open, nor while its operation runs. A provider would refuse the second write, but Postern must
 * not rely on that, so refused writes count, too.
 */
export function checkOverlappingWrites(evidence: Evidence): readonly Violation[] {
  const asked = evidence.requests.filter(
    ({ method, principal, connection }) =>
      /^(PUT|DELETE)$/.test(method) && principal === evidence.postern && connection !== undefined,
  );
  const begun = new Set(takenWrites(evidence).map(({ operationId }) => operationId));
  const running = groupById(
    evidence.operations.filter(({ id }) => begun.has(id)),
    ({ targetId }) => targetId,
  );
  return [...groupById(asked, ({ target }) => target)].flatMap(([targetId, writes]) => [
    ...requestsAtOnce(writes),
    ...writes.flatMap((write) => duringOperation(write, running.get(targetId) ?? [])),
  ]);
}

function requestsAtOnce(writes: readonly RequestRecord[]): readonly Violation[] {
  const inOrder = [...writes].sort((one, other) => one.sequence - other.sequence);
  return inOrder.flatMap((write, index) => {
    const open = inOrder
      .slice(0, index)
      .find(({ endedRealMs }) => (endedRealMs ?? Infinity) > write.startedRealMs);
    return open === undefined ? [] : [violation(write, `request ${open.sequence} was still open`)];
  });
}

function duringOperation(write: RequestRecord, operations: readonly OperationSpan[]): readonly Violation[] {
  const other = operations.find(
    ({ id, startedMs, endedMs = Infinity }) =>
      id !== write.operationId && startedMs < write.startedRealMs && write.startedRealMs < endedMs,
  );
  return other === undefined ? [] : [violation(write, `Postern's own operation ${other.id} was running`)];
}

function violation({ method, connection, sequence, status }: RequestRecord, why: string): Violation {
  const name = connection?.split('/').slice(-3).join('/');
  return { rule: 'overlapping-writes', what: `${method} ${name} (request ${sequence}, ${status}): ${why}` };
}
