import * as z from '../../../base/schema/schema';
import { tryParseJson } from '../../../base/json';
import type { WriteReply } from '../../../connections/connection-store';
import type { ArmClient, ArmReply } from '../client';
import { isTrusted } from '../origin';
import { retryAfterSecondsFrom } from '../retry-after';

const text = z.string().check(z.maxLength(100));
const bodySchema = z.object({
  properties: z.object({
    provisioningState: text,
    privateLinkServiceConnectionState: z.object({ status: text }),
  }),
});

/** Reads what a reply says of the connection; `undefined` unless it names both a status and a state. */
function shownBy(body: string): Extract<WriteReply, { kind: 'accepted' }>['shows'] {
  const parsed = bodySchema.safeParse(tryParseJson(body));
  if (!parsed.success) return undefined;
  const { provisioningState, privateLinkServiceConnectionState: state } = parsed.data.properties;
  return { provisioningState, status: state.status };
}

export type OperationHeader = 'azure-asyncoperation' | 'location';

/**
 * Reads the first reply to a write. `operationHeaders` are the headers where the provider names its
 * operation, in order of preference. URLs outside ARM's origin (or relative, malformed, over 8 KiB) are
 * returned as `refusedUrl` for the audit and never called.
 */
export function writeReplyFrom(
  arm: ArmClient,
  reply: ArmReply,
  operationHeaders: readonly OperationHeader[],
): WriteReply {
  const urls = operationHeaders.flatMap((name) => reply.headers.get(name) ?? []);
  return {
    kind: 'accepted',
    httpStatus: reply.httpStatus,
    operationUrl: urls.find((url) => isTrusted(arm.origin, url)),
    refusedUrl: urls.find((url) => !isTrusted(arm.origin, url))?.slice(0, longestRefused),
    retryAfterSeconds: retryAfterSecondsFrom(reply.headers, arm.clock),
    shows: shownBy(reply.body),
  };
}

/** The length to which a refused URL is cut for the audit. */
const longestRefused = 1024;
