// Custom roles and role assignments of one scope.
import { itemOf, listOf, versions } from './arm.mjs';

/** Roles that this deployment has made, whoever has them, and whatever its identities (`principals`) were given. @throws ArmTrouble */
export async function lookAtRoles({ scope, wants, principals, isWanted }) {
  const at = `${scope}/providers/Microsoft.Authorization`;
  const definitions = await listOf(
    `${at}/roleDefinitions?$filter=type eq 'CustomRole'`,
    versions.authorization,
  );
  const all = await listOf(`${at}/roleAssignments`, versions.authorization);
  const own = ownRoles(definitions, { all, wants, principals });
  const assignments = all
    .filter(({ id }) => id.toLowerCase().startsWith(`${scope.toLowerCase()}/`))
    .flatMap((one) => assignmentItem(one, { own, wants, principals, isWanted }) ?? []);
  return [...assignments.map(({ item }) => item), ...roleItems({ scope, own, assignments, isWanted })];
}

/** By key: those named as stage one names them, and those of that kind that our identities have. */
function ownRoles(definitions, { all, wants, principals }) {
  const held = new Set(
    all
      .filter(({ properties }) => isOf(principals, properties))
      .map(({ properties }) => keyOf(properties.roleDefinitionId)),
  );
  const suffix = `(${wants.environmentName} ${wants.token}`.toLowerCase();
  const isOwn = ({ id, properties: { roleName } }) =>
    roleName.startsWith('Postern ') && (roleName.toLowerCase().includes(suffix) || held.has(keyOf(id)));
  return new Map(definitions.filter(isOwn).map((one) => [keyOf(one.id), one]));
}

function assignmentItem(assignment, { own, wants, principals, isWanted }) {
  const { principalId, roleDefinitionId } = assignment.properties;
  const role = own.get(keyOf(roleDefinitionId));
  if (role === undefined && !isOf(principals, assignment.properties)) return undefined;
  // What stage one gives inside its own resource group is no list's business.
  const isInside = assignment.id.toLowerCase().startsWith(`${wants.group.toLowerCase()}/`);
  const wanted =
    isInside || role === undefined || isWanted(role.properties.roleName, principalId.toLowerCase());
  const note = `${role?.properties.roleName ?? (isInside ? 'a built-in role' : 'given by hand')}, to ${principalId}`;
  const order = isInside ? 45 : 40;
  return {
    role,
    item: itemOf('role assignment', assignment, {
      order,
      version: versions.authorization,
      wanted,
      note,
      principalId: principalId.toLowerCase(),
    }),
  };
}

/** Definitions are listed in every scope below their own: each counts where it belongs. */
function roleItems({ scope, own, assignments, isWanted }) {
  return [...own.values()].flatMap((role) => {
    const { roleName, assignableScopes = [] } = role.properties;
    const [home = ''] = assignableScopes;
    if (subscriptionOf(home) !== scope.toLowerCase()) return [];
    const isHeld = assignments.some((one) => one.role === role && one.item.wanted);
    const id = `${home}/providers/Microsoft.Authorization/roleDefinitions/${role.name}`;
    const wanted = isHeld || isWanted(roleName, undefined);
    return itemOf('role', { id }, { order: 50, version: versions.authorization, wanted, note: roleName });
  });
}

/** What stage one gave former operators inside its own resource group: those whose role of doctor is left over. @throws ArmTrouble */
export async function lookAtFormerOperators(items, { group, operators }) {
  const isFormer = ({ wanted, note = '', principalId }) =>
    !wanted && principalId && /^Postern Doctor/i.test(note);
  const former = new Set(items.filter(isFormer).map(({ principalId }) => principalId));
  if (operators === undefined || former.size === 0) return [];
  const all = await listOf(
    `${group}/providers/Microsoft.Authorization/roleAssignments`,
    versions.authorization,
  );
  return all
    .filter(({ id }) => id.toLowerCase().startsWith(`${group.toLowerCase()}/`))
    .filter(
      ({ properties }) =>
        isOf(former, properties) && !operators.includes(properties.principalId.toLowerCase()),
    )
    .map((one) => {
      const note = `of the former operator ${one.properties.principalId}`;
      return itemOf('role assignment', one, {
        order: 45,
        version: versions.authorization,
        wanted: false,
        note,
      });
    });
}

/** A list that nobody told is unknown, not empty: then all is wanted. `principal`: whose assignment it is; absent: the role itself. */
export function isRoleWanted(id, { watched, requesters, operators }, role, principal) {
  if (/^Postern Endpoint Reader/i.test(role)) return requesters?.includes(id) ?? true;
  if (!/^Postern Doctor/i.test(role)) return watched.includes(id);
  const isOperators =
    principal === undefined ? operators?.length !== 0 : (operators?.includes(principal) ?? true);
  return watched.includes(id) && isOperators;
}

const isOf = (principals, { principalId }) => principals.has(principalId.toLowerCase());
const keyOf = (definitionId) => definitionId.split('/').at(-1).toLowerCase();
const subscriptionOf = (scope) => scope.toLowerCase().replace(/^(\/subscriptions\/[^/]+)\/.*$/, '$1');
