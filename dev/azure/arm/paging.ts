import { armError, jsonResponse, type JsonObject, type LocalResponse } from '../http/message';

/** `{value, nextLink?}`: the page of `items` that the URL's `$skiptoken` asks for, or the first. */
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
