import * as z from '../../../base/schema/schema';
import { anyList, boundedList, maxNestedEntries } from '../../../base/schema/bounded-list';
import { ArmError, firstProblem, PosternError } from '../../../base/errors';
import { fieldsOf } from '../../../base/json';
import { safeText } from '../../../base/text';
import type { Connection } from '../../../connections/connection';
import type { ConnectionListing } from '../../../connections/connection-store';
import {
  type ConnectionId,
  type EndpointId,
  parseConnectionId,
  parseEndpointId,
  type TargetId,
} from '../../../connections/resource-id';
import { parseJson } from '../body';

/**
 * Accepts a text that is stored verbatim, because it is compared. A longer one would not fit into a table,
 * and one such connection would block the decisions on all others of its target.
 */
const plainText = (maxLength: number) =>
  z
    .string()
    .check(z.maxLength(maxLength), z.regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'has characters that cannot be seen'));

/** The properties that are used. A group is listed, or named alone; some types have neither. */
export const connectionProperties = z.object({
  provisioningState: z.nullish(z.string()),
  privateEndpoint: z.nullish(z.object({ id: z.nullish(plainText(2048)) })),
  groupIds: z.nullish(boundedList(z.string(), maxNestedEntries)),
  groupId: z.nullish(z.string()),
  privateLinkServiceConnectionState: z.object({
    status: plainText(256).check(z.minLength(1)),
    description: z.nullish(z.string()),
  }),
});

/**
 * The fields that are used. `name` and `type` are not: lists omit them, and managed HSMs call themselves
 * vaults.
 */
const connectionSchema = z.object({
  id: z.string(),
  etag: z.nullish(z.string()),
  properties: connectionProperties,
});

const pageSchema = z.object({ value: anyList(), nextLink: z.nullish(z.string()) });

export interface ConnectionPage extends ConnectionListing {
  readonly nextLink: string | undefined;
}

/** Parses one page of a target's connections. @throws ArmError ARM_UNREADABLE when the body is not a page. */
export function parseConnectionPage(body: string, target: TargetId): ConnectionPage {
  const page = pageSchema.safeParse(parseJson(body));
  if (!page.success) throw malformed('The reply is not a list of connections', page.error);
  const connections: Connection[] = [];
  const malformedItems: { id: string; problem: string }[] = [];
  for (const item of page.data.value) {
    const parsed = parseItem(item, target);
    if ('problem' in parsed) malformedItems.push(parsed);
    else connections.push(parsed);
  }
  return { connections, malformed: malformedItems, nextLink: page.data.nextLink || undefined };
}

/** Parses the requested connection. @throws ArmError ARM_UNREADABLE when the body is anything else. */
export function parseConnection(body: string, asked: ConnectionId): Connection {
  const parsed = parseItem(parseJson(body), asked.target);
  if ('problem' in parsed)
    throw new ArmError('ARM_UNREADABLE', `The connection is not readable: ${parsed.problem}`);
  if (parsed.id.key !== asked.key) throw new ArmError('ARM_UNREADABLE', 'The reply is another connection');
  return parsed;
}

type Malformed = { readonly id: string; readonly problem: string };

function parseItem(item: unknown, target: TargetId): Connection | Malformed {
  const parsed = connectionSchema.safeParse(item);
  if (!parsed.success) {
    const { id } = fieldsOf(item);
    return { id: typeof id === 'string' ? safeText(id, 2048) : '', problem: problemOf(parsed.error) };
  }
  const id = idOf(parsed.data.id, target);
  if ('problem' in id) return id;
  return connectionFrom(parsed.data, id);
}

/** Builds a connection from the parsed fields of an item. */
export function connectionFrom(
  {
    etag,
    properties,
  }: {
    readonly etag?: string | null | undefined;
    readonly properties: z.infer<typeof connectionProperties>;
  },
  id: ConnectionId,
): Connection {
  const { groupIds, groupId, privateLinkServiceConnectionState: state } = properties;
  const endpointText = properties.privateEndpoint?.id || undefined;
  return {
    id,
    endpoint: endpointFrom(endpointText),
    endpointText,
    status: state.status,
    message: state.description ?? '',
    provisioningState: properties.provisioningState ?? undefined,
    groupIds: groupIds ?? (groupId ? [groupId] : []),
    etag: etag ?? undefined,
  };
}

function idOf(text: string, target: TargetId): ConnectionId | Malformed {
  try {
    const id = parseConnectionId(text);
    if (id.target.key !== target.key)
      return { id: safeText(text, 2048), problem: 'it belongs to another target' };
    return id;
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return { id: safeText(text, 2048), problem: safeText(error.message) };
  }
}

function endpointFrom(text: string | undefined): EndpointId | undefined {
  if (text === undefined) return undefined;
  try {
    // Some replies end ids in a slash.
    return parseEndpointId(text.replace(/\/+$/, ''));
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

/** Builds the error for a body that a schema refused. */
export function malformed(what: string, error: z.ZodError): ArmError {
  return new ArmError('ARM_UNREADABLE', `${what}: ${problemOf(error)}`);
}

/** Says what a schema refused, for people. */
export function problemOf(error: z.ZodError): string {
  return safeText(firstProblem(error), 300);
}
