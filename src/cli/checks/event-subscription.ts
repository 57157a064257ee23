/** A system topic of Event Grid, as far as doctor looks at it. */
export interface SystemTopic {
  readonly id: string;
  readonly name: string;
  /** E.g. `Microsoft.Resources.Subscriptions`; ARM's casing varies. */
  readonly topicType: string;
  /** The id of what the events are about: `/subscriptions/{id}` for Postern's. */
  readonly source: string;
  readonly provisioningState: string | undefined;
}

export interface EventSubscription {
  readonly name: string;
  readonly provisioningState: string | undefined;
  readonly destination: EventDestination;
  /** Empty: all that the topic type has. */
  readonly includedEventTypes: readonly string[];
  readonly hasDeadLetter: boolean;
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
