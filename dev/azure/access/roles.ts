import type { Principal } from './principals';

/** A role on a scope. A principal with at least one is allowed what its assignments cover, and nothing else. */
export interface RoleAssignment {
  /** The object id of the principal. */
  readonly principal: string;
  /** `/` or the id of a subscription, resource group or resource; the role holds there and below. */
  readonly scope: string;
  /** RBAC actions in any casing; `*` stands for any run of characters. */
  readonly actions: readonly string[];
  /** Taken out of `actions` of this role, not of others. */
  readonly notActions?: readonly string[] | undefined;
}

/** What ARM's permissions API shows of one assignment. */
export interface HeldPermission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** True when `pattern` names `action`, as Azure matches them: without case, `*` for anything, slashes included. */
export function namesAction(pattern: string, action: string): boolean {
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${text}$`, 'i').test(action);
}

/** True when `id` is `scope` or lies below it; a name that only begins alike does not. */
export function isWithin(id: string, scope: string): boolean {
  const plain = (text: string): string => `${text.toLowerCase().replace(/\/+$/, '')}/`;
  return plain(id).startsWith(plain(scope));
}

/** `undefined` for a principal without any assignment: what it may do is not told by roles. */
export function assignmentsOf(
  { objectId }: Principal,
  roles: readonly RoleAssignment[],
): readonly RoleAssignment[] | undefined {
  const own = roles.filter(({ principal }) => principal.toLowerCase() === objectId.toLowerCase());
  return own.length === 0 ? undefined : own;
}

/** One entry for each assignment that holds on `scope`. */
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
