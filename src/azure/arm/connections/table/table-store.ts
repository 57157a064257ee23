import { ArmError, hasCode, undefinedIfNotFound } from '../../../../base/errors';
import { fieldsOf } from '../../../../base/json';
import type { Connection } from '../../../../connections/connection';
import type {
  ConnectionListing,
  ConnectionStore,
  ConnectionWrite,
  Fence,
  WriteReply,
} from '../../../../connections/connection-store';
import { type ConnectionId, idKey, type TargetId } from '../../../../connections/resource-id';
import { parseJson } from '../../body';
import type { ArmClient, ArmReply } from '../../client';
import { listPages } from '../listing';
import { writeReplyFrom } from '../write-reply';
import { parseTableConnection, parseTablePage, parseTargetProperty } from './table-body';
import type { WithWireType } from './known-version';
import type { WireType } from './wire-type';

/**
 * Creates the store of all types without one of their own: what differs between them is a row of the table. Before
 * each write the connection is read again: the write must be for the endpoint and the status that were listed, and
 * its body is the connection as just read, because every recorded provider accepts its own words.
 */
export function createTableStore(arm: ArmClient, withWireType: WithWireType): ConnectionStore {
  return {
    list: (target) => withWireType(target.type, (wire) => undefinedIfNotFound(() => list(arm, target, wire))),
    get: (id) =>
      withWireType(
        id.target.type,
        async (wire) => (await undefinedIfNotFound(() => read(arm, id, wire, 'poll')))?.connection,
      ),
    write: (write, fence) =>
      withWireType(write.connection.id.target.type, (wire) => send(arm, write, wire, fence)),
  };
}

/** Lists the connections. A provider without a list of them has them in its own property. */
async function list(arm: ArmClient, target: TargetId, wire: WireType): Promise<ConnectionListing> {
  if (wire.list === 'parent') return listProperty(arm, target, wire);
  try {
    return await listPages(
      arm,
      () =>
        arm.send({
          method: 'GET',
          url: urlOf(arm, `${target.id}/privateEndpointConnections`, wire.apiVersion),
        }),
      (body) => parseTablePage(body, target, wire),
    );
  } catch (error) {
    if (wire.parentProperty === undefined || !saysNoList(error)) throw error;
    return listProperty(arm, target, wire);
  }
}

function saysNoList(error: unknown): boolean {
  return hasCode(error, 'ARM_NOT_FOUND') || (hasCode(error, 'ARM_REFUSED') && error.httpStatus === 405);
}

function listProperty(arm: ArmClient, target: TargetId, wire: WireType): Promise<ConnectionListing> {
  const url = urlOf(arm, target.id, wire.targetApiVersion ?? wire.apiVersion);
  return listPages(
    arm,
    () => arm.send({ method: 'GET', url }),
    (body) => parseTargetProperty(body, target, wire),
  );
}

interface Read {
  readonly connection: Connection;
  /** The whole connection as the provider spells it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Reads one connection; `undefined` for a reply without a body. */
async function read(
  arm: ArmClient,
  id: ConnectionId,
  wire: WireType,
  urgency?: 'poll',
): Promise<Read | undefined> {
  const reply = await arm.send({ method: 'GET', url: connectionUrl(arm, id, wire), urgency });
  if (reply.httpStatus === 204) return undefined;
  const body = parseJson(reply.body);
  return { connection: parseTableConnection(body, id, wire), body: fieldsOf(body) };
}

async function send(
  arm: ArmClient,
  write: ConnectionWrite,
  wire: WireType,
  fence: Fence,
): Promise<WriteReply> {
  const { connection, effect } = write;
  const found = await readFirst(arm, connection.id, wire);
  if (found === undefined) return whenNotFound(arm, connection, wire);
  assertUnchanged(connection, found.connection);
  try {
    const reply = await arm.send({ ...requestOf(arm, write, wire, found), fence });
    if (effect === 'delete' && reply.httpStatus === 204) return { kind: 'gone', httpStatus: 204 };
    return replyFrom(arm, reply);
  } catch (error) {
    if (!hasCode(error, 'ARM_NOT_FOUND')) throw error;
    return { kind: 'gone', httpStatus: error.httpStatus ?? 404 };
  }
}

/** Reads a connection before a write. @throws ArmError ARM_CONFLICT when it cannot be read now: nothing was sent. */
async function readFirst(arm: ArmClient, id: ConnectionId, wire: WireType): Promise<Read | undefined> {
  try {
    return await undefinedIfNotFound(() => read(arm, id, wire));
  } catch (error) {
    if (!hasCode(error, 'ARM_UNAVAILABLE', 'ARM_UNREACHABLE')) throw error;
    const { message, httpStatus, retryAfterSeconds } = error;
    throw new ArmError(
      'ARM_CONFLICT',
      `Nothing was sent, because the connection could not be read: ${message}`,
      {
        httpStatus,
        retryAfterSeconds,
        cause: error,
      },
    );
  }
}

function replyFrom(arm: ArmClient, reply: ArmReply): WriteReply {
  return writeReplyFrom(arm, reply, ['azure-asyncoperation', 'location']);
}

/**
 * Answers for a connection that is listed and cannot be read by its name. @throws ArmError ARM_REFUSED when it is
 * still listed: then the name is wrong, and nothing is gone.
 */
async function whenNotFound(arm: ArmClient, { id }: Connection, wire: WireType): Promise<WriteReply> {
  const listing = await undefinedIfNotFound(() => list(arm, id.target, wire));
  const isListed = listing?.connections.some((other) => other.id.key === id.key) === true;
  if (!isListed) return { kind: 'gone', httpStatus: 404 };
  throw new ArmError('ARM_REFUSED', `The connection is listed, but Azure knows none of the name ${id.name}`, {
    httpStatus: 404,
  });
}

/** Checks that a write is still for what was listed. @throws ArmError ARM_CONFLICT when it must be decided anew. */
function assertUnchanged(listed: Connection, now: Connection): void {
  const isSameEndpoint = idKey(listed.endpointText ?? '') === idKey(now.endpointText ?? '');
  if (!isSameEndpoint) throw changed('the name belongs to another endpoint');
  if (listed.status.toLowerCase() !== now.status.toLowerCase()) throw changed(`its status is ${now.status}`);
}

function changed(what: string): ArmError {
  return new ArmError('ARM_CONFLICT', `Nothing was sent, because the connection has changed: ${what}`);
}

function requestOf(
  arm: ArmClient,
  { connection, effect, description }: ConnectionWrite,
  wire: WireType,
  { body }: Read,
): Parameters<ArmClient['send']>[0] {
  const url = connectionUrl(arm, connection.id, wire);
  if (effect === 'delete') return { method: 'DELETE', url };
  const answer = { status: effect === 'approve' ? 'Approved' : 'Rejected', description };
  const properties = fieldsOf(body['properties']);
  const state = { ...fieldsOf(properties['privateLinkServiceConnectionState']), ...answer };
  const content =
    wire.method === 'PATCH'
      ? { properties: { privateLinkServiceConnectionState: answer } }
      : { ...body, properties: { ...properties, privateLinkServiceConnectionState: state } };
  return {
    method: wire.method ?? 'PUT',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
  };
}

function connectionUrl(arm: ArmClient, { target, name }: ConnectionId, wire: WireType): string {
  return urlOf(arm, `${target.id}/privateEndpointConnections/${name}`, wire.apiVersion);
}

/** Builds a URL. The parts of an id passed `isSafeName`; what is beyond ASCII is encoded. */
function urlOf(arm: ArmClient, path: string, apiVersion: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${arm.origin}${encoded}?api-version=${apiVersion}`;
}
