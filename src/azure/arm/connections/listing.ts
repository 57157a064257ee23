import { ArmError } from '../../../base/errors';
import type { Connection } from '../../../connections/connection';
import type { ConnectionListing } from '../../../connections/connection-store';
import { idKey } from '../../../connections/resource-id';
import type { ArmClient, ArmReply } from '../client';
import type { ConnectionPage } from './connection-body';

type Malformed = ConnectionListing['malformed'][number];

/** The limits for one target: more connections, or more pages, than any provider allows are not read. */
const maxConnections = 5000;
const maxPages = 100;

/**
 * Reads all pages of a list of connections, the first one by `first`, the others by their links. @throws
 * ArmError ARM_UNREADABLE for a page that cannot be parsed, or a list without end.
 */
export async function listPages(
  arm: ArmClient,
  first: () => Promise<ArmReply>,
  parse: (body: string) => ConnectionPage,
): Promise<ConnectionListing> {
  const connections: Connection[] = [];
  const malformed: Malformed[] = [];
  let reply = await first();
  for (let pages = 1; ; pages += 1) {
    const page = parse(reply.body);
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

function tooMany(what: string): ArmError {
  return new ArmError('ARM_UNREADABLE', `The target's list goes on beyond ${what}`);
}
