// Event subscriptions of one subscription, and what was made for them: topics, alerts, resource groups.
import { arm, ArmTrouble, itemOf, listOf, names, versions } from './arm.mjs';

/** Everything that delivers to this function app or was made to. @throws ArmTrouble */
export async function lookAtTopics({ scope, wants, isWatched }) {
  const wanted = isWatched || (await isOnboarded(scope));
  const topics = await listOf(`${scope}/providers/Microsoft.EventGrid/systemTopics`, versions.eventGrid);
  const seen = await Promise.all(topics.map((topic) => lookAtTopic(topic, wants)));
  const marked = await listOf(
    `${scope}/resourcegroups?$filter=tagName eq 'postern-environment' and tagValue eq '${wants.environmentName.toLowerCase()}'`,
    versions.groups,
  );
  const groups = new Set(
    [
      ...marked.map(({ id }) => id),
      ...seen.filter(({ isOwn }) => isOwn).map(({ topic }) => groupOf(topic.id)),
    ].map((id) => id.toLowerCase()),
  );
  const items = await Promise.all([...groups].map((group) => lookAtGroup(group, { seen, wanted })));
  return [...seen.flatMap((one) => topicItems(one, wanted)), ...items.flat()];
}

/** Told by the subscription itself, because not everybody sees its management groups: policies of those above are listed, too. */
async function isOnboarded(scope) {
  const assignments = await listOf(
    `${scope}/providers/Microsoft.Authorization/policyAssignments`,
    versions.policies,
  );
  return assignments.some(({ name }) => /^postern\b/i.test(name));
}

/** `own`: the event subscriptions that deliver to us. A topic is ours if it is called so and is not another Postern's. */
async function lookAtTopic(topic, { functionAppId, eventsIdentityId }) {
  const all = await listOf(`${topic.id}/eventSubscriptions`, versions.eventGrid);
  const destinationOf = ({ properties }) =>
    properties?.destination ?? properties?.deliveryWithResourceIdentity;
  const own = all.filter((one) => names(destinationOf(one), `${functionAppId}/`));
  const isNamedSo =
    /^egst-postern-/i.test(topic.name) && own.every(({ name }) => tokenOf(name) === tokenOf(topic.name));
  const carried = Object.keys(topic.identity?.userAssignedIdentities ?? {});
  // Where nobody subscribes any more, it is ours if nobody else is a guest.
  const isLeft = own.length > 0 || (all.length === 0 && carried.length === 1);
  const isOwn = isNamedSo && isLeft && names(carried, eventsIdentityId);
  return { topic, own, isOwn, others: all.length - own.length };
}

/** What tells one Postern from another is the last part of both names. */
const tokenOf = (name) => /-([a-z0-9]{13})$/i.exec(name)?.[1]?.toLowerCase();
const groupOf = (id) => id.split('/').slice(0, 5).join('/');

function topicItems({ topic, own, isOwn, others }, wanted) {
  const version = versions.eventGrid;
  const subscriptions = own.map((one) => itemOf('event subscription', one, { order: 10, version, wanted }));
  if (!isOwn) return subscriptions;
  const keep = others > 0 ? `${others} of others subscribe to it` : undefined;
  return [...subscriptions, itemOf('system topic', topic, { order: 20, version, wanted, keep })];
}

async function lookAtGroup(group, { seen, wanted }) {
  const inside = await listOf(`${group}/resources`, versions.groups);
  const here = seen.filter(({ topic }) => groupOf(topic.id).toLowerCase() === group);
  const called = here.flatMap(({ own }) => own.map(({ name }) => `${name.toLowerCase()}-`));
  const isAlert = ({ type, name }) =>
    /^microsoft\.insights\/metricalerts$/i.test(type) &&
    called.some((start) => name.toLowerCase().startsWith(start));
  const alerts = inside.filter(isAlert);
  const going = new Set(
    [
      ...alerts.map(({ id }) => id),
      ...here.filter(({ isOwn, others }) => isOwn && others === 0).map(({ topic }) => topic.id),
    ].map((id) => id.toLowerCase()),
  );
  const staying = inside.filter(({ id }) => !going.has(id.toLowerCase())).length;
  const keep = staying > 0 ? `${staying} others are in it` : undefined;
  return [
    ...alerts.map((one) => itemOf('alert', one, { order: 15, version: versions.metricAlerts, wanted })),
    itemOf('resource group', { id: group }, { order: 30, version: versions.groups, wanted, keep }),
  ];
}

/** The object id of an identity; `undefined` when it is gone. */
export async function principalOf(identityId) {
  try {
    return (await arm('get', `${identityId}?api-version=${versions.identities}`))?.properties?.principalId;
  } catch (error) {
    if (error instanceof ArmTrouble && /NotFound/.test(error.message)) return undefined;
    throw error;
  }
}
