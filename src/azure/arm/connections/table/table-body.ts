import * as z from '../../../../base/schema/schema';
import { lower } from '../../../../base/compare';
import { anyList } from '../../../../base/schema/bounded-list';
import { ArmError } from '../../../../base/errors';
import { fieldsOf } from '../../../../base/json';
import { safeText } from '../../../../base/text';
import type { Connection } from '../../../../connections/connection';
import type { ConnectionListing } from '../../../../connections/connection-store';
import {
  type ConnectionId,
  connectionIdOf,
  idKey,
  isSafeName,
  type TargetId,
} from '../../../../connections/resource-id';
import { parseJson } from '../../body';
import {
  connectionFrom,
  type ConnectionPage,
  connectionProperties,
  malformed,
  problemOf,
} from '../connection-body';
import { progressFrom } from './progress';
import type { WireType } from './wire-type';

/** An item of a list or of a target's property. `id` and `name` may both be missing, or name something else. */
const itemSchema = z.object({
  id: z.nullish(z.string()),
  name: z.nullish(z.string()),
  etag: z.nullish(z.string()),
  properties: connectionProperties,
});

type Item = z.infer<typeof itemSchema>;
type Malformed = ConnectionListing['malformed'][number];

const pageSchema = z.object({ value: anyList(), nextLink: z.nullish(z.string()) });

/** Parses one page of a list. @throws ArmError ARM_UNREADABLE when the body is not a page. */
export function parseTablePage(body: string, target: TargetId, wire: WireType): ConnectionPage {
  const page = pageSchema.safeParse(parseJson(body));
  if (!page.success) throw malformed('The reply is not a list of connections', page.error);
  return { ...itemsFrom(page.data.value, target, wire), nextLink: page.data.nextLink || undefined };
}

/**
 * Parses the connections in a target's own property. A target without the property has none where that is the
 * type's only list. @throws ArmError ARM_UNREADABLE when nothing says whether there are connections.
 */
export function parseTargetProperty(body: string, target: TargetId, wire: WireType): ConnectionPage {
  const { properties } = fieldsOf(parseJson(body));
  const items = fieldsOf(properties)[wire.parentProperty ?? ''] ?? undefined;
  if (Array.isArray(items)) return { ...itemsFrom(items, target, wire), nextLink: undefined };
  if (items === undefined && wire.list === 'parent' && typeof properties === 'object' && properties !== null)
    return { connections: [], malformed: [], nextLink: undefined };
  throw new ArmError('ARM_UNREADABLE', `The target has no readable ${wire.parentProperty ?? 'connections'}`);
}

/** Parses the requested connection. @throws ArmError ARM_UNREADABLE when the body is anything else. */
export function parseTableConnection(body: unknown, asked: ConnectionId, wire: WireType): Connection {
  const parsed = itemSchema.safeParse(body);
  if (!parsed.success)
    throw new ArmError('ARM_UNREADABLE', `The connection is not readable: ${problemOf(parsed.error)}`);
  const names = namesIn(parsed.data, asked.target);
  const isAnother = names !== undefined && names.length > 0 && !names.includes(lower(asked.name));
  if (names === undefined || isAnother)
    throw new ArmError('ARM_UNREADABLE', 'The reply is another connection');
  return withProgress(parsed.data, asked, wire);
}

function itemsFrom(items: readonly unknown[], target: TargetId, wire: WireType): ConnectionListing {
  const connections: Connection[] = [];
  const unread: Malformed[] = [];
  for (const item of items) {
    const parsed = itemSchema.safeParse(item);
    const read = parsed.success
      ? itemFrom(parsed.data, target, wire)
      : { id: textOf(fieldsOf(item)['id']), problem: problemOf(parsed.error) };
    if ('problem' in read) unread.push(read);
    else connections.push(read);
  }
  return { connections, malformed: unread };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? safeText(value, 2048) : '';
}

function itemFrom(item: Item, target: TargetId, wire: WireType): Connection | Malformed {
  const shown = textOf(item.id);
  if (item.id && prefixOf(item.id, target) === undefined)
    return { id: shown, problem: 'it belongs to another target' };
  const name = nameOf(item, target, wire);
  if (name === undefined)
    return { id: shown, problem: 'neither its id nor its name says which connection it is' };
  if (!isSafeName(name)) return { id: shown, problem: 'its name has characters that must not reach a URL' };
  return withProgress(item, connectionIdOf(target, name), wire);
}

/** Returns the name by which an item is called, by the rule of its type. */
function nameOf(item: Item, target: TargetId, wire: WireType): string | undefined {
  const inId = nameInId(item);
  const inName = ownNameOf(item, target);
  if (wire.identity === 'name') return inName ?? inId;
  return inId ?? inName ?? (wire.identity === 'endpoint' ? lastOf(endpointOf(item)) : undefined);
}

/**
 * Lists what may name the connection in a reply, in lower case; nothing for a reply that names none. `undefined`
 * when its id is that of another target.
 */
function namesIn(item: Item, target: TargetId): readonly string[] | undefined {
  if (item.id && prefixOf(item.id, target) === undefined) return undefined;
  return [nameInId(item), ownNameOf(item, target)].flatMap((name) =>
    name === undefined ? [] : [lower(name)],
  );
}

const child = /\/privateEndpointConnections(?:\/([^/]*))?\/?$/i;

/** Returns the part of an id before its connections, if it is the target. */
function prefixOf(id: string, target: TargetId): string | undefined {
  const prefix = id.replace(child, '');
  return prefix !== id && idKey(prefix) === target.key ? prefix : undefined;
}

function nameInId({ id }: Item): string | undefined {
  return child.exec(id ?? '')?.[1] || undefined;
}

/** Returns the last part of `name`, which some types put the target in front of; a name that is the target's alone names nothing. */
function ownNameOf({ name }: Item, target: TargetId): string | undefined {
  const last = lastOf(name ?? '');
  return last === undefined || lower(last) === lower(target.name) ? undefined : last;
}

function lastOf(text: string): string | undefined {
  return text.replace(/\/+$/, '').split('/').at(-1) || undefined;
}

function endpointOf({ properties }: Item): string {
  return properties.privateEndpoint?.id ?? '';
}

function withProgress(item: Item, id: ConnectionId, wire: WireType): Connection {
  const connection = connectionFrom(item, id);
  const { provisioningState, status } = connection;
  return { ...connection, progress: progressFrom(wire.states, provisioningState, status) };
}
