import type { AuditLog } from '../audit/audit-log';
import type { Clock } from '../base/clock';
import { type ErrorCode, hasCode } from '../base/errors';
import { parseConnectionId } from '../connections/resource-id';
import { type AlarmCall, parseAlarmCall } from './alarm';
import { closeOperation } from './end-operation';
import { isOpen, type Operation, type ConnectionState, takesAccessAway } from './operation';
import type { OperationStore } from './operation-store';

/** The ports of `abandonOperation`. */
export interface AbandonPorts {
  readonly operations: OperationStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Queues a review of the connection's target: other operations may be waiting for their turn. */
  readonly onEnd: (operation: Operation) => Promise<void>;
}

/**
 * Ends the operation that a poisoned alarm names: as abandoned, so that a person must investigate,
 * or as failed, so that it is tried again, if giving up would leave somebody with access.
 * @returns false if the message names no known operation, or one whose row cannot be read; the
 *   caller must then report it in another way.
 * @throws PosternError LEDGER_UNAVAILABLE, STORE_CONFLICT, STORE_UNAVAILABLE
 */
export async function abandonOperation(
  ports: AbandonPorts,
  message: unknown,
  cause: string,
): Promise<boolean> {
  const call = readCall(message);
  if (call === undefined) return false;
  const connectionState = await readRow(ports, call);
  const operation = connectionState?.operation;
  if (connectionState === undefined || operation?.id !== call.operationId) return false;
  if (!isOpen(operation)) {
    await ports.onEnd(operation);
    return true;
  }
  const reason = `Polling failed repeatedly: ${cause}`;
  const state = takesAccessAway(operation) ? 'failed' : 'abandoned';
  const end = { state, reason, error: cause } as const;
  const ended = await closeOperation(ports, { row: connectionState, operation, end });
  if (ended !== undefined) await ports.onEnd(ended);
  return true;
}

function readCall(message: unknown): AlarmCall | undefined {
  try {
    return parseAlarmCall(message);
  } catch (error) {
    throwUnless(['MESSAGE_INVALID'], error);
    return undefined;
  }
}

async function readRow({ operations }: AbandonPorts, call: AlarmCall): Promise<ConnectionState | undefined> {
  try {
    return await operations.get(parseConnectionId(call.connectionId));
  } catch (error) {
    throwUnless(['RESOURCE_ID_INVALID', 'STORE_UNREADABLE'], error);
    return undefined;
  }
}

function throwUnless(codes: readonly ErrorCode[], error: unknown): void {
  if (!hasCode(error, ...codes)) throw error;
}
