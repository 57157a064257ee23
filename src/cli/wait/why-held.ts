import type { AuditRecord } from '../../audit/audit-record';
import type { ConnectionId } from '../../connections/resource-id';
import { isHeldByLimit, type ConnectionState } from '../../operations/operation';
import type { OperationStore } from '../../operations/operation-store';

/** The stores that contain the reason for a hold. */
export interface HoldSources {
  readonly operations: Pick<OperationStore, 'load' | 'get'>;
  readonly decisions: {
    /** Reads the `decided` record of a decision; `undefined` if the ledger has none. */
    read(connection: ConnectionId, decisionId: string): Promise<AuditRecord | undefined>;
  };
}

/**
 * Finds out why a connection waits for a person. Returns `undefined` if it does not, or if Postern
 * has not observed it yet.
 */
export async function whyHeld(
  sources: HoldSources,
  { connection, status, decisionId, operation }: ConnectionState,
): Promise<string | undefined> {
  if (decisionId === undefined || status.toLowerCase() !== 'pending') return undefined;
  if (operation?.decisionId === decisionId) {
    if (isHeldByLimit(operation)) return 'a limit of the policy holds the write';
    return operation.state === 'abandoned' ? `abandoned: ${operation.error ?? 'cause unknown'}` : undefined;
  }
  const decided = await sources.decisions.read(connection, decisionId);
  if (decided === undefined) return undefined;
  const { effect = 'hold', mode, reason = 'no reason on record' } = decided;
  return mode === 'audit' && effect !== 'hold' ? `audit mode: the policy would ${effect}` : reason;
}
