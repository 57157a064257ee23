import type { ListUse } from './lists/list-snapshot';

/** What a policy can decide. `hold` leaves the connection as it is, for a person to decide. */
export type Effect = 'approve' | 'reject' | 'delete' | 'hold';

/**
 * Whether decisions are carried out. In `audit` mode they are only recorded, and nothing is written
 * to Azure.
 */
export type Mode = 'enforce' | 'audit';

/** The decision of a policy about one connection. */
export interface Decision {
  readonly effect: Effect;
  /** The names of the rules whose effect won, or of those that could not be evaluated. */
  readonly rules: readonly string[];
  /** The reasons of the rules that won, or why the connection is held. For people. */
  readonly reason: string;
  /**
   * Set for an approval that expires: how many seconds after the decision. If several winning rules
   * state a time, the shortest counts.
   */
  readonly expireAfterSeconds?: number | undefined;
  /** The outcome of every rule that applies to the connection's status, in the order of the files. */
  readonly outcomes: readonly RuleOutcome[];
  readonly policyDigest: string;
  readonly mode: Mode;
  /** In a standby that acts: since when it has wanted this. ISO 8601. */
  readonly standbySince?: string | undefined;
  /** The managed lists that those rules read. Absent without any. */
  readonly lists?: readonly ListUse[] | undefined;
}

/** The outcome of one rule for one connection. */
export type RuleOutcome =
  | { readonly kind: 'matched'; readonly rule: string; readonly effect: Effect; readonly reason: string }
  | { readonly kind: 'missed'; readonly rule: string; readonly effect: Effect }
  | { readonly kind: 'failed'; readonly rule: string; readonly effect: Effect; readonly problem: string };
