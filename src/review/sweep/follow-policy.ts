import type { Clock } from '../../base/clock';
import { describeError, PosternError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { TargetId } from '../../connections/resource-id';
import type { ExpectedRequests } from '../../policy/expected/expected-requests';
import type { Policy, PolicySource } from '../../policy/policy';
import type { ManagedLists } from '../lists/managed-lists';
import { askForReview, type ReviewQueue } from '../queue/review-request';
import { policyLagSeconds } from './request-reviews';
import type { Sweep } from './sweep';
import type { SweepJournal } from './journal';

/** The ports of `createFollowPolicy`. */
export interface FollowPolicyPorts {
  readonly policy: PolicySource;
  readonly journal: SweepJournal;
  readonly sweep: Sweep;
  readonly reviews: ReviewQueue;
  readonly managedLists: Pick<ManagedLists, 'refresh'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Reads the policy's managed lists again, sweeps if they or the policy have changed since the last
 * sweep, and reviews the targets of new announcements.
 */
export type FollowPolicy = (traceId: string | undefined) => Promise<void>;

/**
 * Creates the check for a changed policy. It starts a sweep at once if the policy in force is not
 * the one of the last sweep, or a managed list has other entries, and queues a review of each target
 * at which a request was announced that may be waiting already; otherwise it costs two small reads.
 * Lists are read before the sweep, so that its reviews decide by them. Rejects with the errors of the
 * sweep; lists that cannot be stored now are left to the next minute.
 */
export function createFollowPolicy(ports: FollowPolicyPorts): FollowPolicy {
  const { policy, journal, sweep } = ports;
  /** The announcements that were seen last; absent in a new process, which then takes all for new. */
  let known: ReadonlySet<string> | undefined;

  async function followExpected(expected: ExpectedRequests, traceId: string | undefined): Promise<void> {
    const now = ports.clock.now();
    const news = expected.requests.filter(({ id, until }) => now < until && known?.has(id) !== true);
    const targets = new Map<string, TargetId>(news.map(({ target }) => [target.key, target]));
    for (const target of targets.values()) {
      await askForReview(ports, {
        target,
        because: 'announcement',
        delaySeconds: policyLagSeconds,
        traceId,
      });
    }
    await journal.write({ ...(await journal.read()), expected: digestOf(expected) });
  }

  return async (traceId) => {
    const loaded = await policy.current();
    // The timed sweep records a policy that does not load.
    if (loaded.kind === 'refused') return;
    const hasNewLists = await refreshLists(ports, loaded.policy, traceId);
    const state = await journal.read();
    const { digest, mode, expected, reads } = loaded.policy;
    const isNew = reads.expected && (state.expected ?? '') !== digestOf(expected);
    if (isNew) await followExpected(expected, traceId);
    known = new Set(expected.requests.map(({ id }) => id));
    if (hasNewLists || state.policy?.digest !== digest || state.policy.mode !== mode) await sweep(traceId);
  };
}

async function refreshLists(
  { managedLists, logger }: FollowPolicyPorts,
  policy: Policy,
  traceId: string | undefined,
): Promise<boolean> {
  if (policy.managedLists.length === 0) return false;
  try {
    return await managedLists.refresh(policy, traceId);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    logger.warn(`Managed lists could not be read again. ${describeError(error)}`);
    return false;
  }
}

/** Returns the digest of announcements; empty if there are none. */
function digestOf({ requests, digest }: ExpectedRequests): string {
  return requests.length === 0 ? '' : digest;
}
