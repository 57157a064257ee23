import type { EventReading, Hint } from './hints';
import type { Owner } from './named-resource';

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
