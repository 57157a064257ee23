import { armError, jsonResponse, type LocalResponse, notSupported } from '../../http/message';
import { plantedBody } from '../../model/planted';
import type { ArmExchange } from '../arm-exchange';
import type { ArmPath } from '../arm-path';
import { pageOf } from '../resource-list';

type PlantedPath = ArmPath & { readonly kind: 'planted' };

/** Answers `GET` of a planted resource, or of those of one type below their parent. */
export function answerPlanted(
  { world, request, url }: ArmExchange,
  { id, isList }: PlantedPath,
): LocalResponse {
  if (request.method !== 'GET') return notSupported(`${request.method} on a planted resource`);
  const resource = world.planted.get(id.toLowerCase());
  if (!isList) return resource === undefined ? notFound(id) : jsonResponse(200, plantedBody(resource));
  const parentId = id.split('/').slice(0, -1).join('/').toLowerCase();
  if (!world.planted.has(parentId)) return notFound(parentId);
  const children = [...world.planted.values()].filter((each) => isChild(each.id, id));
  return pageOf(url, children.map(plantedBody), world.options.resourcePageSize);
}

function isChild(id: string, collection: string): boolean {
  const [name = '', ...above] = id.toLowerCase().split('/').toReversed();
  return name !== '' && above.toReversed().join('/') === collection.toLowerCase();
}

function notFound(id: string): LocalResponse {
  const message = `The Resource '${id.split('/').slice(6).join('/')}' was not found.`;
  return armError(404, 'ResourceNotFound', message, { 'x-ms-failure-cause': 'gateway' });
}
