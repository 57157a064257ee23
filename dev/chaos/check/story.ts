import type { HistoryEntry } from '../recorder';
import { expectedEffectIn, type ExpectedEffect } from '../plan/expected-answers';
import { groupById, sameId, type Evidence, type Subject } from './evidence';

/** The time that a connection spends in one status, from one entry of its history to the next. */
export interface Stay {
  readonly connectionId: string;
  readonly status: string;
  /** The principal that set the status; absent if it was Azure. */
  readonly by: string | undefined;
  readonly fromMs: number;
  /** Infinity for the present status. */
  readonly untilMs: number;
}

/** Returns the stays of every connection, in order of time, by its id in lower case. */
export function staysOf(history: readonly HistoryEntry[]): ReadonlyMap<string, readonly Stay[]> {
  const stays = new Map<string, readonly Stay[]>();
  for (const [id, entries] of groupById(history, ({ connectionId }) => connectionId)) {
    stays.set(
      id,
      entries.map(({ connectionId, status, by, atMs }, index) => ({
        connectionId,
        status,
        by,
        fromMs: atMs,
        untilMs: entries[index + 1]?.atMs ?? Infinity,
      })),
    );
  }
  return stays;
}

/** Returns all ids that the connections of this endpoint have had. */
export function idsOf({ connectionId, earlierIds = [] }: Subject): readonly string[] {
  return connectionId === undefined ? earlierIds : [...earlierIds, connectionId];
}

/**
 * Returns the earliest time at which a timed approval may end, counted from the decision, which is made while
 * the connection is Pending. `undefined` if this stay is not a timed approval of Postern.
 */
export function endsAtEarliestMs(
  { postern, approvalMs }: Pick<Evidence, 'postern' | 'approvalMs'>,
  { expectedEffects }: Subject,
  stays: readonly Stay[],
  stay: Stay,
): number | undefined {
  if (expectedEffectIn(expectedEffects, stay.status) !== 'end' || stay.by !== postern) return undefined;
  const asked = stays.filter(({ status, fromMs }) => status === 'Pending' && fromMs <= stay.fromMs).at(-1);
  return (asked?.fromMs ?? stay.fromMs) + approvalMs;
}

/**
 * Returns the effect that policy wants for a stay, and from when. A timed approval must be deleted when its
 * time is over.
 */
export function expectedEffectOfStay(
  evidence: Pick<Evidence, 'postern' | 'approvalMs'>,
  subject: Subject,
  stay: Stay,
): { readonly expected: Exclude<ExpectedEffect, 'end'>; readonly fromMs: number } {
  const expected = expectedEffectIn(subject.expectedEffects, stay.status);
  if (expected !== 'end') return { expected, fromMs: stay.fromMs };
  if (stay.by !== evidence.postern) return { expected: 'leave', fromMs: stay.fromMs };
  return { expected: 'delete', fromMs: stay.fromMs + evidence.approvalMs };
}

/** Returns the history and the ledger of a connection as text, in order of time. */
export function storyOf(
  { history, ledger }: Pick<Evidence, 'history' | 'ledger'>,
  connection: string | undefined,
): string {
  const entries = [
    ...history
      .filter(({ connectionId }) => sameId(connectionId, connection))
      .map(({ atMs, status, by }) => ({ atMs, what: `${status} by ${by ?? 'Azure'}` })),
    ...ledger
      .filter(({ record }) => sameId(record.connection, connection))
      .map(({ storedMs, record: { kind, effect } }) => ({ atMs: storedMs, what: `${kind} ${effect ?? ''}` })),
  ];
  return entries
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, what }) => `${new Date(atMs).toISOString().slice(11, 23)} ${what.trim()}`)
    .join(', ');
}
