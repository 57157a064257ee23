import type { StartedAzure } from '../../dev/azure';
import { ownRequests } from '../system/own-requests';
import { ownStoreTypes, type OwnStoreType } from '../system/seed';

export interface RequestedConnection {
  readonly type: OwnStoreType;
  readonly name: string;
}

export interface PeerOrder {
  readonly mode: 'one at a time' | 'all at once';
  /** The factor by which the local Azure's clock, its delays and all pauses are faster. */
  readonly speed: number;
}

/** One run of one side. Seconds are those of the local Azure's clock. */
export interface PeerRun {
  readonly connections: readonly Approved[];
  /** Requests for all connections, including reads of their endpoints. */
  readonly armRequests: number;
  readonly tokenRequests: number;
  /** Seconds from the first Pending connection to the last proof. */
  readonly secondsInAll: number;
}

export interface Approved {
  readonly type: OwnStoreType;
  /** Requests below the target, and to the URLs of its operations. */
  readonly armRequests: number;
  /** Seconds from Pending (or from its turn, in a loop) to the proof. */
  readonly seconds: number;
}

/**
 * One connection of each type, each on its own target, because simultaneous writes to one target would be
 * refused.
 */
export const requestedConnections: readonly RequestedConnection[] = ownStoreTypes.map((type, place) => ({
  type,
  name: `peer-${place}`,
}));

/** Counts the ARM requests of the measured side. Another principal created the targets. */
export function armRequests(azure: StartedAzure): number {
  return ourPaths(azure).length;
}

/**
 * Counts the requests for one target. Operation URLs of disk accesses do not name the target, but there is
 * only one.
 */
export function armRequestsOn(azure: StartedAzure, { type, id }: { type: OwnStoreType; id: string }): number {
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
