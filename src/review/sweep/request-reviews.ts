import type { Clock } from '../../base/clock';
import type { TargetId } from '../../connections/resource-id';
import type { FoundConnection } from './connection-finder';
import { askForReview, type ReviewQueue } from '../queue/review-request';
import type { SweepCounts, SweepState } from './journal';
import type { PolicyInForce, OpenOperations } from './open-operations';

export type Found = Pick<SweepCounts, 'connections' | 'targets' | 'asked' | 'inHand'>;

export const nothingFound: Found = { connections: 0, targets: 0, asked: 0, inHand: 0 };

export interface AskOrder {
  readonly inHand: OpenOperations;
  readonly policy: PolicyInForce;
  readonly state: SweepState;
  readonly traceId: string | undefined;
}

export interface SweepAsker {
  readonly take: (found: FoundConnection) => Promise<void>;
  /** Asks for what is left over. */
  flush(): Promise<void>;
  counts(): Found;
}

/** So many reviews are asked for at once. */
const asksAtOnce = 16;
/** Other instances look for a new policy every ten seconds; until then their reviews would go by the old one. */
const policyLagSeconds = 15;

/** Finders tell connections ordered by target, so one remembered target is enough to ask once for each. */
export function createSweepAsker(
  ports: { readonly reviews: ReviewQueue; readonly clock: Clock },
  { inHand, policy, state, traceId }: AskOrder,
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
      if (inHand.has(one, policy)) {
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
 * What they see first is recorded as found late, but not on a policy change: what the old policy did not concern, no event
 * could have told of. On the first sweep, only on targets that were reviewed before.
 */
function causeOf(
  { last, policy: before }: SweepState,
  policy: PolicyInForce,
): 'first sweep' | 'sweep' | 'policy change' {
  if (last === undefined) return 'first sweep';
  return before?.digest === policy.digest && before.mode === policy.mode ? 'sweep' : 'policy change';
}
