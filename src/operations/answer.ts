import type { AuditRecord } from '../audit/audit-record';
import type { WriteEffect } from '../connections/connection-store';

/**
 * The answer that people gave to the question why a connection is held, or an operator's request to take back what a
 * rule has approved. It is void once the question is another one.
 */
export interface Answer {
  /** The decision to hold that it answers, or the decision to approve that it takes back. */
  readonly decisionId: string;
  /** The rule whose approval it takes back. Absent: it answers a decision to hold. */
  readonly undoes?: string | undefined;
  /** Digest of what the rules had read. */
  readonly seen: string;
  readonly effect: WriteEffect;
  /** Whose answers these are, in the order of time, each person once. Empty: all were withdrawn. */
  readonly given: readonly GivenAnswer[];
  /**
   * Audit records of it that may not be in the ledger yet. Cleared once they are written: nothing is sent
   * before that.
   */
  readonly untold?: readonly AuditRecord[] | undefined;
}

/** One person's part in an answer. */
export interface GivenAnswer {
  /** Object id of the person, a GUID in lower case; or `operatorId`. */
  readonly oid: string;
  /** Display name, sanitized. */
  readonly name: string;
  /** The person's object id, and those groups that the policy names, in lower case. */
  readonly principals: readonly string[];
  readonly reason: string;
  readonly ticket?: string | undefined;
  /** End of the approval. ISO 8601. */
  readonly until?: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** The id of the access token, which the sign-in log has, too. */
  readonly tokenId?: string | undefined;
}

/** Stands for the object id of an operator, who works on the deployment's storage: that service logs who it was. */
export const operatorId = 'operator';

/** How long an answer may wait until it is carried out. */
export const answerSeconds = 24 * 60 * 60;

/** Names the people of an answer, for records: display name and object id. */
export function namesOf({ given }: Pick<Answer, 'given'>): string {
  return given.map(({ name, oid }) => `${name} (${oid})`).join(' and ');
}
