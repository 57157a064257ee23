import { addSeconds, secondsUntil, type Clock } from '../clock';
import { parseConnectionId, type TargetId } from '../connections/resource-id';
import { targetProfiles } from '../connections/target-type';
import type { Operation } from '../operations/operation';
import type { OperationStore } from '../operations/operation-store';
import type { ReviewQueue } from './review-request';

export interface FollowUpOptions {
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly clock: Clock;
  readonly pollFloorSeconds?: number | undefined;
}

export interface FollowUp {
  /** An operation has ended: if others wait in line on its target, the target is reviewed again. */
  nextInLine(ended: Operation): Promise<void>;
  /** If it may be tried again some time, the target is reviewed then. */
  retry(ended: Operation): Promise<void>;
}

export function createFollowUp(options: FollowUpOptions): FollowUp {
  return {
    async nextInLine(ended) {
      const target = targetOfOperation(ended);
      if (target === undefined) return;
      const { sightings } = await options.operations.load(target);
      if (!sightings.some((sighting) => sighting.operation?.state === 'planned')) return;
      const profile = targetProfiles[target.type];
      const delay = profile.locksTarget ? (options.pollFloorSeconds ?? profile.firstPollSeconds) : 0;
      await ask(options, { target, because: 'next in line', delay, traceId: ended.decided.traceId });
    },
    async retry(ended) {
      const target = targetOfOperation(ended);
      if (target === undefined || ended.retryAt === undefined) return;
      const delay = secondsUntil(options.clock.now(), new Date(ended.retryAt)) + 1;
      await ask(options, { target, because: 'retry', delay, traceId: ended.decided.traceId });
    },
  };
}

interface Ask {
  readonly target: TargetId;
  readonly because: string;
  readonly delay: number;
  readonly traceId: string | undefined;
}

async function ask(options: FollowUpOptions, { target, because, delay, traceId }: Ask): Promise<void> {
  const hintedAt = addSeconds(options.clock.now(), delay).toISOString();
  await options.reviews.put(
    { version: 1, kind: 'target', id: target.id, hintedAt, because, attempt: 0, traceId },
    delay,
  );
}

function targetOfOperation(operation: Operation): TargetId | undefined {
  const { connection } = operation.decided;
  return connection === undefined ? undefined : parseConnectionId(connection).target;
}
