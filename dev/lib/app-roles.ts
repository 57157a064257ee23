import operator from '../../infra/roles/postern-operator.json';
import reader from '../../infra/roles/postern-reader.json';
import { localIdentity, type RoleAssignment } from '../azure';

/** The roles of a deployment, as its files say: the app's identity holds them everywhere, and nothing else. */
export const appRoles: readonly RoleAssignment[] = [operator, reader].map(({ actions, notActions }) => ({
  principal: localIdentity.objectId,
  scope: '/',
  actions,
  notActions,
}));
