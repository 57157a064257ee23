/** The parts of an Event Grid system topic that Postern reads. */
export interface SystemTopic {
  readonly id: string;
  readonly name: string;
  /** Type, such as `Microsoft.Resources.Subscriptions`; ARM's casing varies. */
  readonly topicType: string;
  /** Id of the event source: `/subscriptions/{id}` for Postern's topics. */
  readonly source: string;
  readonly provisioningState: string | undefined;
  /** Ids of the topic's user-assigned identities. */
  readonly identityIds: readonly string[];
}

/** The parts of an Event Grid event subscription that Postern reads. */
export interface EventSubscription {
  readonly name: string;
  readonly provisioningState: string | undefined;
  readonly destination: EventDestination;
  /** Event types to deliver. Empty: all types of the topic. */
  readonly includedEventTypes: readonly string[];
  /** Filter conditions, all of which an event must meet to be delivered. */
  readonly conditions: readonly EventCondition[];
  readonly labels: readonly string[];
  readonly hasDeadLetter: boolean;
  /** Id of the identity that writes undelivered events; absent if there is none. */
  readonly deadLetterIdentityId: string | undefined;
}

/** A filter condition on a field of an event. */
export interface EventCondition {
  /** Operator, such as `StringIn`. */
  readonly operatorType: string;
  /** Name of the event's field. */
  readonly key: string;
  /** Empty for operators that take none, or a number. */
  readonly values: readonly string[];
}

/** Where an event subscription delivers to. */
export type EventDestination =
  | { readonly kind: 'function'; readonly resourceId: string }
  /** Address without its query, which contains a key. It can belong to a function. */
  | { readonly kind: 'webhook'; readonly url: string }
  | { readonly kind: 'other'; readonly endpointType: string };

/** A topic type that Postern listens to, with its event types. */
export interface WatchedTopic {
  readonly topicType: string;
  readonly eventTypes: readonly string[];
}
