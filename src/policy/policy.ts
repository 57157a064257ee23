import type { CostlyReads } from './cel/costly-reads';
import type { Decision, Mode } from './decision';
import type { Facts } from './facts/facts';

/** A policy that loaded whole. Immutable and without I/O. */
export interface Policy {
  /** SHA-256 over the files' names and bytes, 64 hexadecimal digits. */
  readonly digest: string;
  readonly mode: Mode;
  /** How many rules were loaded. */
  readonly ruleCount: number;
  /** Statuses that some rule concerns, Pending always among them, as the rules spell them. */
  readonly statuses: readonly string[];
  /** Facts that cost a call and that some rule reads. */
  readonly reads: CostlyReads;
  /** Guards against many writes at once; a kind that is absent is not limited. */
  readonly limits: WriteLimits;
  /** Finds which of those facts may still change the decision about a connection; `facts` are without them. Pure. */
  leavesOpen(facts: Facts, now: Date): CostlyReads;
  /**
   * What to do with one connection: a pure function of its arguments.
   * `undefined` when no rule concerns the connection's status (Pending is always decided).
   */
  decide(facts: Facts, now: Date): Decision | undefined;
}

/**
 * What can be limited: `revocations` are rejections and deletions of Approved connections, `rejects` and `deletes` those of
 * all others.
 */
export const limitedKinds = ['rejects', 'deletes', 'revocations'] as const;

export type LimitedKind = (typeof limitedKinds)[number];

export interface WriteLimit {
  /** Writes begun in any 60 minutes, over all targets and instances. */
  readonly perHour?: number | undefined;
  /** Writes that one review of one target may begin; of more that it wants, the others wait for a person. */
  readonly perReview?: number | undefined;
}

export type WriteLimits = Readonly<Partial<Record<LimitedKind, WriteLimit>>>;

export interface PolicyFile {
  /** Relative to the policy folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** One thing wrong with a policy file, with the place (1-based line and column) and the mend. */
export interface PolicyProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** How many characters are wrong, for a caret line; at least 1. */
  readonly length: number;
  readonly message: string;
}

/** Something in a policy that loads which is probably not meant; an error is something that cannot do what it says. */
export interface PolicyFinding extends PolicyProblem {
  readonly severity: 'error' | 'warning';
}

export type PolicyLoad =
  | {
      readonly kind: 'loaded';
      readonly policy: Policy;
      /** A newer version that did not load: the good one before it stays. */
      readonly refusedUpdate?: { readonly digest: string; readonly problems: readonly PolicyProblem[] };
    }
  /** Refused whole, with every problem at once. `digest` is of the bytes that did not load. */
  | { readonly kind: 'refused'; readonly digest: string; readonly problems: readonly PolicyProblem[] };

/** Where the present policy comes from. Reads and compiles on the first call, then follows changes. */
export interface PolicySource {
  current(): Promise<PolicyLoad>;
}
