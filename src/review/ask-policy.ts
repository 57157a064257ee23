import { addSeconds } from '../base/clock';
import { lower } from '../base/compare';
import type { Connection } from '../connections/connection';
import type { ConnectionState, TimedApproval } from '../operations/operation';
import { hasOutlivedApproval } from '../operations/timed-approval';
import type { Decision } from '../policy/decision';
import { factsFrom, type KnownTenants } from './facts/build-facts';
import { detailsOf } from './facts/read-facts';
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
export function keepsWhatHasEnded(decision: Decision | undefined): boolean {
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

/** Builds the facts on which the policy decides about a connection. `seen`: its row. Pure. */
export function factsOf(
  input: ReviewInput,
  connection: Connection,
  seen: ConnectionState,
): ReturnType<typeof factsFrom> {
  const { endpoint, network } = detailsOf({ ...input, details: input.targetDetails }, connection);
  return factsFrom({
    connection,
    firstSeen: seen.firstSeen,
    all: input.listing.connections,
    targetDetails: input.targetDetails,
    endpointDetails: endpoint,
    network,
    tenants: knownTenants(input, connection),
    announcement: input.expected.get(connection.id.key),
  });
}

/** Returns what is known about the tenants of a connection. */
function knownTenants(
  { target, tenants, subscriptions, proofs }: ReviewInput,
  { id, endpoint }: Connection,
): KnownTenants {
  const proof = proofs.get(id.key);
  const managedBy = proof?.kind === 'proven' ? proof : undefined;
  const requester = managedBy?.owner ?? endpoint;
  return {
    target: tenants.get(lower(target.subscriptionId)),
    endpoint: endpoint && tenants.get(lower(endpoint.subscriptionId)),
    subscription: requester && subscriptions.get(lower(requester.subscriptionId)),
    managedBy,
  };
}
