import type { StartedAzure } from '../../dev/azure';
import { ownRequests } from '../system/own-requests';
import { targetTypes, type TargetType } from '../system/seed';

export interface RequestedConnection {
  readonly type: TargetType;
  readonly name: string;
}

export interface PeerOrder {
  readonly mode: 'one at a time' | 'all at once';
  /** The local Azure's clock, its delays, and everybody's pauses run so many times as fast. */
  readonly speed: number;
}

/** One run of one of them. Seconds are those of the local Azure's clock. */
export interface PeerRun {
  readonly connections: readonly Approved[];
  /** For all connections, reads of their endpoints included. */
  readonly armRequests: number;
  readonly tokenRequests: number;
  /** From the first one's Pending to the last one's proof. */
  readonly secondsInAll: number;
}

export interface Approved {
  readonly type: TargetType;
  /** Below the target, and those to the URLs of its operations. */
  readonly armRequests: number;
  /** From Pending (or from its turn, in a loop) to proven. */
  readonly seconds: number;
}

/** One connection of each type, on targets of their own: several writes to one target at once would be refused. */
export const requestedConnections: readonly RequestedConnection[] = targetTypes.map((type, place) => ({
  type,
  name: `peer-${place}`,
}));

/** What the log holds of ours. The targets were made by somebody else. */
export function armRequests(azure: StartedAzure): number {
  return ourPaths(azure).length;
}

/** Of these, what is about one target: operation URLs of disk accesses do not name it, but there is only one. */
export function armRequestsOn(azure: StartedAzure, { type, id }: { type: TargetType; id: string }): number {
  const isOperation = (path: string): boolean =>
    type === 'Microsoft.Compute/diskAccesses' && /\/diskOperations\//i.test(path);
  const below = id.toLowerCase();
  return ourPaths(azure).filter((path) => path.toLowerCase().startsWith(below) || isOperation(path)).length;
}

function ourPaths({ requests }: StartedAzure): readonly string[] {
  return ownRequests(requests.records).map(({ path }) => path);
}

export function tokenRequests({ requests }: StartedAzure): number {
  return requests.records.filter(({ area }) => area === 'identity').length;
}
