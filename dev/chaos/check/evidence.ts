import type { RequestRecord } from '../../azure';
import type { AuditRecord } from '../../../src/audit/audit-record';
import type { ExpectedEffects } from '../plan/expected-answers';
import type { HistoryEntry } from '../recorder';

/** All that the checker looks at. Times are milliseconds since 1970 on one machine's clock. */
export interface Evidence {
  /** The object id that Postern writes under. */
  readonly postern: string;
  readonly subjects: readonly Subject[];
  /** The local Azure's log, in the order in which requests came. */
  readonly requests: readonly RequestRecord[];
  readonly operations: readonly OperationSpan[];
  readonly history: readonly HistoryEntry[];
  readonly ledger: readonly LedgerEntry[];
  /** Operations that are still planned or running. */
  readonly open: readonly OpenOperation[];
  /** When a worker was killed. */
  readonly killedMs: readonly number[];
  /** From one timed sweep to the next. */
  readonly sweepMs: number;
  /** How long a timed approval lasts. */
  readonly approvalMs: number;
}

/** A connection of the plan. */
export interface Subject {
  readonly label: string;
  readonly endpointId: string;
  /** Absent: its target never showed it. */
  readonly connectionId: string | undefined;
  /** What its connections were called before it was made again. */
  readonly earlierIds?: readonly string[] | undefined;
  readonly expectedEffects: ExpectedEffects;
  /** At the end; `gone` when its target does not have it any more. */
  readonly status: string;
  /** Who made it so; absent when Azure did. */
  readonly by?: string | undefined;
}

/** An operation as the local Azure ran it. */
export interface OperationSpan {
  readonly id: string;
  readonly targetId: string;
  readonly startedMs: number;
  /** Absent: it has not ended. */
  readonly endedMs: number | undefined;
}

export interface LedgerEntry {
  readonly record: AuditRecord;
  /** When the storage service took it: its own time stamp. */
  readonly storedMs: number;
}

export interface OpenOperation {
  readonly connectionId: string;
  readonly state: string;
}

export interface Violation {
  readonly rule: ViolationRule;
  readonly what: string;
}

export type ViolationRule =
  | 'state-not-wanted'
  | 'held-without-reason'
  | 'unwanted-write'
  | 'overrode-somebody'
  | 'overlapping-writes'
  | 'write-before-decision'
  | 'decided-twice'
  | 'operation-not-ended'
  | 'end-without-write'
  | 'end-without-proof'
  | 'request-not-answered'
  | 'revoked-stays-approved'
  | 'approval-outlived';

/** A write of Postern that changed something, or began to. */
export type TakenWrite = RequestRecord & {
  readonly connection: string;
  readonly tookEffect: 'approve' | 'reject' | 'delete';
};

export function takenWrites({ requests, postern }: Evidence): readonly TakenWrite[] {
  return requests.filter(
    (record): record is TakenWrite =>
      record.principal === postern &&
      record.connection !== undefined &&
      (record.tookEffect === 'approve' || record.tookEffect === 'reject' || record.tookEffect === 'delete'),
  );
}

export function sameId(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

/** Lists by id, whatever its casing. */
export function groupById<T>(
  all: readonly T[],
  idOf: (each: T) => string | undefined,
): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = idOf(each)?.toLowerCase();
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}
