import type { EndpointId, TargetId } from '../connections/resource-id';

/** What an event is worth looking at. */
export type Hint =
  /** `expects`: what should turn up there, the endpoint's id in lower case or `any` connection that waits. */
  | { readonly kind: 'target'; readonly target: TargetId; readonly expects?: string }
  /** Only the requester's endpoint is known; its targets must be read from ARM. */
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointId };

/** Why an event leads to nothing. Closed, so that it can be counted. */
export type IgnoreReason =
  | 'other-event-type'
  | 'failed-operation'
  | 'other-resource'
  /** E.g. a DNS zone group of an endpoint. */
  | 'endpoint-child'
  /** The event does not tell what the endpoint was connected to; the sweep finds it. */
  | 'endpoint-deleted-targets-unknown'
  | 'target-deleted'
  | 'target-without-connections'
  | 'unsupported-target-type';

export type EventReading =
  | {
      readonly kind: 'hints';
      /** Without repetitions; 1 to 50. */
      readonly hints: readonly Hint[];
      /** Targets that the same event names and that Postern does not answer for, verbatim. */
      readonly unsupportedTargetIds: readonly string[];
    }
  | {
      readonly kind: 'ignored';
      readonly reason: IgnoreReason;
      /** With `unsupported-target-type`: the first such target, verbatim. */
      readonly targetId?: string;
    }
  | { readonly kind: 'malformed'; readonly problem: string };
