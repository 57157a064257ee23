import * as z from 'zod';
import { boundedList, maxNestedEntries } from '../../../base/bounded-list';
import { parseResourceId } from '../../../connections/resource-id';
import type {
  EventCondition,
  EventDestination,
  EventSubscription,
  SystemTopic,
} from '../../../events/event-subscription';
import { malformed } from '../connections/connection-body';
import type { ArmClient } from '../client';
import { listItems } from '../pages';

const eventGridApiVersion = '2025-02-15';

export interface ArmEventSubscriptionReader {
  /**
   * Lists the system topics of a subscription. Needs `Microsoft.EventGrid/systemTopics/read`. @throws
   * ArmError
   */
  topics(subscriptionId: string): Promise<readonly SystemTopic[]>;
  /**
   * Lists the event subscriptions of a topic. Needs
   * `Microsoft.EventGrid/systemTopics/eventSubscriptions/read`. @throws ArmError
   */
  subscriptionsOf(topic: Pick<SystemTopic, 'id'>): Promise<readonly EventSubscription[]>;
}

/**
 * Creates the reader, for `System Topics - List By Subscription` and `System Topic Event Subscriptions - List
 * By System Topic`.
 */
export function createArmEventSubscriptionReader(arm: ArmClient): ArmEventSubscriptionReader {
  return {
    async topics(subscriptionId) {
      const topics: SystemTopic[] = [];
      const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/Microsoft.EventGrid/systemTopics`;
      for await (const item of listItems(arm, urlOf(arm, path))) topics.push(topicFrom(item));
      return topics;
    },
    async subscriptionsOf(topic) {
      const found: EventSubscription[] = [];
      const { id } = parseResourceId(topic.id);
      const url = urlOf(arm, `${encodeURI(id)}/eventSubscriptions`);
      for await (const item of listItems(arm, url)) found.push(subscriptionFrom(item));
      return found;
    },
  };
}

function urlOf(arm: ArmClient, path: string): string {
  return `${arm.origin}${path}?api-version=${eventGridApiVersion}`;
}

const text = z.string().max(2_048);
const optionalText = text.nullish().transform((value) => value ?? undefined);

const topicSchema = z.object({
  id: text,
  name: text,
  properties: z.object({ topicType: text, source: text, provisioningState: optionalText }),
  identity: z.object({ userAssignedIdentities: z.record(text, z.unknown()).nullish() }).nullish(),
});

function topicFrom(item: unknown): SystemTopic {
  const parsed = topicSchema.safeParse(item);
  if (!parsed.success) throw malformed('The reply is not a list of system topics', parsed.error);
  const { id, name, properties, identity } = parsed.data;
  return { id, name, ...properties, identityIds: Object.keys(identity?.userAssignedIdentities ?? {}) };
}

const destinationSchema = z.object({
  endpointType: text,
  properties: z.object({ resourceId: text.nullish(), endpointBaseUrl: text.nullish() }).nullish(),
});

const conditionSchema = z.object({
  operatorType: text,
  key: text.nullish().transform((value) => value ?? ''),
  // Numbers, ranges and flags are not texts: of such a condition only the key is kept.
  values: boundedList(text, maxNestedEntries)
    .nullish()
    .catch(undefined)
    .transform((values) => values ?? []),
});

const subscriptionSchema = z.object({
  name: text,
  properties: z.object({
    provisioningState: optionalText,
    destination: destinationSchema.nullish(),
    deliveryWithResourceIdentity: z.object({ destination: destinationSchema.nullish() }).nullish(),
    filter: z
      .object({
        includedEventTypes: boundedList(text, maxNestedEntries).nullish(),
        advancedFilters: boundedList(conditionSchema, maxNestedEntries).nullish(),
        subjectBeginsWith: text.nullish(),
        subjectEndsWith: text.nullish(),
      })
      .nullish(),
    labels: boundedList(text, maxNestedEntries).nullish(),
    deadLetterDestination: z.object({}).nullish(),
    deadLetterWithResourceIdentity: z
      .object({ identity: z.object({ userAssignedIdentity: text.nullish() }).nullish() })
      .nullish(),
  }),
});

/**
 * Reads an event subscription. When it uses an identity, destination and dead letters are in other fields.
 */
function subscriptionFrom(item: unknown): EventSubscription {
  const parsed = subscriptionSchema.safeParse(item);
  if (!parsed.success) throw malformed('The reply is not a list of event subscriptions', parsed.error);
  const { name, properties } = parsed.data;
  const destination = properties.destination ?? properties.deliveryWithResourceIdentity?.destination;
  return {
    name,
    provisioningState: properties.provisioningState,
    destination: destinationFrom(destination ?? undefined),
    includedEventTypes: properties.filter?.includedEventTypes ?? [],
    conditions: conditionsFrom(properties.filter ?? undefined),
    labels: properties.labels ?? [],
    hasDeadLetter: Boolean(properties.deadLetterDestination ?? properties.deadLetterWithResourceIdentity),
    deadLetterIdentityId:
      properties.deadLetterWithResourceIdentity?.identity?.userAssignedIdentity ?? undefined,
  };
}

/** Lists all conditions: those on the subject are in fields of their own. */
function conditionsFrom(
  filter: z.output<typeof subscriptionSchema>['properties']['filter'] | undefined,
): readonly EventCondition[] {
  const { advancedFilters, subjectBeginsWith, subjectEndsWith } = filter ?? {};
  const onSubject = (operatorType: string, value: string | null | undefined): readonly EventCondition[] =>
    value ? [{ operatorType, key: 'subject', values: [value] }] : [];
  return [
    ...(advancedFilters ?? []),
    ...onSubject('StringBeginsWith', subjectBeginsWith),
    ...onSubject('StringEndsWith', subjectEndsWith),
  ];
}

function destinationFrom(destination: z.output<typeof destinationSchema> | undefined): EventDestination {
  if (destination === undefined) return { kind: 'other', endpointType: 'none' };
  const { endpointType, properties } = destination;
  if (endpointType === 'AzureFunction' && properties?.resourceId)
    return { kind: 'function', resourceId: properties.resourceId };
  if (endpointType === 'WebHook' && properties?.endpointBaseUrl)
    return { kind: 'webhook', url: properties.endpointBaseUrl };
  return { kind: 'other', endpointType };
}
