import { pageOf } from '../arm/resource-list';
import { armError, type JsonObject, type LocalResponse, notSupported } from '../http/message';

/**
 * A system topic as Event Grid's control plane shows it. It has no effect on deliveries, which `EventGrid`
 * makes.
 */
export interface SystemTopic {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** E.g. `Microsoft.Resources.Subscriptions`. */
  readonly topicType: string;
  /** The id of the watched resource. Default: the topic's subscription. */
  readonly source?: string | undefined;
  /** E.g. `{type: 'SystemAssigned', principalId, tenantId}`. Default: none. */
  readonly identity?: JsonObject | undefined;
  readonly eventSubscriptions: readonly SystemTopicSubscription[];
}

export interface SystemTopicSubscription {
  readonly name: string;
  /** Properties that replace the usual ones, e.g. `{destination, filter, provisioningState}`. */
  readonly properties: JsonObject;
}

interface ListOrder {
  readonly method: string;
  readonly url: URL;
  readonly subscriptionId: string;
}

/** Answers `GET /subscriptions/{s}/providers/Microsoft.EventGrid/systemTopics`. */
export function listSystemTopics(topics: readonly SystemTopic[], order: ListOrder): LocalResponse {
  if (order.method !== 'GET') return notSupported(`${order.method} on system topics`);
  const own = topics.filter((topic) => isSame(topic.subscriptionId, order.subscriptionId));
  return pageOf(order.url, own.map(topicBody), pageSizeOf(order.url));
}

/** Answers `GET …/systemTopics/{t}/eventSubscriptions`. */
export function listEventSubscriptions(
  topics: readonly SystemTopic[],
  order: ListOrder & { readonly resourceGroup: string; readonly topicName: string },
): LocalResponse {
  const { method, url, subscriptionId, resourceGroup, topicName } = order;
  if (method !== 'GET') return notSupported(`${method} on event subscriptions`);
  const topic = topics.find(
    (each) =>
      isSame(each.subscriptionId, subscriptionId) &&
      isSame(each.resourceGroup, resourceGroup) &&
      isSame(each.name, topicName),
  );
  if (topic === undefined) {
    const message =
      `The Resource '${type}/${topicName}' under resource group '${resourceGroup}' was not found. ` +
      'For more details please go to https://aka.ms/ARMResourceNotFoundFix';
    return armError(404, 'ResourceNotFound', message, { 'x-ms-failure-cause': 'gateway' });
  }
  const bodies = topic.eventSubscriptions.map((each) => subscriptionBody(topic, each));
  return pageOf(url, bodies, pageSizeOf(url));
}

const type = 'Microsoft.EventGrid/systemTopics';

function topicBody(topic: SystemTopic): JsonObject {
  const { subscriptionId, name, topicType, identity } = topic;
  return {
    properties: {
      provisioningState: 'Succeeded',
      source: topic.source ?? `/subscriptions/${subscriptionId}`,
      topicType,
      metricResourceId: subscriptionId,
    },
    identity,
    location: 'global',
    tags: null,
    id: idOf(topic),
    name,
    type,
  };
}

function subscriptionBody(topic: SystemTopic, { name, properties }: SystemTopicSubscription): JsonObject {
  return {
    properties: {
      topic: idOf(topic),
      provisioningState: 'Succeeded',
      labels: [],
      eventDeliverySchema: 'EventGridSchema',
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
      ...properties,
    },
    id: `${idOf(topic)}/eventSubscriptions/${name}`,
    name,
    type: `${type}/eventSubscriptions`,
  };
}

function idOf({ subscriptionId, resourceGroup, name }: SystemTopic): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
}

/** Returns the page size, as documented: 20, or `$top` from 1 to 100. */
function pageSizeOf(url: URL): number {
  const top = Number(url.searchParams.get('$top') ?? 20);
  return Number.isInteger(top) && top >= 1 && top <= 100 ? top : 20;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
