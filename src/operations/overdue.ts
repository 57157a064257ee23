import { addSeconds } from '../base/clock';
import type { ConnectionId } from '../connections/resource-id';
import type { Alarm } from './alarm';
import type { Operation } from './operation';

const overdueFloors = 12;

/** An open operation this long past its time has lost its alarm, or its review. */
export function overdueSince(now: Date, pollFloorSeconds = 25): Date {
  return addSeconds(now, -Math.max(30, pollFloorSeconds * overdueFloors));
}

/** Sets a running operation's alarm again, to ring at once. */
export function wake(
  alarm: Alarm,
  { connection, operation }: { readonly connection: ConnectionId; readonly operation: Operation },
  traceId: string | undefined,
): Promise<void> {
  const poll = operation.ticket?.polls ?? 0;
  return alarm.ring({ version: 1, connectionId: connection.id, operationId: operation.id, poll, traceId }, 0);
}
