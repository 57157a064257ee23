import type { WriteReply } from '../../../connections/connection-store';
import type { ArmDoor, ArmReply } from '../client';
import { isTrusted } from '../origin';
import { retryAfterSecondsFrom } from '../retry-after';

export type OperationHeader = 'azure-asyncoperation' | 'location';

/**
 * The first reply to a write. `operationHeaders`: where the provider names its operation, in order of preference.
 * A URL off ARM's origin, a relative or malformed one, or one of more than 8 KiB is told, but not to be called.
 */
export function writeReplyFrom(
  door: ArmDoor,
  reply: ArmReply,
  operationHeaders: readonly OperationHeader[],
): WriteReply {
  const urls = operationHeaders.flatMap((name) => reply.headers.get(name) ?? []);
  return {
    kind: 'accepted',
    httpStatus: reply.httpStatus,
    operationUrl: urls.find((url) => isTrusted(door.origin, url)),
    refusedUrl: urls.find((url) => !isTrusted(door.origin, url))?.slice(0, longestRefused),
    retryAfterSeconds: retryAfterSecondsFrom(reply.headers, door.clock),
  };
}

/** Enough of a refused URL for the audit. */
const longestRefused = 1024;
