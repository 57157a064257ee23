import type { AuditRecord } from '../../audit/audit-record';
import type { ConnectionId } from '../../connections/resource-id';
import { isHeldByLimit, type ConnectionState } from '../../operations/operation';
import type { OperationStore } from '../../operations/operation-store';

/** Where a hold can be seen. */
export interface HoldSources {
  readonly operations: Pick<OperationStore, 'load' | 'get'>;
  readonly decisions: {
    /** The record with which a decision was made; `undefined` when the ledger has none. */
    read(connection: ConnectionId, decisionId: string): Promise<AuditRecord | undefined>;
  };
}

/** Why nothing more will happen to a connection unless a person sees to it; `undefined` when Postern is at it, or has yet to see it. */
export async function whyHeld(
  sources: HoldSources,
  { connection, status, decisionId, operation }: ConnectionState,
): Promise<string | undefined> {
  if (decisionId === undefined || status.toLowerCase() !== 'pending') return undefined;
  if (operation?.decisionId === decisionId) {
    if (isHeldByLimit(operation)) return 'a limit of the policy holds the write';
    return operation.state === 'abandoned' ? `given up: ${operation.error ?? 'cause unknown'}` : undefined;
  }
  const decided = await sources.decisions.read(connection, decisionId);
  if (decided === undefined) return undefined;
  const { effect = 'hold', mode, reason = 'no reason on record' } = decided;
  return mode === 'audit' && effect !== 'hold' ? `audit mode: the policy would ${effect}` : reason;
}
