import type { AuditRecord } from '../audit/audit-record';
import type { WriteEffect } from '../connections/connection-store';
import type { ConnectionId } from '../connections/resource-id';

/** `planned`: durable, ARM not asked yet. `running`: ARM was asked, or is about to be. All others are ends. */
export type OperationState =
  'planned' | 'running' | 'applied' | 'failed' | 'expired' | 'superseded' | 'abandoned';

/** The durable record of carrying one decision out. */
export interface Operation {
  /** The decision's id, a dot and the attempt. */
  readonly id: string;
  readonly decisionId: string;
  /** Counts from 1; a decision is tried again some time after an attempt failed. */
  readonly attempt: number;
  readonly effect: WriteEffect;
  readonly state: OperationState;
  /** The `decided` record: what every later record repeats. */
  readonly decided: AuditRecord;
  /** What the ledger may lack of what led to this plan, `decided` included; absent once it was told. */
  readonly untold?: readonly AuditRecord[] | undefined;
  readonly plannedAt: string;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  /** When the next look at it is due. Long past: its alarm got lost. Absent once it has ended. */
  readonly dueAt?: string | undefined;
  readonly ticket?: Ticket | undefined;
  readonly lastHttpStatus?: number | undefined;
  readonly error?: string | undefined;
  /** For an end that may be tried again: not before this instant. */
  readonly retryAt?: string | undefined;
  /** A limit of the policy holds it, or held it until a person lifted the limit. */
  readonly limit?: OperationLimit | undefined;
  /** It ends an approval whose time is over; no rule asks for it. */
  readonly endsApproval?: boolean | undefined;
  /** How an open one is about to end badly: whoever carries on ends it so, whatever the connection shows by then. */
  readonly ending?: OperationEnd | undefined;
}

export interface OperationEnd {
  readonly state: 'applied' | 'failed' | 'expired' | 'superseded' | 'abandoned';
  /** For people: how it ended. */
  readonly reason: string;
  /** What went wrong, for the ends that are not well. */
  readonly error?: string | undefined;
  /** The write was never confirmed, so nothing speaks against trying again at once. */
  readonly unconfirmed?: boolean | undefined;
  /** The write was taken, and the old status stands: one more is made at once. */
  readonly undone?: boolean | undefined;
}

/** What the proof of an end has read. */
export interface Seen {
  /** The status, verbatim, or `goneStatus`. */
  readonly status: string;
  /** Whether the description names the decision; absent where it makes no difference. */
  readonly isNamed?: boolean | undefined;
}

/** Stands for the status of a connection that is gone. Never a provider's status: those have no brackets. */
export const goneStatus = '(gone)';

export interface OperationLimit {
  readonly state: 'held' | 'lifted';
  /** How often the limit had been lifted when it came to hold this. */
  readonly lifts: number;
  /** ISO 8601. */
  readonly heldAt: string;
}

/** What Postern last saw of one connection, and the operation in hand or last ended. One durable row. */
export interface ConnectionState {
  readonly connection: ConnectionId;
  readonly endpointKey: string;
  readonly status: string;
  /** Grows with every change of status or endpoint, so that a connection that comes back is decided anew. Never comes again. */
  readonly generation: number;
  /** When the present status was first seen. ISO 8601. */
  readonly firstSeen: string;
  /** The last decision about it. */
  readonly decisionId?: string | undefined;
  readonly operation?: Operation | undefined;
  /**
   * An approval with an end. Outlives odd readings: it goes when Postern has ended it, when another endpoint has the name, or
   * when somebody else approves.
   */
  readonly approval?: TimedApproval | undefined;
  /** Since when no listing has shown the connection; one alone proves nothing. ISO 8601. */
  readonly missingSince?: string | undefined;
  /** Why it cannot be decided at present; absent when it can. */
  readonly unclear?: Unclear | undefined;
  /** When Postern has begun its last writes to the connection, as far as that makes a difference. ISO 8601. */
  readonly writes?: readonly string[] | undefined;
  /** Nothing of it needs to be known any more: saving it removes the row. */
  readonly forget?: true | undefined;
  /** The store's version of the row; absent on a row that was never stored. */
  readonly version?: string | undefined;
}

export interface TimedApproval {
  /** From then on the connection is to be removed. ISO 8601. */
  readonly endsAt: string;
  /** The rules that approved it. */
  readonly rules: readonly string[];
  /** The decision whose write was sent, and the endpoint that it was sent for; absent before that. */
  readonly decisionId?: string | undefined;
  readonly endpointKey?: string | undefined;
  /** Once it was proven: whether the description named the decision then. */
  readonly proof?: 'named' | 'unnamed' | undefined;
}

export interface Unclear {
  /** ISO 8601. */
  readonly since: string;
  /** For people: what is waited for. */
  readonly why: string;
  /** The day (UTC) on which it was last told. */
  readonly toldOn?: string | undefined;
}

export function isOpen(operation: Operation): boolean {
  return operation.state === 'planned' || operation.state === 'running';
}

/** Tells whether it takes an approval away: then giving it up would leave somebody in. */
export function takesAccessAway({ effect, decided }: Pick<Operation, 'effect' | 'decided'>): boolean {
  return effect !== 'approve' && decided.status?.toLowerCase() === 'approved';
}

/** The write may have gone out, and no reply or look has told of it yet. */
export function isUnconfirmed({ state, ticket }: Operation): boolean {
  return state === 'running' && ticket?.confirmed === false && ticket.polls === 0;
}

/** Planned, and only a person can let it go on. */
export function isHeldByLimit(operation: Operation): boolean {
  return operation.state === 'planned' && operation.limit?.state === 'held';
}

/** Planned, and to be written as soon as its turn comes. */
export function waitsForItsTurn(operation: Operation): boolean {
  return operation.state === 'planned' && !isHeldByLimit(operation);
}

/** What is needed to poll an operation once more. Serialisable; a version that is not known is refused. */
export interface Ticket {
  readonly version: 1;
  readonly connectionId: string;
  readonly effect: WriteEffect;
  /** The status before the write: API Management and disk accesses go on showing it while they work. */
  readonly statusBefore: string;
  /** `operation`: the provider's operation URL is asked; `proof`: the connection is read again. */
  readonly phase: 'operation' | 'proof';
  /** On ARM's origin; only in phase `operation`. */
  readonly operationUrl?: string | undefined;
  /** Whether ARM confirmed that it took the write. Without that, the outcome is unknown until proven. */
  readonly confirmed: boolean;
  /** The decision that the description sent along names; absent when none was sent, or its note did not fit. */
  readonly namedDecision?: string | undefined;
  /** What the operation URL reported when it ended badly; the connection is read before that is believed. */
  readonly reportedError?: string | undefined;
  readonly pollFloorSeconds: number;
  /** The endpoint behind the connection when it was written to; absent when it was not known. */
  readonly endpointKey?: string | undefined;
  /** From then on the old status is an answer, and no lag: nothing was done, or somebody has undone it. ISO 8601. */
  readonly answersBy?: string | undefined;
  /** However often ARM lets nobody look, the deadline moves on no further than this. ISO 8601. */
  readonly throttledUntil?: string | undefined;
  /** Since when no look has found the connection. ISO 8601. */
  readonly missingSince?: string | undefined;
  /** Since when it shows a provisioning state that nobody documented. ISO 8601. */
  readonly unknownSince?: string | undefined;
  readonly deadlineAt: string;
  readonly polls: number;
}
