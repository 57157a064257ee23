import { addSeconds } from '../../base/clock';
import { isFarAhead, isIntact, isUsableAt, type ListSnapshot, type UsableList } from './list-snapshot';
import { type ManagedList, sourceText } from './managed-list';

/** What is known about a managed list, for all instances. */
export interface ListState {
  /** The source that the snapshots are from, as `sourceText` writes it. */
  readonly source: string;
  /** The age in seconds at which the list becomes absent, as the policy stated it last. */
  readonly maxAgeSeconds: number;
  /** The last snapshot that was taken. */
  readonly snapshot?: ListSnapshot | undefined;
  /** The last change of the entries. */
  readonly changed?: { readonly at: string; readonly came: number; readonly went: number } | undefined;
  /** A newer snapshot that lost too much. A person decides whether it is taken. */
  readonly aside?: { readonly snapshot: ListSnapshot; readonly since: string } | undefined;
  /** Since when, and why, the source cannot be read. Absent after a complete reading. */
  readonly stale?: { readonly since: string; readonly problem: string } | undefined;
}

/** One attempt to read the source of a list. */
export type ListReading =
  | { readonly kind: 'whole'; readonly snapshot: ListSnapshot }
  | { readonly kind: 'failed'; readonly problem: string };

/** What an attempt changed, for the audit. */
export type ListEvent =
  | { readonly kind: 'changed'; readonly came: readonly string[]; readonly went: readonly string[] }
  | { readonly kind: 'withheld'; readonly came: readonly string[]; readonly went: readonly string[] }
  | { readonly kind: 'stale'; readonly problem: string };

/** The new state of a list. `event` is absent if nothing has to be recorded. */
export interface Advanced {
  readonly state: ListState;
  readonly event?: ListEvent | undefined;
}

/** A loss of more entries than this, and of a larger share than `mostLostShare`, waits for a person. */
const fewLost = 4;
const mostLostShare = 0.2;

/**
 * Returns the state after an attempt to read the source. A failure keeps the last snapshot and is
 * recorded once. A complete reading is taken, unless it is empty, of another tenant, or has lost too
 * much: then it is set aside, and the last snapshot stays until it is too old. A new source begins
 * anew. Pure.
 */
export function advance(
  before: ListState | undefined,
  list: ManagedList,
  { reading, now }: { readonly reading: ListReading; readonly now: Date },
): Advanced {
  const source = sourceText(list.source);
  const { maxAgeSeconds } = list;
  const known: ListState = {
    ...(before?.source === source ? withIntact(before) : { source }),
    maxAgeSeconds,
  };
  if (reading.kind === 'failed') return failed(known, reading.problem, now);
  const { snapshot } = reading;
  const last = known.snapshot;
  // Another instance was faster. Its time does not count if its clock was wrong.
  if (last !== undefined && isNewer(last, snapshot) && !isFarAhead(last.readAt, now)) return { state: known };
  const { came, went } = differenceOf(last, snapshot);
  if (isSuspicious(last, snapshot, went.length)) {
    const isRecorded = known.aside?.snapshot.digest === snapshot.digest;
    const since = known.aside?.since ?? now.toISOString();
    const state = { ...known, aside: { snapshot, since }, stale: undefined };
    return isRecorded ? { state } : { state, event: { kind: 'withheld', came, went } };
  }
  const state = { ...known, snapshot, aside: undefined, stale: undefined };
  if (last?.digest === snapshot.digest) return { state };
  const changed = { at: now.toISOString(), came: came.length, went: went.length };
  return { state: { ...state, changed }, event: { kind: 'changed', came, went } };
}

/**
 * Returns the state after a person has accepted the snapshot that was set aside; `undefined` if
 * none is. Pure.
 */
export function accepted(state: ListState, now: Date): ListState | undefined {
  const { aside, snapshot: last } = withIntact(state);
  if (aside === undefined) return undefined;
  const { came, went } = differenceOf(last, aside.snapshot);
  const changed = { at: now.toISOString(), came: came.length, went: went.length };
  return { ...state, snapshot: aside.snapshot, aside: undefined, changed };
}

/** Returns the snapshot that decisions may use now; `undefined`: the list is absent. Pure. */
export function usableList(
  state: ListState | undefined,
  list: ManagedList,
  now: Date,
): UsableList | undefined {
  if (state?.source !== sourceText(list.source)) return undefined;
  return usableIn({ ...state, maxAgeSeconds: list.maxAgeSeconds }, now);
}

/** Returns the snapshot of a state, if it is intact and young enough. Pure. */
export function usableIn(state: ListState, now: Date): UsableList | undefined {
  const { snapshot } = withIntact(state);
  if (snapshot === undefined) return undefined;
  const usable = { ...snapshot, maxAgeSeconds: state.maxAgeSeconds };
  return isUsableAt(usable, now) ? usable : undefined;
}

/** Returns when the last snapshot of a state may no longer be used; `undefined` if there is none. */
export function usableUntil({ snapshot, maxAgeSeconds }: ListState): string | undefined {
  return snapshot && addSeconds(new Date(snapshot.readAt), maxAgeSeconds).toISOString();
}

/** Returns when the source was last read completely; `undefined` if no such reading is left intact. */
export function lastReadAt(state: ListState): Date | undefined {
  const { snapshot, aside } = withIntact(state);
  const times = [snapshot, aside?.snapshot].flatMap((one) => (one ? [Date.parse(one.readAt)] : []));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Returns the entries that a snapshot has gained and lost. */
export function differenceOf(
  before: ListSnapshot | undefined,
  after: ListSnapshot,
): { readonly came: readonly string[]; readonly went: readonly string[] } {
  const [old, young] = [new Set(before?.entries ?? []), new Set(after.entries)];
  return {
    came: after.entries.filter((entry) => !old.has(entry)),
    went: [...old].filter((entry) => !young.has(entry)),
  };
}

/** Drops snapshots that were changed where they are stored. */
function withIntact(state: ListState): ListState {
  const { snapshot, aside } = state;
  return {
    ...state,
    snapshot: snapshot !== undefined && isIntact(snapshot) ? snapshot : undefined,
    aside: aside !== undefined && isIntact(aside.snapshot) ? aside : undefined,
  };
}

function failed(known: ListState, problem: string, now: Date): Advanced {
  if (known.stale !== undefined) return { state: known };
  const state = { ...known, stale: { since: now.toISOString(), problem } };
  return { state, event: { kind: 'stale', problem } };
}

function isNewer(one: ListSnapshot, other: ListSnapshot): boolean {
  return Date.parse(one.readAt) > Date.parse(other.readAt);
}

/** Tells whether a person must look at a reading before it counts. */
function isSuspicious(last: ListSnapshot | undefined, next: ListSnapshot, lost: number): boolean {
  if (last?.digest === next.digest && last.tenantId === next.tenantId) return false;
  if (next.entries.length === 0) return true;
  if (last === undefined) return false;
  return last.tenantId !== next.tenantId || (lost > fewLost && lost > last.entries.length * mostLostShare);
}
