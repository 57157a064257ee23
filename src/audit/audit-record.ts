import type { Effect, Mode } from '../policy/decision';

/** The kinds of audit records, as past participles: what happened. */
export const auditKinds = [
  /** The policy decided; recorded before the first ARM write. */
  'decided',
  /** The write was sent; its reason says what ARM answered. Application Insights only. */
  'requested',
  /** A running operation was polled once; Application Insights only. */
  'polled',
  /** The wanted state was read back. */
  'applied',
  /** Azure refused or the provider reported failure; the connection stays as it is. */
  'failed',
  /** The deadline passed without proof. */
  'expired',
  /**
   * The wanted status was read back, but in a state that is not known to be an end: nobody can say that the write is done.
   */
  'unproven',
  /**
   * Someone else or a later decision made this operation void, or the connection went away. Without
   * `operation`: Postern had decided and no operation was open, a hold for example.
   */
  'superseded',
  /** The operation or message was given up after repeated failures; a person must investigate. */
  'abandoned',
  /** Outside Postern's scope, for example a target type that Postern does not support. */
  'ignored',
  /** The policy did not load: no decisions are made until it does. */
  'suspended',
  /** A newer version of the policy did not load; the last valid one stays in force. */
  'refused',
  /** The sweep found a connection that no event had reported. */
  'found',
  /**
   * A connection is Pending from an earlier day; recorded daily, with the decision in force.
   */
  'waited',
  /** A sweep covered everything that Postern may read; its reason counts what it found. */
  'swept',
  /** A limit of the policy was reached: the write waits until a person lifts the limit. */
  'limited',
  /** A person lifted a limit: the writes that it held continue. */
  'lifted',
  /** A person requested a retry of something that had been given up. */
  'returned',
  /** A managed list has other entries than before. */
  'changed',
  /** The source of a managed list could not be read completely: the last entries count for a while. */
  'stale',
  /** A managed list has lost so many entries that a person must accept that. */
  'withheld',
  /** A person accepted the entries of a managed list that were withheld. */
  'accepted',
  /**
   * A request that somebody had announced did not come in time; or, with `answers`, a person's answer became
   * void before it was carried out.
   */
  'lapsed',
  /** A person answered what the policy holds. */
  'answered',
  /** A person took their answer back before it was carried out. */
  'withdrawn',
] as const;

/** One kind of audit record. */
export type AuditKind = (typeof auditKinds)[number];

/**
 * An audit record, identical in the ledger table and in Application Insights. `id` is
 * deterministic: writing the same record twice leaves one.
 */
export interface AuditRecord {
  readonly version: 1;
  readonly id: string;
  readonly kind: AuditKind;
  /** When it happened, ISO 8601, UTC. */
  readonly at: string;
  readonly decisionId?: string | undefined;
  /**
   * ARM ids. `target` is always set; `''` if an abandoned message named none, or the record is
   * about a type that Postern does not support.
   */
  readonly target: string;
  readonly targetType?: string | undefined;
  readonly connection?: string | undefined;
  readonly endpoint?: string | undefined;
  /** The tenant that owns the endpoint's subscription, if some rule reads such facts. A GUID. */
  readonly endpointTenantId?: string | undefined;
  /**
   * Which resource of ours is behind an endpoint of Microsoft, or why that is not proven: a sentence,
   * sanitized. Only if some rule reads facts of the requester.
   */
  readonly requesterProof?: string | undefined;
  /**
   * The announcement that fits the request: its id, who made it, until when, and why it does not
   * count, if so. Only while Pending.
   */
  readonly expected?: string | undefined;
  /**
   * The request message, sanitized: control and bidi characters escaped, at most 1,024 characters.
   */
  readonly message?: string | undefined;
  /** The connection's status at the time of the decision. */
  readonly status?: string | undefined;
  /** When Postern first saw the connection in that status. ISO 8601. */
  readonly firstSeen?: string | undefined;
  readonly effect?: Effect | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly policyDigest?: string | undefined;
  readonly mode?: Mode | undefined;
  /** The managed lists that the deciding rules read. */
  readonly lists?: readonly AuditList[] | undefined;
  /** For a time-limited approval: when Postern will remove the connection again. ISO 8601. */
  readonly expiresAt?: string | undefined;
  /** In a standby that acts: since when it has wanted this and seen that nobody has answered. ISO 8601. */
  readonly standbySince?: string | undefined;
  readonly operation?: AuditOperation | undefined;
  /** The people whose answer it is, with their object ids, sanitized; absent if the policy decided. */
  readonly by?: string | undefined;
  /** The decision to hold that people answered. */
  readonly answers?: string | undefined;
  readonly traceId?: string | undefined;
  /**
   * In Application Insights only: what the ledger contains under this record's id instead of it.
   * Absent if the ledger has this record.
   */
  readonly ledgerHolds?: string | undefined;
}

/** A managed list as a decision used it. */
export interface AuditList {
  /** The list's name and the first eight digits of the digest of its entries: `landingZones@3f2a9c1b`. */
  readonly snapshot: string;
  /** How long before the decision its entries had been read. */
  readonly ageSeconds: number;
}

/** The operation that a record is about. */
export interface AuditOperation {
  readonly attempt: number;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly polls: number;
  readonly lastHttpStatus?: number | undefined;
  readonly error?: string | undefined;
}
