// What a deployment of Postern owns in Azure, in every scope that the caller sees. Only reads.
import { arm, ArmTrouble, itemOf, listOf, names, versions } from './arm.mjs';
import { isRoleWanted, lookAtFormerOperators, lookAtRoles } from './roles.mjs';
import { lookAtTopics, principalOf } from './topics.mjs';

/**
 * `wants`: the deployment as it is meant to be now. What cannot be looked at, one scope or one kind of things in it, is told in
 * `unread` and keeps nothing else from being found: there may be more.
 */
export async function inventory(wants) {
  const found = { items: new Map(), unread: [] };
  const look = async (place, work) => {
    try {
      for (const item of await work()) found.items.set(item.id.toLowerCase(), item);
    } catch (error) {
      if (!(error instanceof ArmTrouble)) throw error;
      found.unread.push({ place, reason: error.message });
    }
  };
  const principals = new Set([wants.principalId.toLowerCase()]);
  await look('the identity of the system topics', async () => {
    const events = await principalOf(wants.eventsIdentityId);
    if (events !== undefined) principals.add(events.toLowerCase());
    return [];
  });
  await lookAtManagementGroups(look, { wants, principals });
  await lookAtSubscriptions(look, { wants, principals });
  await look('roles of former operators', () => lookAtFormerOperators([...found.items.values()], wants));
  const items = [...found.items.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return { items, unread: found.unread };
}

async function lookAtManagementGroups(look, { wants, principals }) {
  const groups = [];
  await look('management groups', async () => {
    groups.push(
      ...(await listOf('/providers/Microsoft.Management/managementGroups', versions.managementGroups)),
    );
    return [];
  });
  for (const { id: scope } of groups) {
    await look(`${scope}, policies`, () => lookAtPolicies({ scope, wants, principals }));
    await look(`${scope}, roles`, () => lookAtRoles({ scope, wants, principals, isWanted: () => true }));
  }
}

/** The onboarding policy is ours if it delivers to this very function app. Its identity has roles of ours, too. */
async function lookAtPolicies({ scope, wants, principals }) {
  const path = `${scope}/providers/Microsoft.Authorization/policyAssignments?$filter=atExactScope()`;
  const items = [];
  for (const assignment of await listOf(path, versions.policies)) {
    if (!/^postern\b/i.test(assignment.name)) continue;
    const definitions = await definitionsOf(assignment.properties?.policyDefinitionId);
    if (!names([assignment, definitions], wants.functionAppId)) continue;
    if (assignment.identity?.principalId) principals.add(assignment.identity.principalId.toLowerCase());
    items.push(itemOf('policy assignment', assignment, { order: 60, version: versions.policies }));
    for (const [depth, one] of definitions.entries())
      items.push(itemOf('policy definition', one, { order: 61 + depth, version: versions.policies }));
  }
  return items;
}

/** What is assigned, and what that is made of if it is a set. */
async function definitionsOf(id) {
  if (!id) return [];
  const get = (one) => arm('get', `${one}?api-version=${versions.policies}`);
  const first = await get(id);
  const inner = new Set((first?.properties?.policyDefinitions ?? []).map((one) => one.policyDefinitionId));
  return [first, ...(await Promise.all([...inner].map(get)))];
}

async function lookAtSubscriptions(look, { wants, principals }) {
  const ids = new Set(wants.watched);
  await look('subscriptions', async () => {
    for (const { subscriptionId } of await listOf('/subscriptions', versions.subscriptions))
      ids.add(subscriptionId.toLowerCase());
    return [];
  });
  const waiting = [...ids];
  const lookAtNext = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
      await lookAtSubscription(look, { id, wants, principals });
  };
  await Promise.all(Array.from({ length: atOnce }, lookAtNext));
}

/** Each question is a process of its own. */
const atOnce = 4;

async function lookAtSubscription(look, { id, wants, principals }) {
  const scope = `/subscriptions/${id}`;
  await look(`${scope}, events`, () => lookAtTopics({ scope, wants, isWatched: wants.watched.includes(id) }));
  const isWanted = (role, principal) => isRoleWanted(id, wants, role, principal);
  await look(`${scope}, roles`, () => lookAtRoles({ scope, wants, principals, isWanted }));
}
