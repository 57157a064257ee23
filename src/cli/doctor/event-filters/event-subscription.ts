/** A system topic of Event Grid, as far as doctor looks at it. */
export interface SystemTopic {
  readonly id: string;
  readonly name: string;
  /** E.g. `Microsoft.Resources.Subscriptions`; ARM's casing varies. */
  readonly topicType: string;
  /** The id of what the events are about: `/subscriptions/{id}` for Postern's. */
  readonly source: string;
  readonly provisioningState: string | undefined;
  /** Ids of the user-assigned identities that it carries. */
  readonly identityIds: readonly string[];
}

export interface EventSubscription {
  readonly name: string;
  readonly provisioningState: string | undefined;
  readonly destination: EventDestination;
  /** Empty: all that the topic type has. */
  readonly includedEventTypes: readonly string[];
  /** All of them must hold for an event to be delivered. */
  readonly conditions: readonly EventCondition[];
  readonly labels: readonly string[];
  readonly hasDeadLetter: boolean;
  /** Id of the identity that writes undelivered events; absent without one. */
  readonly deadLetterIdentityId: string | undefined;
}

export interface EventCondition {
  /** E.g. `StringIn`. */
  readonly operatorType: string;
  /** The field of the event that it is about. */
  readonly key: string;
  readonly values: readonly string[];
}

export type EventDestination =
  | { readonly kind: 'function'; readonly resourceId: string }
  /** Its address, without the query that holds a key; it may be a function's. */
  | { readonly kind: 'webhook'; readonly url: string }
  | { readonly kind: 'other'; readonly endpointType: string };

/** What Postern listens to. */
export interface WatchedTopic {
  readonly topicType: string;
  readonly eventTypes: readonly string[];
}
