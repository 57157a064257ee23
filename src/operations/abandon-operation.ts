import type { AuditLog } from '../audit/audit-log';
import type { Clock } from '../base/clock';
import { type ErrorCode, hasCode } from '../base/errors';
import { parseConnectionId } from '../connections/resource-id';
import { type AlarmCall, parseAlarmCall } from './alarm';
import { closeOperation } from './end-operation';
import { isOpen, type Operation, type ConnectionState, takesAccessAway } from './operation';
import type { OperationStore } from './operation-store';

export interface AbandonPorts {
  readonly operations: OperationStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Asks for a review of the connection's target: others may wait in line. */
  readonly onEnd: (operation: Operation) => Promise<void>;
}

/**
 * Ends the operation that a poisoned alarm names: a person must look, or it is tried again where giving up would leave
 * somebody in. False when the message names no operation that
 * is known, or whose row nobody can read; then it must be told of in another way.
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
  const reason = `Polling it failed again and again: ${cause}`;
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
