import type { EndpointId, TargetId } from '../connections/resource-id';
import type { Answers, Owner } from './named-resource';

/** A target or endpoint that an event suggests to review. */
export type Hint =
  /**
   * `expects`: what the review should find on the target: the endpoint's id in lower case, or `any`
   * waiting connection. `isEarly`: the endpoint is still being made, and its request may not have
   * reached the target yet.
   */
  | {
      readonly kind: 'target';
      readonly target: TargetId;
      readonly expects?: string;
      readonly isEarly?: boolean;
    }
  /** Only the requester's endpoint is known; its targets must be read from ARM. */
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointId };

/** The reason why an event is ignored. A closed set, so that reasons can be counted. */
export type IgnoreReason =
  | 'other-event-type'
  | 'failed-operation'
  | 'other-resource'
  /** Azure names Postern's own identity as the caller: its operation is followed anyway. */
  | 'own-write'
  /** E.g. a DNS zone group of an endpoint. */
  | 'endpoint-child'
  /**
   * The event does not name the targets that the endpoint was connected to; the sweep finds them.
   */
  | 'endpoint-deleted-targets-unknown'
  | 'target-deleted'
  | 'target-without-connections'
  | 'unsupported-target-type';

/** Who reads events. */
export interface EventReader {
  readonly answers: Answers;
  /** The object id of the app's identity, in lower case; `undefined` while it is not known. */
  readonly ownObjectId?: string | undefined;
}

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
export function readingOf(
  owners: readonly Owner[],
  announced: Pick<Extract<Hint, { kind: 'target' }>, 'expects' | 'isEarly'> = {},
): EventReading {
  const hints = new Map<string, Hint>();
  const unsupported = new Set<string>();
  let problem = 'it names no target';
  for (const owner of owners) {
    if (owner.kind === 'malformed') problem = owner.problem;
    else if (owner.kind === 'unsupported') unsupported.add(owner.id);
    else hints.set(owner.target.key, { kind: 'target', target: owner.target, ...announced });
  }
  const unsupportedTargetIds = [...unsupported].slice(0, maxTargets);
  if (hints.size > 0) {
    return { kind: 'hints', hints: [...hints.values()].slice(0, maxTargets), unsupportedTargetIds };
  }
  const [targetId] = unsupportedTargetIds;
  if (targetId === undefined) return { kind: 'malformed', problem };
  return { kind: 'ignored', reason: 'unsupported-target-type', targetId };
}
