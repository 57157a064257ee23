import type { Clock } from '../../base/clock';
import type { TargetId } from '../../connections/resource-id';
import type { FoundConnection } from './connection-finder';
import { askForReview, type ReviewQueue } from '../queue/review-request';
import type { SweepCounts, SweepState } from './journal';
import type { PolicyInForce, OpenOperations } from './open-operations';

/** The counts that the search contributes. */
export type Found = Pick<SweepCounts, 'connections' | 'targets' | 'asked' | 'inHand'>;

/** The counts of a search that found nothing. */
export const nothingFound: Found = { connections: 0, targets: 0, asked: 0, inHand: 0 };

/** How `createSweepAsker` queues reviews. */
export interface AskOrder {
  readonly openOperations: OpenOperations;
  readonly policy: PolicyInForce;
  readonly state: SweepState;
  readonly traceId: string | undefined;
}

/** Queues a review for each found target. */
export interface SweepAsker {
  /**
   * Takes one found connection; queues a review of its target, once, unless the connection is in
   * progress.
   */
  readonly take: (found: FoundConnection) => Promise<void>;
  /** Queues the remaining reviews. */
  flush(): Promise<void>;
  /** Returns the counts so far. */
  counts(): Found;
}

/** The number of reviews that are queued concurrently. */
const asksAtOnce = 16;
/**
 * The delay of reviews after a policy change. Other instances check for a new policy every ten
 * seconds; until then their reviews would use the old one.
 */
export const policyLagSeconds = 15;

/**
 * Creates the consumer of what a sweep finds. Finders return connections ordered by target, so
 * remembering one target is enough to queue one review for each.
 */
export function createSweepAsker(
  ports: { readonly reviews: ReviewQueue; readonly clock: Clock },
  { openOperations, policy, state, traceId }: AskOrder,
): SweepAsker {
  const because = causeOf(state, policy);
  const origin = because === 'policy change' ? undefined : because;
  const delaySeconds = because === 'policy change' ? policyLagSeconds : 0;
  const found = { ...nothingFound };
  let waiting: TargetId[] = [];
  let seen: string | undefined;
  let asked: string | undefined;
  async function flush(): Promise<void> {
    const targets = waiting;
    waiting = [];
    await Promise.all(
      targets.map((target) => askForReview(ports, { target, because, origin, delaySeconds, traceId })),
    );
  }
  return {
    async take(one) {
      const { key } = one.targetId;
      if (one.status !== undefined) found.connections += 1;
      if (key !== seen) found.targets += 1;
      seen = key;
      if (key === asked) return;
      if (openOperations.has(one, policy)) {
        found.inHand += 1;
        return;
      }
      asked = key;
      found.asked += 1;
      waiting.push(one.targetId);
      if (waiting.length === asksAtOnce) await flush();
    },
    flush,
    counts: () => found,
  };
}

/**
 * Returns the cause of the reviews. Connections that they see first are recorded as found late, but
 * not after a policy change: events cannot have reported what the old policy did not concern. On
 * the first sweep, this applies only to targets that were reviewed before.
 */
function causeOf(
  { last, policy: before }: SweepState,
  policy: PolicyInForce,
): 'first sweep' | 'sweep' | 'policy change' {
  if (last === undefined) return 'first sweep';
  return before?.digest === policy.digest && before.mode === policy.mode ? 'sweep' : 'policy change';
}
