import { notSupported, type JsonObject, type LocalRequest, type LocalResponse } from '../http/message';
import type { Target, World } from '../model/world';
import { pageOf } from './paging';

/** What the caller may not read is left out of every list. */
export type MayRead = (target: Target) => boolean;

export interface ListOrder {
  readonly request: LocalRequest;
  readonly url: URL;
  readonly subscriptionId: string;
  readonly mayRead: MayRead;
}

/**
 * `GET /subscriptions/{id}/resources?$filter=resourceType eq '…'`: ARM's own list, without the providers' properties, in
 * pages. Any other filter, or none, is a 501.
 */
export function answerResourceList(world: World, order: ListOrder): LocalResponse {
  const { request, url, subscriptionId, mayRead } = order;
  if (request.method !== 'GET') return notSupported(`${request.method} on a subscription's resources`);
  const filter = url.searchParams.get('$filter') ?? '';
  const [, type] = /^resourceType eq '([\w./]+)'$/i.exec(filter) ?? [];
  if (type === undefined) return notSupported(`the filter of a resource list: ${filter}`);
  const items = [...world.targets.values()]
    .filter((target) => target.subscriptionId.toLowerCase() === subscriptionId.toLowerCase())
    .filter((target) => target.profile.type.toLowerCase() === type.toLowerCase())
    .filter(mayRead);
  return pageOf(url, items.map(itemOf), world.options.resourcePageSize);
}

function itemOf({ id, name, profile, location, tags }: Target): JsonObject {
  return { id, name, type: profile.type, location, tags };
}
