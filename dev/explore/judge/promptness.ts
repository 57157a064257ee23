import type { HistoryEntry } from '../../chaos/recorder';
import type { Standstill } from './policies-in-hand';
import type { FaultKind, FaultSet } from '../world/faults';

/** A record of the ledger, as far as it says of which connection, and when. */
export interface Mention {
  readonly connection: string;
  readonly atMs: number;
  /** The record's kind, e.g. `decided`. */
  readonly kind: string;
}

/** A request that nobody looked at in time. */
export interface Latecomer {
  readonly what: string;
  /** The connection's name. */
  readonly about: string;
}

/** Faults under which a request is still answered because of its events, not because of a sweep. */
const harmless: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'instances-scale',
  'events-twice',
  'events-late',
  'arm-slow',
  'storage-slow',
]);

/** How long a request may wait for its decision: longer than any operation that is under way on its target. */
const promptMs = 30 * 60_000;
/** A request that is made again so soon may look like the old one to the app, and has no record of its own. */
const againMs = 15 * 60_000;
const clockMs = 10_000;

/**
 * Lists the requests whose decision came late, or never although the connection waited, in a world without faults that
 * lose events or hinder the app. With an hour or more between two sweeps, only a sweep can have found them.
 */
export function latecomers({
  faults,
  silent,
  history,
  ledger,
  standstills,
  nowMs,
}: {
  readonly faults: FaultSet;
  /** The ids, in lower case, of the endpoints whose events never come. */
  readonly silent: ReadonlySet<string>;
  readonly history: readonly HistoryEntry[];
  readonly ledger: readonly Mention[];
  /** When nobody could decide. */
  readonly standstills: readonly Standstill[];
  readonly nowMs: number;
}): readonly Latecomer[] {
  if ([...faults].some((kind) => !harmless.has(kind))) return [];
  return history.flatMap(({ atMs, connectionId, endpointId, status, by }, index) => {
    const about = connectionId.slice(connectionId.lastIndexOf('/') + 1);
    if (status !== 'Pending' || by !== undefined || silent.has(endpointId.toLowerCase())) return [];
    const key = connectionId.toLowerCase();
    if (isAgain(history.slice(0, index), key, atMs)) return [];
    const later = history.slice(index + 1).find((entry) => entry.connectionId.toLowerCase() === key);
    const untilMs = later?.atMs ?? nowMs;
    const waitedMs = (endMs: number): number => endMs - atMs - stoodStillMs(standstills, atMs, endMs);
    if (waitedMs(untilMs) <= promptMs) return [];
    const isAbout = (row: Mention): boolean =>
      row.connection.toLowerCase() === key && row.atMs >= atMs - clockMs;
    const record = ledger.filter(isAbout).toSorted((one, other) => one.atMs - other.atMs)[0];
    // An operation that was under way when the endpoint was made again can only be waited for until its deadline.
    if (record?.kind === 'expired') return [];
    const first = record?.atMs ?? Infinity;
    if (waitedMs(first) <= promptMs) return [];
    const waited = Math.round((Math.min(first, untilMs) - atMs) / 60_000);
    return [{ about, what: `${about} waited ${waited} minutes until somebody looked at it` }];
  });
}

/** Tells whether a connection had been requested before, and went only a while ago. */
function isAgain(before: readonly HistoryEntry[], key: string, atMs: number): boolean {
  const own = before.filter(({ connectionId }) => connectionId.toLowerCase() === key);
  const last = own.findLastIndex(({ status }) => status === 'Pending');
  const leftMs = own[last + 1]?.atMs;
  return last >= 0 && leftMs !== undefined && atMs - leftMs < againMs;
}

function stoodStillMs(standstills: readonly Standstill[], fromMs: number, untilMs: number): number {
  const within = standstills.map((each) => Math.min(each.untilMs, untilMs) - Math.max(each.fromMs, fromMs));
  return within.reduce((sum, ms) => sum + Math.max(0, ms), 0);
}
