import { addSeconds } from '../../base/clock';
import { compareText } from '../../base/compare';
import { sha256Hex } from '../../base/digest';

/** The entries of a managed list, as they were read completely at one time. */
export interface ListSnapshot {
  /** The tenant of the management group and of every entry. A GUID in lower case. */
  readonly tenantId: string;
  /** Ids of subscriptions in lower case, sorted, each once. */
  readonly entries: readonly string[];
  /** SHA-256 of the entries, 64 hexadecimal digits. */
  readonly digest: string;
  /** When Azure was read, in ISO 8601. */
  readonly readAt: string;
}

/** A snapshot that decisions may use for a while. */
export interface UsableList extends ListSnapshot {
  /** The age in seconds at which it may no longer be used. */
  readonly maxAgeSeconds: number;
}

/** The managed lists that decisions may use, by name. A list that is not among them is absent, never empty. */
export type UsableLists = ReadonlyMap<string, UsableList>;

/** A managed list as a decision names it. */
export interface ListUse {
  /** The list's name and the first eight digits of its digest: `landingZones@3f2a9c1b`. */
  readonly snapshot: string;
  readonly readAt: string;
}

/** No managed lists. */
export const noLists: UsableLists = new Map();

/** Creates a snapshot; the entries may be in any order and case. */
export function snapshotOf(read: {
  readonly tenantId: string;
  readonly entries: readonly string[];
  readonly readAt: string;
}): ListSnapshot {
  const entries = [...new Set(read.entries.map((entry) => entry.toLowerCase()))].sort(compareText);
  return { tenantId: read.tenantId, entries, digest: digestOf(entries), readAt: read.readAt };
}

/** Tells whether a snapshot is what it says: somebody may have changed it where it is stored. */
export function isIntact({ entries, digest }: ListSnapshot): boolean {
  const isSorted = entries.every((entry, index) => index === 0 || (entries[index - 1] ?? '') < entry);
  return isSorted && digestOf(entries) === digest;
}

/** Returns the name of a snapshot: `landingZones@3f2a9c1b`. */
export function snapshotName(name: string, { digest }: Pick<ListSnapshot, 'digest'>): string {
  return `${name}@${digest.slice(0, shownDigits)}`;
}

/** The number of a digest's digits that people see. */
const shownDigits = 8;

/** The most by which the clocks of two instances may differ. */
const longestAheadSeconds = 5 * 60;

/**
 * Tells whether a reading is young enough. The clocks of the instance that read and of the one that
 * decides may differ; one from far in the future proves nothing.
 */
export function isUsableAt(
  { readAt, maxAgeSeconds }: Pick<UsableList, 'readAt' | 'maxAgeSeconds'>,
  now: Date,
): boolean {
  return !isFarAhead(readAt, now) && addSeconds(new Date(readAt), maxAgeSeconds) > now;
}

/** Tells whether a time is of a clock that was wrong, and so proves nothing. */
export function isFarAhead(readAt: string, now: Date): boolean {
  return new Date(readAt) > addSeconds(now, longestAheadSeconds);
}

function digestOf(entries: readonly string[]): string {
  return sha256Hex(entries.join('\n'));
}
