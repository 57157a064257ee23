import type { HistoryEntry } from '../recorder';
import { expectedEffectIn, type ExpectedEffect } from '../plan/expected-answers';
import { groupById, sameId, type Evidence, type Subject } from './evidence';

/** A connection in one status, from one entry of its history to the next. */
export interface Stay {
  readonly connectionId: string;
  readonly status: string;
  /** Who made it so; absent when Azure did. */
  readonly by: string | undefined;
  readonly fromMs: number;
  /** Infinity: it still is. */
  readonly untilMs: number;
}

/** The stays of every connection, in the order of time, by its id in lower case. */
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

/** All ids that the connections of this endpoint have had. */
export function idsOf({ connectionId, earlierIds = [] }: Subject): readonly string[] {
  return connectionId === undefined ? earlierIds : [...earlierIds, connectionId];
}

/**
 * When a timed approval may be ended at the earliest: its time is counted from the decision, which is made while the
 * connection is Pending. `undefined` when this stay is not an approval of Postern's that ends.
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

/** What is to be done about a stay, and from when on; an approval that ends is to be deleted when its time is over. */
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

/** What Azure and the ledger know of a connection, in the order of time. */
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
