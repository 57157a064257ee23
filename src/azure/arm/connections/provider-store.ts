import { hasCode, undefinedIfNotFound } from '../../../base/errors';
import type { Connection } from '../../../connections/connection';
import type {
  ConnectionListing,
  ConnectionStore,
  ConnectionWrite,
  Fence,
  WriteEffect,
  WriteReply,
} from '../../../connections/connection-store';
import type { ConnectionId, TargetId } from '../../../connections/resource-id';
import type { ArmClient, ArmReply } from '../client';
import { parseConnection, parseConnectionPage } from './connection-body';
import { listPages } from './listing';
import { callSdk, type SdkCall, type SdkOptions } from './sdk-call';
import { type OperationHeader, writeReplyFrom } from './write-reply';

/** The operations of one resource provider, each a single SDK call. What they resolve to is ignored. */
export interface ProviderCalls {
  list(target: TargetId, options: SdkOptions): PromiseLike<unknown>;
  get(id: ConnectionId, options: SdkOptions): PromiseLike<unknown>;
  put(id: ConnectionId, body: WriteBody, options: SdkOptions): PromiseLike<unknown>;
  delete(id: ConnectionId, options: SdkOptions): PromiseLike<unknown>;
  /** Adds to the body of a PUT what the SDK's model drops. */
  readonly editBody?: (body: Record<string, unknown>, write: WriteBody) => Record<string, unknown>;
  /** The headers of the first reply to a write that name a pollable operation URL, the best first. */
  operationHeaders(effect: WriteEffect): readonly OperationHeader[];
}

/** The content of an approval or a rejection. */
export interface WriteBody {
  readonly status: 'Approved' | 'Rejected';
  readonly description: string;
  /** The endpoint as listed: Azure Policy can require it, and Key Vault keeps its own when it is not sent. */
  readonly privateEndpoint?: { readonly id: string };
}

/** Creates the `ConnectionStore` of one resource provider. */
export function createProviderStore(arm: ArmClient, calls: ProviderCalls): ConnectionStore {
  return {
    list: (target) => undefinedIfNotFound(() => listAll(arm, calls, target)),
    get: (id) => undefinedIfNotFound(() => getOne(arm, calls, id)),
    write: (write, fence) => send(arm, calls, write, fence),
  };
}

/** Lists all pages: the first one through the SDK, the others by their links, because API Management's SDK follows none. */
function listAll(arm: ArmClient, calls: ProviderCalls, target: TargetId): Promise<ConnectionListing> {
  const first = (): Promise<ArmReply> => callSdk(arm, {}, (options) => calls.list(target, options));
  return listPages(arm, first, (body) => parseConnectionPage(body, target));
}

/** Reads one connection, as a poll: only the polling of operations reads single connections. */
async function getOne(
  arm: ArmClient,
  calls: ProviderCalls,
  id: ConnectionId,
): Promise<Connection | undefined> {
  const reply = await callSdk(arm, { urgency: 'poll' }, (options) => calls.get(id, options));
  return reply.httpStatus === 204 ? undefined : parseConnection(reply.body, id);
}

async function send(
  arm: ArmClient,
  calls: ProviderCalls,
  write: ConnectionWrite,
  fence: Fence,
): Promise<WriteReply> {
  const { effect, connection } = write;
  try {
    const reply =
      effect === 'delete'
        ? await callSdk(arm, { fence }, (options) => calls.delete(connection.id, options))
        : await put(arm, calls, connection, { effect, description: write.description }, fence);
    if (effect === 'delete' && reply.httpStatus === 204) return { kind: 'gone', httpStatus: 204 };
    return writeReplyFrom(arm, reply, calls.operationHeaders(effect));
  } catch (error) {
    if (!hasCode(error, 'ARM_NOT_FOUND')) throw error;
    return { kind: 'gone', httpStatus: error.httpStatus ?? 404 };
  }
}

async function put(
  arm: ArmClient,
  calls: ProviderCalls,
  connection: Connection,
  change: { readonly effect: 'approve' | 'reject'; readonly description: string },
  fence: Fence,
): Promise<Awaited<ReturnType<ArmClient['send']>>> {
  const body: WriteBody = {
    status: change.effect === 'approve' ? 'Approved' : 'Rejected',
    description: change.description,
    ...(connection.endpointText === undefined ? {} : { privateEndpoint: { id: connection.endpointText } }),
  };
  const { editBody } = calls;
  const call: SdkCall = { fence, ...(editBody && { editBody: (json) => editBody(json, body) }) };
  return callSdk(arm, call, (options) => calls.put(connection.id, body, options));
}
