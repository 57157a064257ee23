import type { Connection } from '../../connections/connection';
import type { ConnectionState, FoundRequester } from '../../operations/operation';
import { hasLasted } from '../../operations/proof/timeouts';
import { secondsBetweenFindings } from '../facts/requester';
import type { ReviewInput } from '../review-job';

/**
 * Returns the seconds after which a second review may prove who asks; `undefined` unless one review
 * has found it so far.
 */
export function secondsToSecondFinding({ proofs, now }: ReviewInput, { id }: Connection): number | undefined {
  const proof = proofs.get(id.key);
  if (proof?.kind !== 'found') return undefined;
  const ageSeconds = (now.getTime() - Date.parse(proof.found.since)) / 1000;
  return Math.max(1, Math.ceil(secondsBetweenFindings - ageSeconds));
}

/** Returns what the connection's row remembers of the search: the first of the findings that agree. */
export function foundRequesterOf({ proofs }: ReviewInput, { id }: Connection): FoundRequester | undefined {
  const proof = proofs.get(id.key);
  return proof === undefined || proof.kind === 'none' ? undefined : proof.found;
}

/** For how long a new connection is reviewed again by itself. After that, sweeps do. */
const searchSeconds = 60 * 60;
const shortestPauseSeconds = 60;

/**
 * Returns the seconds until the next search for who asks; `undefined` if none is worth while. Our
 * resource's link, and Azure's index of it, are minutes behind a new endpoint. Each pause is as long
 * as the connection's age, so that few reviews cover an hour.
 */
export function secondsToNextSearch(
  { proofs, now }: ReviewInput,
  { id }: Connection,
  { firstSeen }: Pick<ConnectionState, 'firstSeen'>,
): number | undefined {
  const proof = proofs.get(id.key);
  if (proof?.kind !== 'none' || !proof.mayPass || hasLasted(firstSeen, searchSeconds, now)) return undefined;
  return Math.max(shortestPauseSeconds, Math.ceil((now.getTime() - Date.parse(firstSeen)) / 1000));
}
