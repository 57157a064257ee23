import { hasStatus } from '../connections/connection';
import { profileOf, type TargetProfile, type TargetType, targetTypeFrom } from '../connections/target-type';
import type { Effect } from './decision';
import type { Facts } from './facts/facts';

/**
 * Says why an effect is not carried out on this type of target, for people; returns `undefined` if it may be. What is
 * not known about a type is left to a person. `isNamed`: whether a rule that approves names the class of types that one
 * approval opens as a whole.
 */
export function unsafeReason(effect: Effect, facts: Facts, isNamed: boolean): string | undefined {
  if (effect === 'hold') return undefined;
  const type = targetTypeFrom(facts.target.type);
  if (type === undefined) return effect === 'approve' ? revivalProblem(facts, undefined) : undefined;
  const profile = profileOf(type);
  if (!profile.isWritable)
    return `Policy would ${effect}, but Postern can only read connections to ${profile.label}`;
  if (effect === 'approve') return approvalProblem(facts, profile, isNamed);
  return machineryProblem(effect, facts, profile) ?? rejectionProblem(effect, facts, profile);
}

/**
 * Says why a rejection is carried out as a deletion, for people; returns `undefined` if it is not. Some types refuse to
 * reject an approved connection: only a deletion takes it back.
 */
export function deletionReason(effect: Effect, { connection, target }: Facts): string | undefined {
  if (effect !== 'reject' || !hasStatus(connection, 'Approved')) return undefined;
  const type = targetTypeFrom(target.type);
  const profile = type === undefined ? undefined : profileOf(type);
  return profile?.revocation === 'delete'
    ? `${profile.label} refuses to reject an approved connection, so it is deleted`
    : undefined;
}

/**
 * Says why an approval is taken back by a deletion, for people, where a rejection is refused or not known to work;
 * returns `undefined` if a rejection does it. A deletion always takes access away.
 */
export function whyDeleted(type: TargetType): string | undefined {
  const { revocation, hasOwnStore, label } = profileOf(type);
  if (revocation === 'delete') return `${label} refuses to reject an approved connection`;
  return revocation === undefined && !hasOwnStore
    ? `${label} is not known to reject an approved connection`
    : undefined;
}

function approvalProblem(facts: Facts, profile: TargetProfile, isNamed: boolean): string | undefined {
  const { connection } = facts;
  const { label, opensMany, hasOwnStore } = profile;
  if (opensMany && !isNamed)
    return `Policy would approve, but one approval of ${label} opens many resources, and no rule that approves names that: a rule with \`targets\`, or one that reads \`target.opensMany\`, can`;
  if (!hasOwnStore && !hasStatus(connection, 'Pending') && !hasStatus(connection, 'Rejected'))
    return `Policy would approve, but ${label} is only known to accept a Pending connection, and this one is ${connection.status.slice(0, 100)}`;
  return revivalProblem(facts, profile);
}

/**
 * Most providers cannot approve a rejected connection: the approval would fail or, worse, be
 * accepted without effect.
 */
function revivalProblem(
  { connection, target }: Facts,
  profile: TargetProfile | undefined,
): string | undefined {
  if (!hasStatus(connection, 'Rejected') || profile?.canReviveRejected === true) return undefined;
  const label = profile?.label ?? target.type.slice(0, 100);
  return `Policy would approve, but ${label} is not known to accept a rejected connection again: the requester must recreate it`;
}

/** The provider's own connections: on a private cluster, the way from the nodes to their control plane. */
function machineryProblem(
  effect: Effect,
  facts: Facts,
  { machinery, label }: TargetProfile,
): string | undefined {
  const { connection, endpoint, target } = facts;
  if (machinery === undefined) return undefined;
  const isManaged =
    endpoint?.subscriptionId.toLowerCase() === target.subscriptionId.toLowerCase() &&
    machinery.endpointGroup?.test(endpoint.resourceGroup) === true;
  if (!isManaged && machinery.connection?.test(connection.name) !== true) return undefined;
  return `Policy would ${effect}, but ${label} itself needs this connection: ${connection.name}`;
}

/** A rejection of what is not Pending is sent, or a deletion in its place, only where that is known to work. */
function rejectionProblem(
  effect: Effect,
  { connection }: Facts,
  { hasOwnStore, revocation, label }: TargetProfile,
): string | undefined {
  if (effect === 'delete' || hasOwnStore || hasStatus(connection, 'Pending')) return undefined;
  if (!hasStatus(connection, 'Approved'))
    return `Policy would reject, but ${label} is only known to reject a Pending connection, and this one is ${connection.status.slice(0, 100)}`;
  return revocation === undefined
    ? `Policy would reject, but it is not known whether ${label} takes an approval back by a rejection: a rule with \`effect: delete\` can`
    : undefined;
}
