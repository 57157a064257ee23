import { armError, type LocalResponse } from '../http/message';
import type { ArmPath } from './arm-path';
import { connectionNotFound, endpointNotFound, targetNotFound } from './routes/target-routes';

/** Returns the 404 for a path whose resource, or whose target, does not exist. */
export function notFound(path: ArmPath, what: 'itself' | 'parent'): LocalResponse {
  switch (path.kind) {
    case 'connection':
    case 'operation-result':
      return what === 'itself'
        ? connectionNotFound({ profile: path.profile, name: path.targetName }, path.connectionName)
        : parentNotFound(path.targetName);
    case 'target':
    case 'connections':
    case 'private-link-resources':
      return targetNotFound(path);
    case 'endpoint':
      return endpointNotFound(path);
    default:
      return armError(404, 'ResourceNotFound', 'The resource was not found.');
  }
}

/** Returns ARM's 404 for a resource below one that it does not find at the moment. */
function parentNotFound(name: string): LocalResponse {
  const message = `Can not perform requested operation on nested resource. Parent resource '${name}' not found.`;
  return armError(404, 'ParentResourceNotFound', message, { 'x-ms-failure-cause': 'gateway' });
}
