import * as z from '../../../base/schema/schema';
import { boundedList } from '../../../base/schema/bounded-list';
import { guidSource } from '../../../base/guid';
import { parseResourceId } from '../../../connections/resource-id';
import { malformed } from '../connections/connection-body';
import type { ArmClient } from '../client';
import { listItems } from '../pages';

const permissionsApiVersion = '2022-04-01';

/** The grants of one of the caller's roles on a resource; `*` in an action matches anything. */
export interface GrantedPermission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

export interface ArmPermissionReader {
  /**
   * Lists what the caller may do on a resource or a subscription: its roles there and above, an entry each.
   * Needs `Microsoft.Authorization/permissions/read`, which most reader roles have. @throws ArmError
   */
  permissionsOn(id: string): Promise<readonly GrantedPermission[]>;
}

/**
 * Creates the reader, for ARM's permissions API (`Permissions - List For Resource`, and the same on a
 * subscription), which answers about its caller only.
 */
export function createArmPermissionReader(arm: ArmClient): ArmPermissionReader {
  return {
    async permissionsOn(id) {
      const path = `${encodeURI(plainId(id))}/providers/Microsoft.Authorization/permissions`;
      const url = `${arm.origin}${path}?api-version=${permissionsApiVersion}`;
      const permissions: GrantedPermission[] = [];
      for await (const item of listItems(arm, url)) permissions.push(permissionFrom(item));
      return permissions;
    },
  };
}

const subscriptionPattern = new RegExp(`^/subscriptions/${guidSource}$`, 'i');

/**
 * Checks an id that becomes part of a URL: no character of it can leave the path. @throws PosternError
 * RESOURCE_ID_INVALID
 */
function plainId(text: string): string {
  return subscriptionPattern.test(text) ? text : parseResourceId(text).id;
}

/** The limit of a role's list of actions, more than any role has; it is nested in a list of roles. */
const maxActions = 1_000;
const actions = z.pipe(
  z.nullish(boundedList(z.string().check(z.maxLength(1_000)), maxActions)),
  z.transform((list) => list ?? []),
);
const schema = z.object({ actions, notActions: actions });

function permissionFrom(item: unknown): GrantedPermission {
  const parsed = schema.safeParse(item);
  if (!parsed.success) throw malformed('The reply is not a list of permissions', parsed.error);
  return parsed.data;
}
