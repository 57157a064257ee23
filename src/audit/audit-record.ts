import type { Effect, Mode } from '../policy/decision';

/** Past participles: what happened. */
export const auditKinds = [
  /** Policy answered; written before the first ARM write. */
  'decided',
  /** ARM answered the write; Application Insights only. */
  'requested',
  /** One look at a running operation; Application Insights only. */
  'polled',
  /** The wanted state was read back. */
  'applied',
  /** Azure refused or the provider reported failure; the connection stays as it is. */
  'failed',
  /** The deadline passed without proof. */
  'expired',
  /**
   * Somebody else, or a later decision, made this one void; also a connection that went away. Without `operation`: Postern
   * had decided and nothing was under way, a hold for example.
   */
  'superseded',
  /** Given up after repeated failures; a person must look. */
  'abandoned',
  /** Not ours to answer: e.g. a target type that Postern does not know. */
  'ignored',
  /** The policy did not load: nothing is decided until it does. */
  'suspended',
  /** A newer version of the policy did not load; the good one before it goes on deciding. */
  'refused',
  /** The sweep found a connection that no event had told of. */
  'found',
  /** A connection is Pending since an earlier day; told once a day, with the decision that stands. */
  'waited',
  /** A sweep has seen everything that Postern may see; its reason counts what it found. */
  'swept',
  /** A limit of the policy was reached: the write waits until a person lifts it. */
  'limited',
  /** A person lifted a limit: what it held goes on. */
  'lifted',
  /** A person put something back that had been given up. */
  'returned',
] as const;

export type AuditKind = (typeof auditKinds)[number];

/**
 * One audit record, the same in the ledger table and in Application Insights.
 * `id` is deterministic: writing the same record twice leaves one.
 */
export interface AuditRecord {
  readonly version: 1;
  readonly id: string;
  readonly kind: AuditKind;
  /** When it happened, ISO 8601, UTC. */
  readonly at: string;
  readonly decisionId?: string | undefined;
  /**
   * ARM ids. `target` is always there, unless an abandoned message named none, or the record is about a type that Postern
   * does not answer for: then it is `''`.
   */
  readonly target: string;
  readonly targetType?: string | undefined;
  readonly connection?: string | undefined;
  readonly endpoint?: string | undefined;
  /** The request message, made harmless: control and bidi characters escaped, at most 1,024 characters. */
  readonly message?: string | undefined;
  /** The connection's status when it was decided. */
  readonly status?: string | undefined;
  /** When Postern first saw the connection in that status. ISO 8601. */
  readonly firstSeen?: string | undefined;
  readonly effect?: Effect | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly policyDigest?: string | undefined;
  readonly mode?: Mode | undefined;
  /** An approval with an end: when Postern will remove the connection again. ISO 8601. */
  readonly expiresAt?: string | undefined;
  readonly operation?: AuditOperation | undefined;
  readonly traceId?: string | undefined;
  /**
   * In Application Insights only: what the ledger holds under this record's id instead of it. Absent when the ledger has
   * this record.
   */
  readonly ledgerHolds?: string | undefined;
}

export interface AuditOperation {
  readonly attempt: number;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly polls: number;
  readonly lastHttpStatus?: number | undefined;
  readonly error?: string | undefined;
}
