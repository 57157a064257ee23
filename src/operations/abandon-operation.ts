import type { AuditLog } from '../audit/audit-log';
import type { Clock } from '../clock';
import { parseConnectionId } from '../connections/resource-id';
import { PosternError } from '../errors';
import type { AlarmCall } from './alarm';
import { endOperation } from './end-operation';
import { isOpen } from './operation';
import type { OperationStore } from './operation-store';
import { parseAlarmCall } from './parse-alarm-call';

export interface AbandonOptions {
  readonly operations: OperationStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/**
 * Ends the operation that a poisoned alarm names: a person must look. False when the message names no operation that
 * is known; then it must be told of in another way.
 */
export async function abandonOperation(options: AbandonOptions, message: unknown): Promise<boolean> {
  const call = readable(message);
  if (call === undefined) return false;
  const sighting = await options.operations.get(parseConnectionId(call.connectionId));
  const operation = sighting?.operation;
  if (sighting === undefined || operation?.id !== call.operationId) return false;
  if (!isOpen(operation)) return true;
  const reason = 'Polling it failed again and again; the log of pollOperation says why';
  const { ended, record } = endOperation(
    operation,
    { state: 'abandoned', reason, error: reason },
    options.clock.now(),
  );
  await options.audit.record([record]);
  await options.operations.save(sighting.connection.target, [{ ...sighting, operation: ended }]);
  return true;
}

function readable(message: unknown): AlarmCall | undefined {
  try {
    return parseAlarmCall(message);
  } catch (error) {
    if (error instanceof PosternError && error.code === 'MESSAGE_INVALID') return undefined;
    throw error;
  }
}
