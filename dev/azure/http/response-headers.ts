import type { LocalRequest, LocalResponse } from './message';
import type { Random } from '../model/random';

/** Adds the headers that every response of ARM carries. */
export function addArmHeaders(
  response: LocalResponse,
  { request, random, now }: { request: LocalRequest; random: Random; now: Date },
): LocalResponse {
  const correlation = random.guid();
  const clientRequestId = request.headers['x-ms-client-request-id'];
  const length = Buffer.byteLength(response.body);
  return {
    ...response,
    headers: {
      'cache-control': 'no-cache',
      pragma: 'no-cache',
      expires: '-1',
      date: now.toUTCString(),
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-ms-request-id': random.guid(),
      'x-ms-correlation-request-id': correlation,
      'x-ms-routing-request-id': `LOCAL:${now.toISOString().replace(/[-:]|\.\d+/g, '')}:${correlation}`,
      ...(clientRequestId === undefined ? {} : { 'x-ms-client-request-id': clientRequestId }),
      ...response.headers,
      ...(response.status === 204 ? {} : { 'content-length': String(length) }),
    },
  };
}
