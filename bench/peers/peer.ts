import type { StartedAzure } from '../../dev/azure';
import type { AppBuild } from '../system/app-build';
import { ownRequests } from '../system/own-requests';
import type { SeedType } from '../system/seed';

export const modes = ['one at a time', 'all at once'] as const;

export interface PeerOrder {
  readonly mode: (typeof modes)[number];
  /** One connection of each, each on its own target, because simultaneous writes to one target would be refused. */
  readonly types: readonly SeedType[];
  /** The factor by which the local Azure's clock, its delays and all pauses are faster. */
  readonly speed: number;
}

export interface PosternOrder extends PeerOrder {
  readonly root: string;
  readonly app: AppBuild;
}

/** A side that is ready to begin. */
export interface PeerSide {
  /** Requests and approves the connections. */
  run(): Promise<PeerRun>;
  close(): Promise<void>;
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
  readonly type: SeedType;
  /** Requests below the target, and to the URLs of its operations. */
  readonly armRequests: number;
  /** Seconds from Pending (or from its turn, in a loop) to the proof. */
  readonly seconds: number;
}

/** Returns the name of the target of a type, valid for every type. */
export function targetName(type: SeedType, types: readonly SeedType[]): string {
  return `peer${types.indexOf(type)}`;
}

/** Counts the ARM requests of the measured side. Another principal created the targets. */
export function armRequests(azure: StartedAzure): number {
  return ourPaths(azure).length;
}

/** Counts the requests for one target: below its id, and to the URLs of its operations, which may be elsewhere. */
export function armRequestsOn(azure: StartedAzure, targetId: string): number {
  const below = targetId.toLowerCase();
  const operations = [...azure.world.operations.values()]
    .filter((operation) => operation.targetId.toLowerCase() === below)
    .map(({ id }) => id.toLowerCase());
  return ourPaths(azure).filter(
    (path) => path.startsWith(below) || operations.some((id) => path.includes(`/${id}`)),
  ).length;
}

/** Returns the paths in lower case, because Azure CLI spells some types in its own way. */
function ourPaths({ requests }: StartedAzure): readonly string[] {
  return ownRequests(requests.records).map(({ path }) => path.toLowerCase());
}

export function tokenRequests({ requests }: StartedAzure): number {
  return requests.records.filter(({ area }) => area === 'identity').length;
}
