import { foldText } from '../../connections/fold-text';
import type { Facts } from './facts';

/**
 * The limits of facts, in UTF-16 units or entries. A connection with larger facts is held: if they
 * were truncated, a requester could make the rest match.
 */
export const factLimits = {
  messageLength: 4_096,
  textLength: 2_048,
  tags: 100,
  groupIds: 100,
  managementGroups: 100,
  peeredNetworks: 1_000,
} as const;

/** Describes why a policy cannot decide on facts. Returns undefined if it can. */
export function factsProblem(facts: Facts, now: Date): string | undefined {
  const { connection, endpoint, requester, target, expected } = facts;
  const times = [now, connection.firstSeen, expected?.until ?? now];
  if (times.some((time) => Number.isNaN(time.getTime()))) return 'a time among the facts is invalid';
  if (connection.message.length > factLimits.messageLength) {
    return `the message has ${connection.message.length} characters, more than the limit of ${factLimits.messageLength}`;
  }
  if (connection.groupIds.length > factLimits.groupIds)
    return `there are more than ${factLimits.groupIds} group ids`;
  if ((requester?.managementGroups ?? []).length > factLimits.managementGroups)
    return `there are more than ${factLimits.managementGroups} management groups`;
  if ((endpoint?.peeredNetworks ?? []).length > factLimits.peeredNetworks)
    return `there are more than ${factLimits.peeredNetworks} peered networks`;
  if (Object.values(facts.consumer ?? {}).some((value) => !Number.isSafeInteger(value)))
    return 'a count is not an integer';
  const long =
    longText(connection) ??
    (endpoint && longText(endpoint)) ??
    (requester && longText(requester)) ??
    (expected && longText(expected)) ??
    longText(target);
  if (long !== undefined) return `\`${long}\` has more than ${factLimits.textLength} characters`;
  return (
    tagsProblem('target', target.tags) ??
    tagsProblem('endpoint', endpoint?.tags) ??
    tagsProblem("requester's subscription", requester?.subscriptionTags)
  );
}

/** Finds the name of a fact that is too long. The message has its own limit. */
function longText(part: object): string | undefined {
  const facts = part as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(part)) {
    const value = facts[name];
    const long = Array.isArray(value) ? value.some(isLong) : isLong(value);
    if (long && name !== 'message') return name;
  }
  return undefined;
}

function isLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > factLimits.textLength;
}

function tagsProblem(owner: string, tags: Readonly<Record<string, string>> | undefined): string | undefined {
  if (tags === undefined) return undefined;
  const names = Object.keys(tags);
  if (names.length > factLimits.tags) return `the ${owner} has more than ${factLimits.tags} tags`;
  if (new Set(names.map(foldText)).size < names.length)
    return `the ${owner} has two tags whose names differ only in case`;
  const long = names.some((name) => isLong(name) || isLong(tags[name]));
  return long ? `a tag of the ${owner} has more than ${factLimits.textLength} characters` : undefined;
}
