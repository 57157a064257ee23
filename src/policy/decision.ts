/** What policy can answer. `hold` leaves the connection as it is, for a person. */
export type Effect = 'approve' | 'reject' | 'delete' | 'hold';

/** `audit` decides and records, and writes nothing. */
export type Mode = 'enforce' | 'audit';

export interface Decision {
  readonly effect: Effect;
  /** The names of the rules whose effect won, or of those that could not be evaluated. */
  readonly rules: readonly string[];
  /** For people: the reasons of the rules that won, or why it is held. */
  readonly reason: string;
  /**
   * Only of an approval that a winning rule limits in time: it ends this many seconds after it was decided. With several
   * such rules, the shortest time counts.
   */
  readonly expireAfterSeconds?: number | undefined;
  /** Every rule that concerns the connection's status, in the order of the files. */
  readonly outcomes: readonly RuleOutcome[];
  readonly policyDigest: string;
  readonly mode: Mode;
}

export type RuleOutcome =
  | { readonly kind: 'matched'; readonly rule: string; readonly effect: Effect; readonly reason: string }
  | { readonly kind: 'missed'; readonly rule: string; readonly effect: Effect }
  | { readonly kind: 'failed'; readonly rule: string; readonly effect: Effect; readonly problem: string };
