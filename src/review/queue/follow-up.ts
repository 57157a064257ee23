import type { Pace } from '../../connections/pace';
import { secondsUntil, type Clock } from '../../base/clock';
import { parseConnectionId, type TargetId } from '../../connections/resource-id';
import { profileOf } from '../../connections/target-type';
import type { Operation } from '../../operations/operation';
import type { OperationStore } from '../../operations/operation-store';
import { askForReview, type ReviewQueue } from './review-request';

/** The ports of `createFollowUp`. */
export interface FollowUpPorts {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
  readonly pace: Pace;
}

/** The reviews that follow the end of an operation. */
export interface FollowUp {
  /** Runs `nextInLine`, then `retry`. */
  ended(operation: Operation): Promise<void>;
  /**
   * Queues a review of the target if planned operations or hints wait for the end, or if a review
   * was made while the operation was running, which could not decide the connection although it
   * answered its hints.
   */
  nextInLine(ended: Operation): Promise<void>;
  /**
   * Queues a review of the target for the time of the operation's retry, if it may be tried again.
   */
  retry(ended: Operation): Promise<void>;
}

/**
 * Creates the functions that queue the next review of a target after an operation has ended. Safe
 * to call twice for the same end: another review of an unchanged target does nothing.
 * @throws (the returned functions) PosternError STORE_UNAVAILABLE
 */
export function createFollowUp(ports: FollowUpPorts): FollowUp {
  const followUp: FollowUp = {
    async ended(operation) {
      await followUp.nextInLine(operation);
      await followUp.retry(operation);
    },
    async nextInLine(ended) {
      const target = targetOfOperation(ended);
      if (target === undefined) return;
      // What took its place is a new question.
      const isReplaced = ended.state === 'superseded';
      if (!isReplaced && !(ended.isAwaited ?? (await wasAwaited(ports, target, ended)))) return;
      const { locksTarget } = profileOf(target.type);
      const delaySeconds = locksTarget ? ports.pace.firstPollSeconds(target.type) : 0;
      await askForReview(ports, {
        target,
        because: 'next in line',
        delaySeconds,
        traceId: ended.decided.traceId,
      });
    },
    async retry(ended) {
      const target = targetOfOperation(ended);
      if (target === undefined || ended.retryAt === undefined) return;
      const delaySeconds = secondsUntil(ports.clock.now(), new Date(ended.retryAt)) + 1;
      await askForReview(ports, { target, because: 'retry', delaySeconds, traceId: ended.decided.traceId });
    },
  };
  return followUp;
}

/** Finds out whether anything waits for an operation of version 0.1.0, whose row does not tell. */
async function wasAwaited(
  { operations }: FollowUpPorts,
  target: TargetId,
  { startedAt }: Operation,
): Promise<boolean> {
  const { connectionStates, reviewedAt } = await operations.load(target);
  // Includes operations held by a limit, which may have been lifted meanwhile.
  const isPlanned = connectionStates.some(({ operation }) => operation?.state === 'planned');
  return isPlanned || (reviewedAt !== undefined && startedAt !== undefined && reviewedAt >= startedAt);
}

function targetOfOperation(operation: Operation): TargetId | undefined {
  const { connection } = operation.decided;
  return connection === undefined ? undefined : parseConnectionId(connection).target;
}
