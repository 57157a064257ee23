// Stands in for `dev/azure/access/roles.ts` in the bundle of the explorer: the local Azure asks about every request
// whether a role names its action, and comparing all patterns again takes a tenth of a run.
import {
  namesAction,
  assignmentsOf as assignments,
  permissionsOn as permissions,
  type HeldPermission,
  type RoleAssignment,
} from '../../azure/access/roles';

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

/** The permissions of assignments, by scope. */
const permissionsByScope = new WeakMap<readonly RoleAssignment[], Map<string, readonly HeldPermission[]>>();

export function permissionsOn(
  scope: string,
  assignments: readonly RoleAssignment[] | undefined,
): readonly HeldPermission[] {
  if (assignments === undefined) return permissions(scope, assignments);
  const held = permissionsByScope.get(assignments) ?? new Map<string, readonly HeldPermission[]>();
  permissionsByScope.set(assignments, held);
  const found = held.get(scope) ?? permissions(scope, assignments);
  held.set(scope, found);
  return found;
}

/** Assignments by principal, as long as there are as many of all. */
const assignmentsByPrincipal = new WeakMap<
  readonly RoleAssignment[],
  { readonly of: number; readonly own: Map<string, readonly RoleAssignment[] | undefined> }
>();

export function assignmentsOf(
  principal: Parameters<typeof assignments>[0],
  roles: readonly RoleAssignment[],
): readonly RoleAssignment[] | undefined {
  let known = assignmentsByPrincipal.get(roles);
  if (known?.of !== roles.length) {
    known = { of: roles.length, own: new Map() };
    assignmentsByPrincipal.set(roles, known);
  }
  const { objectId } = principal;
  if (!known.own.has(objectId)) known.own.set(objectId, assignments(principal, roles));
  return known.own.get(objectId);
}
