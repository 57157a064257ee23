import * as z from '../../../base/schema/schema';
import { boundedList, maxNestedEntries } from '../../../base/schema/bounded-list';
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

const text = z.string().check(z.maxLength(2_048));
const optionalText = z.pipe(
  z.nullish(text),
  z.transform((value) => value ?? undefined),
);

const topicSchema = z.object({
  id: text,
  name: text,
  properties: z.object({ topicType: text, source: text, provisioningState: optionalText }),
  identity: z.nullish(z.object({ userAssignedIdentities: z.nullish(z.record(text, z.unknown())) })),
});

function topicFrom(item: unknown): SystemTopic {
  const parsed = topicSchema.safeParse(item);
  if (!parsed.success) throw malformed('The reply is not a list of system topics', parsed.error);
  const { id, name, properties, identity } = parsed.data;
  return { id, name, ...properties, identityIds: Object.keys(identity?.userAssignedIdentities ?? {}) };
}

const destinationSchema = z.object({
  endpointType: text,
  properties: z.nullish(z.object({ resourceId: z.nullish(text), endpointBaseUrl: z.nullish(text) })),
});

const conditionSchema = z.object({
  operatorType: text,
  key: z.pipe(
    z.nullish(text),
    z.transform((value) => value ?? ''),
  ),
  // Numbers, ranges and flags are not texts: of such a condition only the key is kept.
  values: z.pipe(
    z.catch(z.nullish(boundedList(text, maxNestedEntries)), undefined),
    z.transform((values) => values ?? []),
  ),
});

const subscriptionSchema = z.object({
  name: text,
  properties: z.object({
    provisioningState: optionalText,
    destination: z.nullish(destinationSchema),
    deliveryWithResourceIdentity: z.nullish(z.object({ destination: z.nullish(destinationSchema) })),
    filter: z.nullish(
      z.object({
        includedEventTypes: z.nullish(boundedList(text, maxNestedEntries)),
        advancedFilters: z.nullish(boundedList(conditionSchema, maxNestedEntries)),
        subjectBeginsWith: z.nullish(text),
        subjectEndsWith: z.nullish(text),
      }),
    ),
    labels: z.nullish(boundedList(text, maxNestedEntries)),
    deadLetterDestination: z.nullish(z.object({})),
    deadLetterWithResourceIdentity: z.nullish(
      z.object({ identity: z.nullish(z.object({ userAssignedIdentity: z.nullish(text) })) }),
    ),
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
