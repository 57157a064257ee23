import { armError, type LocalResponse } from '../../http/message';
import type { Target } from '../../model/world';
import type { ArmPath, TargetPath } from '../arm-path';

/** ARM's own 404, before any provider is asked. */
export function targetNotFound(path: TargetPath): LocalResponse {
  const message =
    `The Resource '${path.profile.type}/${path.targetName}' under resource group '${path.resourceGroup}' was ` +
    'not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix';
  return armError(404, 'ResourceNotFound', message, { 'x-ms-failure-cause': 'gateway' });
}

/** The provider's own 404. */
export function connectionNotFound(
  { profile, name: targetName }: Pick<Target, 'profile' | 'name'>,
  name: string,
): LocalResponse {
  const message = `The private endpoint connection '${name}' of '${targetName}' was not found.`;
  return profile.error(404, 'ResourceNotFound', message);
}

export function endpointNotFound({ name, resourceGroup }: ArmPath & { kind: 'endpoint' }): LocalResponse {
  const message =
    `The Resource 'Microsoft.Network/privateEndpoints/${name}' under resource group '${resourceGroup}' was not ` +
    'found. For more details please go to https://aka.ms/ARMResourceNotFoundFix';
  return armError(404, 'ResourceNotFound', message, { 'x-ms-failure-cause': 'gateway' });
}

/** One write at a time: the second is told to come again. */
export function conflictOf(target: Target): LocalResponse | undefined {
  if (target.lock === undefined) return undefined;
  const { code, message } = target.profile.conflict(target);
  return target.profile.error(409, code, message);
}
