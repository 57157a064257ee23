import { lower } from '../../base/compare';
import { ArmError } from '../../base/errors';
import type { Connection } from '../../connections/connection';
import {
  type ConnectionId,
  type EndpointId,
  parseConnectionId,
  parseEndpointId,
  parseResourceId,
  type TargetId,
  targetIdFrom,
} from '../../connections/resource-id';
import { knownStatuses } from '../../policy/file/statuses';
import { CliError, type CliHost } from '../cli-host';
import { idFrom } from '../id-argument';
import type { LiveAzure } from './read-live-facts';

/** How a person names a connection. */
export type Subject =
  | { readonly kind: 'connection'; readonly id: ConnectionId }
  | { readonly kind: 'endpoint'; readonly id: EndpointId }
  /** As people say it: `kv-shop/pe-web`. The second name is that of the endpoint or of the connection. */
  | { readonly kind: 'names'; readonly target: string; readonly other: string };

/**
 * Parses what names a connection. Returns `undefined` for any other text, such as the name of a file.
 * @throws CliError, PosternError RESOURCE_ID_INVALID for an id of something else
 */
export function subjectFrom(argument: string): Subject | undefined {
  const id = idFrom(argument);
  if (id === undefined) return namesFrom(argument.trim());
  const isEndpoint = lower(parseResourceId(id).type) === 'microsoft.network/privateendpoints';
  return isEndpoint
    ? { kind: 'endpoint', id: parseEndpointId(id) }
    : { kind: 'connection', id: parseConnectionId(id) };
}

function namesFrom(text: string): Subject | undefined {
  const [, target, other] =
    /^([\p{L}\p{N}][\p{L}\p{N}_.()-]{0,127})\/([^\s/\\\p{C}][^/\\\p{C}]{0,255})$/u.exec(text) ?? [];
  return target === undefined || other === undefined ? undefined : { kind: 'names', target, other };
}

/** A connection as its target lists it. */
export interface FoundConnection {
  readonly id: ConnectionId;
  /** `undefined`: Azure does not list it. */
  readonly connection: Connection | undefined;
}

/**
 * Finds the connections that a subject names. The id of a connection is returned even if Azure does not list it.
 * @throws CliError if there is none, with what there is instead; ArmError
 */
export async function findConnections(
  host: Pick<CliHost, 'showProgress'>,
  live: LiveAzure,
  subject: Subject,
): Promise<readonly FoundConnection[]> {
  switch (subject.kind) {
    case 'connection': {
      const all = await listOf(live, subject.id.target);
      const connection = all.find(({ id }) => id.key === subject.id.key);
      // Azure's own spelling: the ledger's records are found by it.
      return [{ id: connection?.id ?? subject.id, connection }];
    }
    case 'endpoint':
      return ofEndpoint(host, live, subject.id);
    case 'names':
      return byNames(live, subject);
  }
}

async function ofEndpoint(
  host: Pick<CliHost, 'showProgress'>,
  live: LiveAzure,
  endpoint: EndpointId,
): Promise<readonly FoundConnection[]> {
  const named = await targetsOf(live, endpoint);
  const found = await among(live, named, (connection) => connection.endpoint?.key === endpoint.key);
  if (found.length > 0) return found;
  // An endpoint that is gone, or that may not be read, is known to its targets alone.
  const all = await among(
    live,
    withProgress(host, targetsIn(live)),
    (connection) => connection.endpoint?.key === endpoint.key,
  );
  if (all.length === 0) throw new CliError(`no target has a connection of the endpoint ${endpoint.id}`);
  return all;
}

/** Returns the targets that an endpoint names; none if it may not be read. */
async function targetsOf({ resources }: LiveAzure, { id }: EndpointId): Promise<readonly TargetId[]> {
  try {
    const details = await resources.readEndpoint(id);
    return (details?.targetIds ?? []).flatMap((targetId) => targetIdFrom(targetId) ?? []);
  } catch (error) {
    if (error instanceof ArmError) return [];
    throw error;
  }
}

async function byNames(
  live: LiveAzure,
  { target, other }: Extract<Subject, { kind: 'names' }>,
): Promise<readonly FoundConnection[]> {
  const targets: TargetId[] = [];
  for await (const each of targetsIn(live)) if (lower(each.name) === lower(target)) targets.push(each);
  if (targets.length === 0) throw new CliError(`no target with connections is called ${quoted(target)}`);
  const isNamed = ({ id, endpoint }: Connection): boolean =>
    [id.name, endpoint?.name ?? ''].some((name) => lower(name) === lower(other));
  const found = await among(live, targets, isNamed);
  if (found.length > 0) return found;
  const all = await among(live, targets, () => true);
  const names = all.map(({ id, connection }) => connection?.endpoint?.name ?? id.name);
  const shown = names.slice(0, mostShown).map(quoted).join(', ');
  const rest = names.length > mostShown ? ` and ${names.length - mostShown} more` : '';
  throw new CliError(
    `${quoted(target)} has no connection of ${quoted(other)}; it has ${shown || 'none'}${rest}`,
  );
}

const mostShown = 10;

function quoted(text: string): string {
  return JSON.stringify(text);
}

async function among(
  live: LiveAzure,
  targets: AsyncIterable<TargetId> | readonly TargetId[],
  isWanted: (connection: Connection) => boolean,
): Promise<FoundConnection[]> {
  const found = new Map<string, FoundConnection>();
  for await (const target of targets) {
    for (const connection of await listOf(live, target))
      if (isWanted(connection)) found.set(connection.id.key, { id: connection.id, connection });
  }
  return [...found.values()];
}

async function listOf({ connections }: LiveAzure, target: TargetId): Promise<readonly Connection[]> {
  return (await connections.list(target))?.connections ?? [];
}

async function* targetsIn({ finder, types }: LiveAzure): AsyncGenerator<TargetId> {
  let last: string | undefined;
  for await (const { targetId } of finder.find({ subscriptions: [], types, statuses: knownStatuses })) {
    if (targetId.key === last) continue;
    last = targetId.key;
    yield targetId;
  }
}

async function* withProgress(
  { showProgress }: Pick<CliHost, 'showProgress'>,
  targets: AsyncIterable<TargetId>,
): AsyncGenerator<TargetId> {
  let count = 0;
  for await (const target of targets) {
    count += 1;
    await showProgress?.(`looking at target ${count} …`);
    yield target;
  }
  await showProgress?.('');
}

/** Lists several connections that one subject names, for a person to choose from: two lines each. */
export function choiceLines(found: readonly FoundConnection[]): readonly string[] {
  return found.flatMap(({ id, connection }) => [
    `${id.target.name}/${connection?.endpoint?.name ?? id.name} (${connection?.status ?? 'not listed'}), ${id.target.type}`,
    `  ${id.id}`,
  ]);
}
