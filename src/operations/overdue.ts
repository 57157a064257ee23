import type { Pace } from '../connections/pace';
import { addSeconds } from '../base/clock';
import type { ConnectionId } from '../connections/resource-id';
import type { Alarm } from './alarm';
import type { Operation } from './operation';

/** Computes the due time before which an open operation has lost its alarm, or its review. */
export function overdueSince(now: Date, { overdueSeconds }: Pace): Date {
  return addSeconds(now, -overdueSeconds);
}

/** Sets a running operation's alarm again, to ring at once, and to replace all others. */
export async function wake(
  alarm: Alarm,
  { connection, operation }: { readonly connection: ConnectionId; readonly operation: Operation },
  traceId: string | undefined,
): Promise<void> {
  const poll = operation.ticket?.polls ?? 0;
  const call = { version: 1, connectionId: connection.id, operationId: operation.id, poll, traceId } as const;
  await alarm.ring({ ...call, isRenewed: true }, 0);
}
