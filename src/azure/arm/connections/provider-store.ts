import { ArmError, hasCode, undefinedIfNotFound } from '../../../base/errors';
import type { Connection } from '../../../connections/connection';
import type {
  ConnectionListing,
  ConnectionStore,
  ConnectionWrite,
  Fence,
  WriteEffect,
  WriteReply,
} from '../../../connections/connection-store';
import { type ConnectionId, idKey, type TargetId } from '../../../connections/resource-id';
import type { ArmClient, ArmReply } from '../client';
import { isTrusted } from '../origin';
import { retryAfterSecondsFrom } from '../retry-after';
import { parseConnection, parseConnectionPage } from './connection-body';
import { callSdk, type SdkCall, type SdkOptions } from './sdk-call';

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

type Malformed = ConnectionListing['malformed'][number];

/** The limits for one target: more connections, or more pages, than any provider allows are not read. */
const maxConnections = 5000;
const maxPages = 100;

/** Creates the `ConnectionStore` of one resource provider. */
export function createProviderStore(arm: ArmClient, calls: ProviderCalls): ConnectionStore {
  return {
    list: (target) => undefinedIfNotFound(() => listAll(arm, calls, target)),
    get: (id) => undefinedIfNotFound(() => getOne(arm, calls, id)),
    write: (write, fence) => send(arm, calls, write, fence),
  };
}

/**
 * Lists all pages: the first one through the SDK, the others by their links, because API Management's SDK
 * follows none.
 */
async function listAll(arm: ArmClient, calls: ProviderCalls, target: TargetId): Promise<ConnectionListing> {
  const connections: Connection[] = [];
  const malformed: Malformed[] = [];
  let reply = await callSdk(arm, {}, (options) => calls.list(target, options));
  for (let pages = 1; ; pages += 1) {
    const page = parseConnectionPage(reply.body, target);
    connections.push(...page.connections);
    malformed.push(...page.malformed);
    if (connections.length + malformed.length > maxConnections)
      throw tooMany(`${maxConnections} connections`);
    if (page.nextLink === undefined) return eachOnce({ connections, malformed });
    if (pages === maxPages) throw tooMany(`${maxPages} pages`);
    reply = await arm.send({ method: 'GET', url: page.nextLink, isGiven: true });
  }
}

/**
 * Keeps one of several entries with the same id if everything that is used agrees; otherwise reports the id
 * as malformed, because either could be right.
 */
function eachOnce({ connections, malformed }: ConnectionListing): ConnectionListing {
  const first = new Map<string, Connection>();
  const twice = new Map<string, Malformed>();
  for (const connection of connections) {
    const { id } = connection;
    const other = first.get(id.key);
    if (other === undefined) first.set(id.key, connection);
    else if (contentOf(other) !== contentOf(connection))
      twice.set(id.key, { id: id.id, problem: 'it is listed twice, and not the same' });
  }
  for (const key of [...twice.keys(), ...malformed.map(({ id }) => idKey(id))]) first.delete(key);
  return { connections: [...first.values()], malformed: [...malformed, ...twice.values()] };
}

/** Returns the compared content of a connection: everything except the ETag, which nothing depends on. */
function contentOf({ endpointText, status, message, provisioningState, groupIds }: Connection): string {
  return JSON.stringify([endpointText, status, message, provisioningState, groupIds]);
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

function tooMany(what: string): ArmError {
  return new ArmError('ARM_UNREADABLE', `The target's list goes on beyond ${what}`);
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
  };
}

/** The length to which a refused URL is cut for the audit. */
const longestRefused = 1024;
