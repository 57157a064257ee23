import type { Answer } from './answer';
import type { AuditRecord } from '../audit/audit-record';
import type { WriteEffect } from '../connections/connection-store';
import type { ConnectionId } from '../connections/resource-id';
import type { Timing } from './pace/timing';

/**
 * The state of an operation. `planned`: durable, nothing sent to ARM yet. `running`: the write was
 * sent, or is about to be. All other states are ends.
 */
export type OperationState =
  'planned' | 'running' | 'applied' | 'failed' | 'expired' | 'unproven' | 'superseded' | 'abandoned';

/** The durable record of one attempt to carry out a decision. */
export interface Operation {
  /** The decision's id, a dot and the attempt number. */
  readonly id: string;
  readonly decisionId: string;
  /** The attempt number, from 1. A failed attempt is repeated after a while. */
  readonly attempt: number;
  readonly effect: WriteEffect;
  readonly state: OperationState;
  /** The `decided` record, which every later record of the operation repeats. */
  readonly decided: AuditRecord;
  /**
   * Audit records, including `decided`, that may not be in the ledger yet. Cleared once they are
   * written.
   */
  readonly untold?: readonly AuditRecord[] | undefined;
  readonly plannedAt: string;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  /**
   * When the next poll is due. If this is long past, the alarm was lost. Absent once the operation
   * has ended.
   */
  readonly dueAt?: string | undefined;
  readonly ticket?: Ticket | undefined;
  readonly lastHttpStatus?: number | undefined;
  readonly error?: string | undefined;
  /** For an end that allows a retry: the earliest time of the next attempt. */
  readonly retryAt?: string | undefined;
  /** The policy limit that holds the operation, or held it until a person lifted the limit. */
  readonly limit?: OperationLimit | undefined;
  /** Whether the operation ends an expired approval; no rule asked for it. */
  readonly endsApproval?: boolean | undefined;
  /**
   * How this operation is about to end. If the process dies, whoever resumes must end it this way,
   * whatever the connection shows by then: the ledger may say so already.
   */
  readonly ending?: OperationEnd | undefined;
  /**
   * Whether hints, or other operations of the target, wait for the end of this one. Absent in rows of version 0.1.0,
   * which did not tell.
   */
  readonly isAwaited?: boolean | undefined;
}

/** How an operation ends. */
export interface OperationEnd {
  readonly state: 'applied' | 'failed' | 'expired' | 'unproven' | 'superseded' | 'abandoned';
  /** Why the operation ended, for people. */
  readonly reason: string;
  /** The error, for ends other than success. */
  readonly error?: string | undefined;
  /** Whether the write was never confirmed. Nothing then speaks against an immediate retry. */
  readonly unconfirmed?: boolean | undefined;
  /** Whether the write was accepted but the old status remains. It is sent once more at once. */
  readonly undone?: boolean | undefined;
  /** What the proof read; absent if nothing new was read. */
  readonly seen?: Seen | undefined;
}

/** What the proof of an end has read. */
export interface Seen {
  /** The status, verbatim, or `goneStatus`. */
  readonly status: string;
  /** Whether the description names the decision; absent if that makes no difference. */
  readonly isNamed?: boolean | undefined;
}

/**
 * The status of a connection that is gone. Never a provider's status, because those contain no
 * parentheses.
 */
export const goneStatus = '(gone)';

/** The state of a limit that holds or held an operation. */
export interface OperationLimit {
  readonly state: 'held' | 'lifted';
  /** How many times the limit had been lifted when it started to hold this operation. */
  readonly lifts: number;
  /** ISO 8601. */
  readonly heldAt: string;
}

/**
 * The last observed state of one connection, and its open or last ended operation. One durable row.
 */
export interface ConnectionState {
  readonly connection: ConnectionId;
  readonly endpointKey: string;
  readonly status: string;
  /**
   * Increases with every change of status or endpoint, so that a connection that returns is decided
   * anew. Never reused.
   */
  readonly generation: number;
  /** When the current status was first seen. ISO 8601. */
  readonly firstSeen: string;
  /** The id of the last decision about the connection. */
  readonly decisionId?: string | undefined;
  readonly operation?: Operation | undefined;
  /**
   * The time-limited approval. Kept despite unexpected readings: removed only when Postern has
   * ended it, when the name belongs to another endpoint, or when somebody else approves.
   */
  readonly approval?: TimedApproval | undefined;
  /**
   * Since when no listing has contained the connection; one such listing alone proves nothing. ISO
   * 8601.
   */
  readonly missingSince?: string | undefined;
  /** Why the connection cannot be decided at present; absent if it can. */
  readonly unclear?: Unclear | undefined;
  /** The resource of ours that was found behind the connection; absent if none was. */
  readonly foundRequester?: FoundRequester | undefined;
  /**
   * When Postern began its last writes to the connection, as far back as matters for spacing them.
   * ISO 8601.
   */
  readonly writes?: readonly string[] | undefined;
  /** What people answered to the last decision, if that holds the connection. */
  readonly answer?: Answer | undefined;
  /** In a standby: since when a write has been wanted and the connection been seen. Absent: no write is wanted. */
  readonly watch?: Watch | undefined;
  /** Set if the row is no longer needed: saving it removes it. */
  readonly forget?: true | undefined;
  /** The store's version of the row; absent if it was never stored. */
  readonly version?: string | undefined;
}

/** What a standby has seen of a connection for which the policy, or people, want a write. */
export interface Watch {
  /** The effect that has been wanted since `since`. */
  readonly effect: WriteEffect;
  /** The generation of the connection that was seen. */
  readonly generation: number;
  /** When the standby first saw the connection and wanted this effect. ISO 8601. */
  readonly since: string;
  /** When it last did, to within a few minutes. ISO 8601. */
  readonly seenAt: string;
}

/** An approval that ends at a given time. */
export interface TimedApproval {
  /** When the connection must be removed. ISO 8601. */
  readonly endsAt: string;
  /** The rules that approved it. */
  readonly rules: readonly string[];
  /** The decision whose write was sent, and the endpoint it was sent for; absent before that. */
  readonly decisionId?: string | undefined;
  readonly endpointKey?: string | undefined;
  /** Set once the approval is proven: whether the description named the decision then. */
  readonly proof?: 'named' | 'unnamed' | undefined;
}

/** The reason why a connection cannot be decided yet. */
export interface Unclear {
  /** ISO 8601. */
  readonly since: string;
  /** What Postern is waiting for, for people. */
  readonly why: string;
  /** The day (UTC) on which this was last recorded. */
  readonly toldOn?: string | undefined;
}

/**
 * The first of the findings that agree on who asks. They must be minutes apart, because our own
 * endpoint may not be listed yet.
 */
export interface FoundRequester {
  /** ISO 8601. */
  readonly since: string;
  /** The key of the endpoint whose requester was found. */
  readonly endpointKey: string;
  /** The key of what our resource asked for. */
  readonly linkKey: string;
}

/** Tells whether the operation has not ended. */
export function isOpen(operation: Operation): boolean {
  return operation.state === 'planned' || operation.state === 'running';
}

/**
 * Tells whether the operation takes an approval away. Giving it up would then leave somebody with
 * access.
 */
export function takesAccessAway({ effect, decided }: Pick<Operation, 'effect' | 'decided'>): boolean {
  return effect !== 'approve' && decided.status?.toLowerCase() === 'approved';
}

/** Tells whether the write may have been sent without any reply or poll that confirms it. */
export function isUnconfirmed({ state, ticket }: Operation): boolean {
  return state === 'running' && ticket?.confirmed === false && ticket.polls === 0;
}

/** Tells whether a limit holds the planned operation until a person lifts it. */
export function isHeldByLimit(operation: Operation): boolean {
  return operation.state === 'planned' && operation.limit?.state === 'held';
}

/** Tells whether the planned operation is waiting for its turn to be written. */
export function waitsForItsTurn(operation: Operation): boolean {
  return operation.state === 'planned' && !isHeldByLimit(operation);
}

/** What is needed to poll an operation again. Serializable; an unknown version is rejected. */
export interface Ticket {
  readonly version: 1;
  readonly connectionId: string;
  readonly effect: WriteEffect;
  /**
   * The status before the write. API Management and disk accesses keep showing it while they work.
   */
  readonly statusBefore: string;
  /**
   * What the next poll reads. `operation`: the provider's operation URL; `proof`: the connection.
   */
  readonly phase: 'operation' | 'proof';
  /** The operation URL, on ARM's origin; only in phase `operation`. */
  readonly operationUrl?: string | undefined;
  /**
   * Whether ARM confirmed that it accepted the write. If not, the outcome is unknown until proven.
   */
  readonly confirmed: boolean;
  /**
   * The decision that the description of the write names; absent if no description was sent, or the
   * note did not fit.
   */
  readonly namedDecision?: string | undefined;
  /** The error that the operation URL reported. The connection is read before this is trusted. */
  readonly reportedError?: string | undefined;
  readonly pollFloorSeconds: number;
  /** By what the waits between polls are chosen; absent: the polling floor alone. */
  readonly timing?: Timing | undefined;
  /** The endpoint behind the connection at the time of the write; absent if unknown. */
  readonly endpointKey?: string | undefined;
  /**
   * From this time on, the old status is a result and no longer lag: the write had no effect, or
   * somebody has undone it. ISO 8601.
   */
  readonly answersBy?: string | undefined;
  /** The latest time to which throttled polls can move the deadline. ISO 8601. */
  readonly throttledUntil?: string | undefined;
  /** Since when no poll has found the connection. ISO 8601. */
  readonly missingSince?: string | undefined;
  /** Since when the connection shows an undocumented provisioning state. ISO 8601. */
  readonly unknownSince?: string | undefined;
  readonly deadlineAt: string;
  readonly polls: number;
  /**
   * The number of the alarms that poll the operation; others are void. It grows when an alarm is rung that may not be the
   * only one. Absent: 0.
   */
  readonly alarm?: number | undefined;
}
