import type { Principal } from './principals';

/** A role assignment. A principal with at least one is allowed only what its assignments cover. */
export interface RoleAssignment {
  /** The object id of the principal. */
  readonly principal: string;
  /** `/` or the id of a subscription, resource group or resource; the role holds there and below. */
  readonly scope: string;
  /** RBAC actions in any casing; `*` stands for any run of characters. */
  readonly actions: readonly string[];
  /** Actions excluded from this role's `actions`. Other roles may still grant them. */
  readonly notActions?: readonly string[] | undefined;
}

/** One assignment, as ARM's permissions API shows it. */
export interface HeldPermission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/**
 * Returns whether `pattern` matches `action` as in Azure: case-insensitive, and `*` matches anything, slashes
 * included.
 */
export function namesAction(pattern: string, action: string): boolean {
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${text}$`, 'i').test(action);
}

/** Returns whether `id` is `scope` or lies below it. A name that only starts the same is not below it. */
export function isWithin(id: string, scope: string): boolean {
  const plain = (text: string): string => `${text.toLowerCase().replace(/\/+$/, '')}/`;
  return plain(id).startsWith(plain(scope));
}

/**
 * Returns the principal's assignments; `undefined` if it has none, in which case roles do not restrict it.
 */
export function assignmentsOf(
  { objectId }: Principal,
  roles: readonly RoleAssignment[],
): readonly RoleAssignment[] | undefined {
  const own = roles.filter(({ principal }) => principal.toLowerCase() === objectId.toLowerCase());
  return own.length === 0 ? undefined : own;
}

/** Returns one entry for each assignment that applies to `scope`. */
export function permissionsOn(
  scope: string,
  assignments: readonly RoleAssignment[] | undefined,
): readonly HeldPermission[] {
  if (assignments === undefined) return [{ actions: ['*'], notActions: [] }];
  return assignments
    .filter((each) => isWithin(scope, each.scope))
    .map(({ actions, notActions = [] }) => ({ actions, notActions }));
}

export function holds({ actions, notActions }: HeldPermission, action: string): boolean {
  const names = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => namesAction(pattern, action));
  return names(actions) && !names(notActions);
}
