/** The actions that one role grants, from ARM's permissions API. Postern needs no data actions. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/**
 * Returns the actions of `needed` that no role grants. Azure adds roles up: an action is granted if
 * some role allows it and the same role does not exclude it. Case is ignored; `*` matches any
 * characters, including slashes.
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

/** Matches an action with a pattern, in linear time for each `*`, because patterns come from outside. */
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
