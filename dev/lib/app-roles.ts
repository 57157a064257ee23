import operator from '../../infra/roles/postern-operator.json';
import reader from '../../infra/roles/postern-reader.json';
import { localIdentity, type RoleAssignment } from '../azure';

/**
 * The roles of a deployment, read from its files. The app's identity holds them on every scope, and no other
 * roles.
 */
export const appRoles: readonly RoleAssignment[] = [operator, reader].map(({ actions, notActions }) => ({
  principal: localIdentity.objectId,
  scope: '/',
  actions,
  notActions,
}));
