import type { RequestRecord } from '../../azure';
import type { AuditRecord } from '../../../src/audit/audit-record';
import type { Attempt, Retagging } from '../people/attempt';
import type { ExpectedEffects, Requester, Trait } from '../plan/expected-answers';
import type { HistoryEntry } from '../recorder';

/** Everything that the checker reads. Times are milliseconds since 1970 on one machine's clock. */
export interface Evidence {
  /** The object id of Postern's identity. */
  readonly postern: string;
  readonly subjects: readonly Subject[];
  /** The local Azure's log, in the order of the requests. */
  readonly requests: readonly RequestRecord[];
  readonly operations: readonly OperationSpan[];
  readonly history: readonly HistoryEntry[];
  readonly ledger: readonly LedgerEntry[];
  /** Operations that are still planned or running. */
  readonly open: readonly OpenOperation[];
  /** What people sent to the console. */
  readonly attempts: readonly Attempt[];
  /** When requesters changed the tags of their endpoints. */
  readonly retaggings: readonly Retagging[];
  /** The times at which workers were killed. */
  readonly killedMs: readonly number[];
  /** When a subscription went to another tenant; absent: none did. */
  readonly movedMs?: number | undefined;
  /** The time between two timed sweeps. */
  readonly sweepMs: number;
  /** The duration of a timed approval. */
  readonly approvalMs: number;
}

/** A connection of the plan. */
export interface Subject {
  readonly label: string;
  readonly endpointId: string;
  /** Absent if the target never showed it. */
  readonly connectionId: string | undefined;
  /** The ids of earlier connections of this endpoint. */
  readonly earlierIds?: readonly string[] | undefined;
  readonly expectedEffects: ExpectedEffects;
  /** Who asks, and what kind of target is asked: they determine who may answer. */
  readonly requester?: Requester | undefined;
  readonly trait?: Trait | undefined;
  /** The status at the end; `gone` if the target no longer has it. */
  readonly status: string;
  /** The principal that set the status; absent if it was Azure. */
  readonly by?: string | undefined;
}

/** An operation in the local Azure. */
export interface OperationSpan {
  readonly id: string;
  readonly targetId: string;
  readonly startedMs: number;
  /** Absent if it has not ended. */
  readonly endedMs: number | undefined;
}

export interface LedgerEntry {
  readonly record: AuditRecord;
  /** The time at which the storage service accepted it, from its own time stamp. */
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
  | 'approval-outlived'
  | 'answer-not-given'
  | 'answer-not-allowed'
  | 'answer-stale'
  | 'answer-not-ended';

/** A write of Postern that changed something, or started to. */
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

/** Groups items by id, case-insensitively. */
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
