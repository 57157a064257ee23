/** One entry of ARM's permissions API: what one role grants. Data actions are of no use to Postern. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/**
 * The actions of `needed` that nobody grants. Azure adds roles up: an action is granted when some entry allows it and
 * the same entry does not take it away. Actions are compared without case; `*` stands for any characters, slashes too.
 */
export function missingActions(
  needed: readonly string[],
  permissions: readonly Permission[],
): readonly string[] {
  return needed.filter((action) => !permissions.some((permission) => grants(permission, action)));
}

function grants({ actions, notActions }: Permission, action: string): boolean {
  return matchesAny(actions, action) && !matchesAny(notActions, action);
}

function matchesAny(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => matchesAction(pattern, action));
}

/** In linear time per star, whatever the pattern: it comes from outside. */
export function matchesAction(pattern: string, action: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
