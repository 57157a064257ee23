import type { Pace } from '../../connections/pace';
import type { Clock } from '../../base/clock';
import type { PosternError } from '../../base/errors';
import { hasCode } from '../../base/errors';
import type { Alarm } from '../../operations/alarm';
import type { OperationStore } from '../../operations/operation-store';
import { overdueSince, wake } from '../../operations/overdue';
import { askForReview, type ReviewQueue } from '../queue/review-request';
import { createOpenOperations, type OpenOperations } from './open-operations';

export interface WakePorts {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly pace: Pace;
}

export interface WakeResult {
  /** Operations whose alarm got lost and was set again. */
  readonly woken: number;
  /** All the others: their alarms will ring. */
  readonly inHand: OpenOperations;
  /** Rows that nobody can read. The operations in all other rows were looked at. */
  readonly problem?: PosternError | undefined;
}

/** Nothing is due later: before it the store tells of every open operation. */
const endOfTime = new Date('9999-12-31T23:59:59.999Z');

/**
 * Reads the open operations once: rings for those whose time is long past, and remembers the others. Then asks for reviews
 * where an approval has come to its end.
 */
export async function wakeOperations(ports: WakePorts, traceId: string | undefined): Promise<WakeResult> {
  const opened = await wakeOpen(ports, traceId);
  try {
    await askForEndedApprovals(ports, traceId);
  } catch (error) {
    return { ...opened, problem: opened.problem ?? unreadable(error) };
  }
  return opened;
}

/** @throws `error` itself unless it tells of rows that nobody can read. */
function unreadable(error: unknown): PosternError {
  if (hasCode(error, 'STORE_UNREADABLE')) return error;
  throw error;
}

async function wakeOpen(ports: WakePorts, traceId: string | undefined): Promise<WakeResult> {
  const since = overdueSince(ports.clock.now(), ports.pace);
  const inHand = createOpenOperations();
  let woken = 0;
  let last: string | undefined;
  try {
    for await (const open of ports.operations.overdue(endOfTime)) {
      const { connection, operation } = open;
      if (new Date(operation.dueAt ?? operation.plannedAt) >= since) {
        inHand.add(connection, operation);
        continue;
      }
      woken += 1;
      if (operation.state === 'running') await wake(ports.alarm, open, traceId);
      else if (connection.target.key !== last) {
        last = connection.target.key;
        await askForReview(ports, {
          target: connection.target,
          because: 'planned, but not begun',
          traceId,
        });
      }
    }
  } catch (error) {
    return { woken, inHand, problem: unreadable(error) };
  }
  return { woken, inHand };
}

export interface EndedApprovalsPorts {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
}

/** Asks for a review of every target with an approval whose time is over. Streams. */
export async function askForEndedApprovals(
  ports: EndedApprovalsPorts,
  traceId: string | undefined,
): Promise<void> {
  let last: string | undefined;
  for await (const { target } of ports.operations.endedApprovals(ports.clock.now())) {
    if (target.key === last) continue;
    last = target.key;
    await askForReview(ports, { target, because: 'an approval has ended', traceId });
  }
}
