import type { WriteReply } from '../../../connections/connection-store';
import type { ArmClient, ArmReply } from '../client';
import { isTrusted } from '../origin';
import { retryAfterSecondsFrom } from '../retry-after';

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
  };
}

/** The length to which a refused URL is cut for the audit. */
const longestRefused = 1024;
