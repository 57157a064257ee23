import type { EndpointId, TargetId } from '../connections/resource-id';
import type { Owner } from './named-resource';

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

/** More than any one resource has; the sweep finds the rest. */
const maxTargets = 50;

/**
 * The reading of an event that names these owners, at least one. Good ones are hints even beside bad ones; of those
 * that are left, an unsupported one weighs more than a malformed one.
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
