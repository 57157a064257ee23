import type { Pace } from '../../connections/pace';
import { secondsUntil, type Clock } from '../../base/clock';
import { parseConnectionId, type TargetId } from '../../connections/resource-id';
import { targetProfiles } from '../../connections/target-type';
import type { Operation } from '../../operations/operation';
import type { OperationStore } from '../../operations/operation-store';
import { askForReview, type ReviewQueue } from './review-request';

export interface FollowUpPorts {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
  readonly pace: Pace;
}

export interface FollowUp {
  /** Both of these. */
  ended(operation: Operation): Promise<void>;
  /**
   * An operation has ended: the target is reviewed again if others wait in line on it, or if a review was made meanwhile, which
   * could not judge the connection and has answered its hints.
   */
  nextInLine(ended: Operation): Promise<void>;
  /** If it may be tried again some time, the target is reviewed then. */
  retry(ended: Operation): Promise<void>;
}

export function createFollowUp(ports: FollowUpPorts): FollowUp {
  const followUp: FollowUp = {
    async ended(operation) {
      await followUp.nextInLine(operation);
      await followUp.retry(operation);
    },
    async nextInLine(ended) {
      const target = targetOfOperation(ended);
      if (target === undefined) return;
      const { connectionStates, reviewedAt } = await ports.operations.load(target);
      // Also one that a limit held: the limit may have been lifted meanwhile.
      const isAwaited = connectionStates.some(({ operation }) => operation?.state === 'planned');
      const { startedAt } = ended;
      const wasReviewed = reviewedAt !== undefined && startedAt !== undefined && reviewedAt >= startedAt;
      if (!isAwaited && !wasReviewed) return;
      const { locksTarget } = targetProfiles[target.type];
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

function targetOfOperation(operation: Operation): TargetId | undefined {
  const { connection } = operation.decided;
  return connection === undefined ? undefined : parseConnectionId(connection).target;
}
