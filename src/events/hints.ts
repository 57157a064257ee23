import type { EndpointId, TargetId } from '../connections/resource-id';
import type { Owner } from './named-resource';

/** A target or endpoint that an event suggests to review. */
export type Hint =
  /**
   * `expects`: what the review should find on the target: the endpoint's id in lower case, or `any`
   * waiting connection.
   */
  | { readonly kind: 'target'; readonly target: TargetId; readonly expects?: string }
  /** Only the requester's endpoint is known; its targets must be read from ARM. */
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointId };

/** The reason why an event is ignored. A closed set, so that reasons can be counted. */
export type IgnoreReason =
  | 'other-event-type'
  | 'failed-operation'
  | 'other-resource'
  /** E.g. a DNS zone group of an endpoint. */
  | 'endpoint-child'
  /**
   * The event does not name the targets that the endpoint was connected to; the sweep finds them.
   */
  | 'endpoint-deleted-targets-unknown'
  | 'target-deleted'
  | 'target-without-connections'
  | 'unsupported-target-type';

/** The result of reading an event. */
export type EventReading =
  | {
      readonly kind: 'hints';
      /** 1 to 50 hints without duplicates. */
      readonly hints: readonly Hint[];
      /** Ids of targets in the same event whose type Postern does not support, verbatim. */
      readonly unsupportedTargetIds: readonly string[];
    }
  | {
      readonly kind: 'ignored';
      readonly reason: IgnoreReason;
      /** For `unsupported-target-type`: the first such target, verbatim. */
      readonly targetId?: string;
    }
  | { readonly kind: 'malformed'; readonly problem: string };

/**
 * The most targets taken from one event. No resource is known to have more; the sweep finds the
 * rest.
 */
const maxTargets = 50;

/**
 * Builds the reading of an event that names these owners, at least one. Supported owners become
 * hints even if others are invalid; without any supported owner, an unsupported one takes
 * precedence over a malformed one.
 */
export function readingOf(owners: readonly Owner[], expects: string | undefined): EventReading {
  const hints = new Map<string, Hint>();
  const unsupported = new Set<string>();
  let problem = 'it names no target';
  for (const owner of owners) {
    if (owner.kind === 'malformed') problem = owner.problem;
    else if (owner.kind === 'unsupported') unsupported.add(owner.id);
    else hints.set(owner.target.key, hintOf(owner.target, expects));
  }
  const unsupportedTargetIds = [...unsupported].slice(0, maxTargets);
  if (hints.size > 0) {
    return { kind: 'hints', hints: [...hints.values()].slice(0, maxTargets), unsupportedTargetIds };
  }
  const [targetId] = unsupportedTargetIds;
  if (targetId === undefined) return { kind: 'malformed', problem };
  return { kind: 'ignored', reason: 'unsupported-target-type', targetId };
}

function hintOf(target: Extract<Owner, { kind: 'target' }>['target'], expects: string | undefined): Hint {
  return expects === undefined ? { kind: 'target', target } : { kind: 'target', target, expects };
}
