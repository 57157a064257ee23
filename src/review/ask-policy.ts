import { addSeconds } from '../base/clock';
import { lower } from '../base/compare';
import type { Connection } from '../connections/connection';
import type { ConnectionState, TimedApproval } from '../operations/operation';
import { hasOutlivedApproval } from '../operations/timed-approval';
import type { Decision } from '../policy/decision';
import { factsFrom, type KnownTenants } from './facts/build-facts';
import type { ReviewInput } from './review-job';

/**
 * Returns the policy's decision. If a time-limited approval has ended, returns a decision to delete
 * instead, unless a rule that holds takes precedence.
 */
export function askPolicy(
  input: ReviewInput,
  connection: Connection,
  seen: ConnectionState,
): Decision | undefined {
  const { policy, now, lists } = input;
  const decision = policy.decide(factsOf(input, connection, seen), now, lists);
  if (seen.approval === undefined || !hasOutlivedApproval(connection, seen, now)) return decision;
  if (decision?.effect === 'delete' || keepsWhatHasEnded(decision)) return decision;
  return {
    effect: 'delete',
    rules: seen.approval.rules,
    reason: `The approval was limited in time and ended at ${seen.approval.endsAt}`,
    outcomes: decision?.outcomes ?? [],
    policyDigest: policy.digest,
    mode: policy.mode,
  };
}

/**
 * Tells whether a rule that holds matched, or might have matched but could not be evaluated. A rule
 * that would approve, reject or delete, and could not be evaluated, keeps nothing: it was written
 * to take access away, or to give it for a limited time.
 */
function keepsWhatHasEnded(decision: Decision | undefined): boolean {
  if (decision?.effect !== 'hold' || decision.rules.length === 0) return false;
  return decision.outcomes.some(({ kind, effect }) => effect === 'hold' && kind !== 'missed');
}

/**
 * Returns the time limit that a decision to approve sets, counted from the decision; `undefined` if
 * it sets none.
 */
export function approvalFrom(decision: Decision, now: Date): TimedApproval | undefined {
  if (decision.expireAfterSeconds === undefined) return undefined;
  return { endsAt: addSeconds(now, decision.expireAfterSeconds).toISOString(), rules: decision.rules };
}

function factsOf(
  input: ReviewInput,
  connection: Connection,
  seen: ConnectionState,
): ReturnType<typeof factsFrom> {
  return factsFrom({
    connection,
    firstSeen: seen.firstSeen,
    all: input.listing.connections,
    targetDetails: input.targetDetails,
    endpointDetails: connection.endpoint && input.endpoints.get(connection.endpoint.key),
    tenants: knownTenants(input, connection),
    announcement: input.expected.get(connection.id.key),
  });
}

/** Returns what is known about the tenants of a connection. */
function knownTenants(
  { target, tenants, subscriptions }: Pick<ReviewInput, 'target' | 'tenants' | 'subscriptions'>,
  { endpoint }: Connection,
): KnownTenants {
  return {
    target: tenants.get(lower(target.subscriptionId)),
    endpoint: endpoint && tenants.get(lower(endpoint.subscriptionId)),
    subscription: endpoint && subscriptions.get(lower(endpoint.subscriptionId)),
  };
}
