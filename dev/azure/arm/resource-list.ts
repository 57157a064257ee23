import {
  armError,
  type JsonObject,
  jsonResponse,
  type LocalRequest,
  type LocalResponse,
  notSupported,
} from '../http/message';
import type { Target, World } from '../model/world';

/** Returns whether the caller may read a target. Others are left out of every list. */
export type MayRead = (target: Target) => boolean;

export interface ListOrder {
  readonly request: LocalRequest;
  readonly url: URL;
  readonly subscriptionId: string;
  readonly mayRead: MayRead;
}

/**
 * Answers `GET /subscriptions/{id}/resources?$filter=resourceType eq '…' or resourceType eq '…'` with ARM's own
 * list, in pages and without the providers' properties. Any other filter, or none, gets a 501.
 */
export function answerResourceList(world: World, order: ListOrder): LocalResponse {
  const { request, url, subscriptionId, mayRead } = order;
  if (request.method !== 'GET') return notSupported(`${request.method} on a subscription's resources`);
  const filter = url.searchParams.get('$filter') ?? '';
  const wanted = filter.split(' or ').map((part) => /^resourceType eq '([\w./]+)'$/i.exec(part)?.[1]);
  if (wanted.includes(undefined)) return notSupported(`the filter of a resource list: ${filter}`);
  const types = new Set(wanted.map((type) => type?.toLowerCase()));
  const items = [...world.targets.values()]
    .filter((target) => target.subscriptionId.toLowerCase() === subscriptionId.toLowerCase())
    .filter((target) => types.has(target.profile.type.toLowerCase()))
    .filter(mayRead);
  return pageOf(url, items.map(itemOf), world.options.resourcePageSize);
}

function itemOf({ id, name, profile, location, tags }: Target): JsonObject {
  return { id, name, type: profile.type, location, tags };
}

/** Returns `{value, nextLink?}`: the page of `items` that the URL's `$skiptoken` selects, or the first. */
export function pageOf(url: URL, items: readonly JsonObject[], size: number): LocalResponse {
  const skip = skipFrom(url.searchParams.get('$skiptoken'));
  if (skip === undefined) return armError(400, 'InvalidSkipToken', 'The $skiptoken is invalid.');
  const end = skip + size;
  const nextLink = end < items.length ? { nextLink: nextLinkOf(url, end) } : {};
  return jsonResponse(200, { value: items.slice(skip, end), ...nextLink });
}

function skipFrom(token: string | null): number | undefined {
  if (token === null) return 0;
  const skip = Number(Buffer.from(token, 'base64url').toString());
  return Number.isInteger(skip) && skip > 0 ? skip : undefined;
}

function nextLinkOf(url: URL, skip: number): string {
  const next = new URL(url);
  next.searchParams.set('$skiptoken', Buffer.from(String(skip)).toString('base64url'));
  return next.href;
}
