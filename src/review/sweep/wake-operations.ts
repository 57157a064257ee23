import type { Pace } from '../../connections/pace';
import type { Clock } from '../../base/clock';
import type { PosternError } from '../../base/errors';
import { hasCode } from '../../base/errors';
import type { Alarm } from '../../operations/alarm';
import type { OperationStore } from '../../operations/operation-store';
import { overdueSince, wake } from '../../operations/overdue';
import { askForReview, type ReviewQueue } from '../queue/review-request';
import { createOpenOperations, type OpenOperations } from './open-operations';

/** The ports of `wakeOperations`. */
export interface WakePorts {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly pace: Pace;
}

/** The result of `wakeOperations`. */
export interface WakeResult {
  /** Operations whose alarm was lost and was set again. */
  readonly woken: number;
  /** All other open operations, whose alarms are still due. */
  readonly openOperations: OpenOperations;
  /** The error about rows that cannot be read. All other rows were checked. */
  readonly problem?: PosternError | undefined;
}

/** A time after every due time, so that the store lists every open operation. */
const endOfTime = new Date('9999-12-31T23:59:59.999Z');

/**
 * Reads all open operations once: sets the alarms of overdue ones again, and collects the others.
 * Then queues reviews where a time-limited approval has ended. Unreadable rows are part of the
 * result.
 * @throws PosternError STORE_UNAVAILABLE
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

/**
 * Returns an error about unreadable rows.
 * @throws `error` itself if it is any other error.
 */
function unreadable(error: unknown): PosternError {
  if (hasCode(error, 'STORE_UNREADABLE')) return error;
  throw error;
}

async function wakeOpen(ports: WakePorts, traceId: string | undefined): Promise<WakeResult> {
  const since = overdueSince(ports.clock.now(), ports.pace);
  const openOperations = createOpenOperations();
  let woken = 0;
  let last: string | undefined;
  try {
    for await (const open of ports.operations.overdue(endOfTime)) {
      const { connection, operation } = open;
      if (new Date(operation.dueAt ?? operation.plannedAt) >= since) {
        openOperations.add(connection, operation);
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
    return { woken, openOperations, problem: unreadable(error) };
  }
  return { woken, openOperations };
}

/** The ports of `askForEndedApprovals`. */
export interface EndedApprovalsPorts {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
}

/** Queues a review of every target with an approval whose time is over. Streams. */
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
