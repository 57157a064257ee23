import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConnectionId, type ConnectionId } from '../../../src/connections/resource-id';
import { readEvent } from '../samples/event-samples';
import { loadRecording, type Exchange } from '../http/replay';
import type { ScriptedReply } from '../http/scripted-arm';
import { hostileHeaders, hostileUrl, recordedOrigin } from './arm-headers';
import { goodIds, hostileId } from './resource-ids';
import { hostilePieces, hostileText } from './hostile-text';
import { mutatedText } from './mutated-text';
import { hostileValue, mutatedValue } from './mutated-value';

/** A text shaped like an access token, which a reply may echo. */
export const echoedToken = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwb3N0ZXJuIn0.c2lnbmF0dXJl';

const exchanges = [
  '2023-07--keyvault__test_hsm_private_endpoint_connection.json',
  '2023-07--network__test_private_endpoint_connection_apim.json',
  '2023-07--network__test_private_endpoint_connection_disk_access.json',
  '2023-07--network__test_private_endpoint_connection_keyvault.json',
  'kv-vault-pending-approve.azure-powershell.2022-02-18.json',
].flatMap(loadRecording);

/** A recorded call that Postern also makes, with its reply. */
export interface RecordedCall {
  readonly kind: 'list' | 'get' | 'approve' | 'delete';
  readonly id: ConnectionId;
  readonly reply: ScriptedReply;
}

export const recordedCalls: readonly RecordedCall[] = exchanges.flatMap((exchange) => callOf(exchange) ?? []);

function callOf({ method, url, status, headers, body }: Exchange): RecordedCall | undefined {
  const path = new URL(url).pathname;
  const isList = path.toLowerCase().endsWith('/privateendpointconnections');
  const kind = { GET: isList ? 'list' : 'get', PUT: 'approve', DELETE: 'delete' }[method];
  try {
    return {
      kind,
      id: parseConnectionId(isList ? `${path}/c` : path),
      reply: { status, headers, body },
    } as RecordedCall;
  } catch {
    // The id belongs to another kind of resource.
    return undefined;
  }
}

const errorReplies = (
  JSON.parse(readFileSync(join(__dirname, '../../data/recordings/errors.json'), 'utf8')) as {
    status: number;
    body: unknown;
  }[]
).map(({ status, body }): ScriptedReply => ({ status, body }));

/** Replies of operation URLs: recorded, documented and errors. */
export const operationReplies: readonly ScriptedReply[] = [
  ...exchanges.filter((exchange) => callOf(exchange) === undefined),
  { status: 202, headers: { location: `${recordedOrigin}/operations/2`, 'retry-after': '10' }, body: '' },
  { status: 200, body: { status: 'InProgress', startTime: '2026-01-05T12:00:00Z', percentComplete: 50 } },
  {
    status: 200,
    body: { status: 'Failed', error: { code: 'Conflict', message: 'no', details: [{ code: 'x' }] } },
  },
  {
    status: 200,
    body: { status: 'Failed', error: { innererror: { exceptiontype: 'E', errordetail: 'd' } } },
  },
  { status: 200, body: { id: '/x', properties: { provisioningState: 'Updating' } } },
  ...errorReplies,
];

const endpointBody = (
  readEvent('arn-privateendpoint-createdorupdated.json') as { data: { resourceInfo: unknown } }
).data.resourceInfo;

/** Replies of a plain GET of targets and endpoints. */
export const resourceReplies: readonly ScriptedReply[] = [
  { status: 200, body: endpointBody },
  ...['premium', 'standard'].map((kind) => ({
    status: 200,
    body: {
      id: goodIds[0],
      kind,
      location: 'westeurope',
      tags: { env: 'prod', 'owner-team': 'data' },
      properties: { provisioningState: 'Succeeded', privateEndpointConnections: [] },
    },
  })),
  ...errorReplies,
];

export const graphReplies: readonly ScriptedReply[] = [
  {
    status: 200,
    body: {
      totalRecords: 2,
      count: 2,
      resultTruncated: 'false',
      $skipToken: '',
      facets: [],
      data: goodIds.slice(0, 4).map((id) => ({
        id,
        targetId: id,
        status: 'Pending',
        connectionId: `${id}/privateEndpointConnections/c`,
      })),
    },
  },
  ...errorReplies,
];

const statuses = fc.oneof(
  fc.constantFrom(
    200,
    201,
    202,
    204,
    206,
    301,
    302,
    307,
    400,
    401,
    403,
    404,
    409,
    412,
    423,
    429,
    500,
    502,
    503,
  ),
  fc.constantFrom(0, 99, 100, 304, 599, 600, -1, 200.5, Number.NaN),
);

const bodyPieces = fc.oneof(
  fc.constantFrom(
    ...hostilePieces,
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '{"error":{',
    '\\u0000',
    '\\ud800',
    '\ufeff',
    '<html>',
  ),
  fc.constantFrom(echoedToken, `Bearer ${echoedToken}`, `authorization: bearer ${echoedToken}`),
);
const bodyValues = fc.oneof(hostileValue, hostileId, hostileUrl, fc.constantFrom(...goodIds));

/**
 * Generates real replies with a changed body, as a value or as text, and sometimes with another status or
 * other headers.
 */
export function hostileReply(originals: readonly ScriptedReply[]): fc.Arbitrary<ScriptedReply> {
  const original = fc.constantFrom(...originals);
  const mutatedBody = (body: unknown): fc.Arbitrary<unknown> =>
    fc.oneof(
      {
        weight: 5,
        arbitrary: mutatedValue(fc.constant(body ?? {}), { value: bodyValues, piece: bodyPieces }),
      },
      { weight: 3, arbitrary: mutatedText(fc.constant(textOf(body)), bodyPieces, 2) },
      { weight: 1, arbitrary: fc.constant(body) },
      { weight: 1, arbitrary: hostileText },
    );
  return original.chain(({ status, headers: own, body }) =>
    fc.record({
      status: fc.oneof({ weight: 3, arbitrary: fc.constant(status) }, statuses),
      headers: fc.oneof(
        fc.constant({ ...own }),
        hostileHeaders.map((some) => ({ ...own, ...some })),
      ),
      body: mutatedBody(body),
    }),
  );
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body ?? {});
}
