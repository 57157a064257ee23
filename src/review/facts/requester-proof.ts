import { lower } from '../../base/compare';
import type { Connection } from '../../connections/connection';
import type { ConnectionListing } from '../../connections/connection-store';
import type { ManagedLink } from '../../connections/managed-endpoint-reader';
import { idKey } from '../../connections/resource-id';
import type { FoundRequester } from '../../operations/operation';
import { type RequesterProof, secondsBetweenFindings, type Unproven } from './requester';

/** One finding: the one link of ours that a connection belongs to, or why no link is known to be it. */
export type Finding =
  | {
      readonly kind: 'found';
      /** The links that share the endpoint; usually one. Never empty. */
      readonly links: readonly ManagedLink[];
    }
  | Unproven;

/** Everything that is known about the connections of a target and the links of our resources. */
export interface ProofQuestion {
  readonly listing: ConnectionListing;
  /** Links of our resources, to whatever target. */
  readonly links: readonly ManagedLink[];
  /**
   * Tells whether an endpoint may be in a tenant of Microsoft. A connection without an endpoint may be
   * anyone's.
   */
  readonly mayBeManaged: (connection: Connection) => boolean;
}

/** The fewest characters of a message that can tie: shorter ones are guessed, or used by many. */
export const fewestCharacters = 16;

/**
 * Finds the one link of ours that a Pending connection ties to. The endpoint's name or the message
 * must be the link's, whole, and both must be unique: exactly one link, and exactly one Pending
 * connection that may be it. What a stranger can do is to force a hold. Pure. The caller knows that
 * the endpoint is in a tenant of Microsoft, and reads the links again from ARM (`stillAsks`).
 */
export function findLink(connection: Connection, question: ProofQuestion): Finding {
  const { listing, links } = question;
  if (listing.malformed.length > 0) return none('ARM lists a connection that cannot be understood');
  const tied = links.filter((link) => asksFor(link, connection) && ties(link, connection));
  const [first] = tied;
  if (first === undefined) return none('no resource of ours is known to ask for it', true);
  if (tied.some(({ endpointKey }) => endpointKey !== first.endpointKey))
    return none('several resources of ours could have asked for it');
  if (tied.some((link) => isMessageElsewhere(link, links)))
    return none('several links of ours have its message');
  const rivals = listing.connections.filter(
    (other) =>
      other.id.key !== connection.id.key &&
      question.mayBeManaged(other) &&
      tied.some((link) => couldBe(link, other)),
  );
  if (rivals.length > 0) return none('another connection of the target could be the one that we asked for');
  return { kind: 'found', links: tied };
}

/**
 * Tells whether a link still asks, from its reading in ARM right now. A link that is Approved proves
 * nothing about a new request. Returns why not, or `undefined` if it asks.
 */
export function whyNotAsking(connection: Connection, link: ManagedLink | undefined): Unproven | undefined {
  if (link === undefined) return none('our link is gone', true);
  if (!asksFor(link, connection) || !ties(link, connection))
    return none('our link has changed since it was found', true);
  const { status, provisioningState } = link;
  if (status !== undefined && lower(status) !== 'pending')
    return none(
      status === '' ? 'our link does not show yet that it waits' : `our link is ${status}, not Pending`,
      status === '',
    );
  if (provisioningState !== undefined && lower(provisioningState) !== 'succeeded')
    return none(`the provisioning state of our link is ${provisioningState || 'not shown'}`, true);
  return undefined;
}

function none(why: string, mayPass = false): Unproven {
  return { kind: 'none', why, mayPass };
}

/** Tells whether a link asks for the target of a connection, and for the same part of it where the provider says which. */
function asksFor({ targetId, groupIds }: ManagedLink, { id, groupIds: asked }: Connection): boolean {
  if (idKey(targetId) !== id.target.key) return false;
  if (asked.length === 0) return true;
  const sorted = (ids: readonly string[]): string => ids.map(lower).toSorted().join('\n');
  return sorted(groupIds) === sorted(asked);
}

function ties({ tie }: ManagedLink, { endpoint, message }: Connection): boolean {
  if (endpoint === undefined) return false;
  if (tie.kind === 'name') return lower(endpoint.name) === lower(tie.endpointName);
  if (!canTie(message) || message !== tie.message) return false;
  return tie.namePart === undefined || containsWord(endpoint.name, tie.namePart);
}

/** Tells whether a message is long enough to tie. */
export function canTie(message: string): boolean {
  return Array.from(message).length >= fewestCharacters;
}

/** Tells whether a name contains a word that no letter or digit continues. Case is ignored. */
function containsWord(name: string, word: string): boolean {
  const text = lower(name);
  for (let at = text.indexOf(lower(word)); at >= 0; at = text.indexOf(lower(word), at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + word.length]];
    if (word !== '' && !/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after)) return true;
  }
  return false;
}

function isMessageElsewhere({ tie, endpointKey }: ManagedLink, links: readonly ManagedLink[]): boolean {
  if (tie.kind !== 'message') return false;
  return links.some(
    (other) =>
      other.endpointKey !== endpointKey && other.tie.kind === 'message' && other.tie.message === tie.message,
  );
}

/** The statuses of connections that were answered, or ended. Any other one may still be a request. */
const answered: ReadonlySet<string> = new Set(['approved', 'rejected', 'disconnected']);

/**
 * Tells whether a link could also belong to another connection of the target: one that is Pending, or,
 * if the service does not show whether the link still asks, one that may have been answered.
 */
function couldBe({ tie }: ManagedLink, other: Connection): boolean {
  const isOpen = !answered.has(lower(other.status));
  if (tie.kind === 'name')
    return isOpen && (other.endpoint === undefined || lower(other.endpoint.name) === lower(tie.endpointName));
  if (isOpen && other.message === tie.message) return true;
  if (tie.namePart === undefined) return false;
  return other.endpoint === undefined || containsWord(other.endpoint.name, tie.namePart);
}

/**
 * Compares a finding with the one before. Only two that agree, three minutes apart, are a proof: our
 * link waits, so its endpoint exists and must be listed by then. `endpointKey`: that of the connection.
 * Pure.
 */
export function proofOf(
  finding: Finding,
  endpointKey: string,
  { before, now }: { readonly before: FoundRequester | undefined; readonly now: Date },
): RequesterProof {
  if (finding.kind === 'none') return finding;
  const [link] = finding.links;
  if (link === undefined) return none('our link is gone', true);
  const { endpointKey: linkKey, owner, tie, id } = link;
  const isSame =
    before?.endpointKey === endpointKey &&
    before.linkKey === linkKey &&
    Date.parse(before.since) <= now.getTime();
  const found = isSame ? before : { since: now.toISOString(), endpointKey, linkKey };
  const isProven = now.getTime() - Date.parse(found.since) >= secondsBetweenFindings * 1000;
  return { kind: isProven ? 'proven' : 'found', owner, how: tie.kind, linkId: id, found };
}
