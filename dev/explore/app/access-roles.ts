// Stands in for `dev/azure/access/roles.ts` in the bundle of the explorer: the local Azure asks about every request
// whether a role names its action, and comparing all patterns again takes a tenth of a run.
import { namesAction, type HeldPermission } from '../../azure/access/roles';

export * from '../../azure/access/roles';

/** What the patterns of a role were found to name, by action. */
const known = new WeakMap<readonly string[], Map<string, boolean>>();

export function holds({ actions, notActions }: HeldPermission, action: string): boolean {
  return names(actions, action) && !names(notActions, action);
}

function names(patterns: readonly string[], action: string): boolean {
  if (patterns.length === 0) return false;
  const found = known.get(patterns) ?? new Map<string, boolean>();
  known.set(patterns, found);
  const answer = found.get(action) ?? patterns.some((pattern) => namesAction(pattern, action));
  found.set(action, answer);
  return answer;
}
