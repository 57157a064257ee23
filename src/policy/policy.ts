import type { AnswerEffect, AnswerPolicy } from './answers/answer-policy';
import type { CostlyReads } from './cel/costly-reads';
import type { Decision, Mode } from './decision';
import type { ExpectedRequests } from './expected/expected-requests';
import type { Facts } from './facts/facts';
import type { UsableLists } from './lists/list-snapshot';
import type { ManagedList } from './lists/managed-list';
import type { PolicyFile, PolicyProblem } from './policy-file';

export type { PolicyFile, PolicyProblem } from './policy-file';

/** A policy that loaded. Immutable and without I/O. */
export interface Policy {
  /** SHA-256 over the files' names and bytes, 64 hexadecimal digits. */
  readonly digest: string;
  readonly mode: Mode;
  /** Number of rules. */
  readonly ruleCount: number;
  /** Statuses that some rule applies to, always including Pending, as the rules spell them. */
  readonly statuses: readonly string[];
  /** The costly facts that some rule reads. */
  readonly reads: CostlyReads;
  /**
   * The tenants in which services of Microsoft make endpoints. GUIDs in lower case. Such a tenant
   * says nothing about the customer.
   */
  readonly microsoftTenants: ReadonlySet<string>;
  /** Limits of the number of writes. A kind that is absent is not limited. */
  readonly limits: WriteLimits;
  /** Who may answer held connections. Absent: nobody. */
  readonly answers?: AnswerPolicy | undefined;
  /**
   * Computes a digest of what the rules read about a connection: a person who answers has seen that. Pure.
   * Absent without `answers`.
   */
  readonly digestOfSeen?: ((facts: Facts, now: Date) => string) | undefined;
  /**
   * Says why Postern does not carry a person's answer out on this type of target; `undefined` if it does. Pure.
   * Absent without `answers`.
   */
  readonly refusalOf?: ((effect: AnswerEffect, facts: Facts) => string | undefined) | undefined;
  /** The files, for explanations. */
  readonly files?: readonly PolicyFile[] | undefined;
  /** The lists whose entries Postern reads from Azure, as far as some rule reads them. */
  readonly managedLists: readonly ManagedList[];
  /** The requests that somebody has announced. They change without a new version of the policy. */
  readonly expected: ExpectedRequests;
  /**
   * Finds which costly facts may still change the decision about a connection. `facts` are the
   * facts without them; `lists` as for `decide`. Pure.
   */
  leavesOpen(facts: Facts, now: Date, lists?: UsableLists): CostlyReads;
  /**
   * Decides about one connection. Returns undefined if no rule applies to the connection's status;
   * Pending is always decided. Of the managed lists, those that are not among `lists` are absent: a
   * rule that reads them cannot be evaluated. Pure.
   */
  decide(facts: Facts, now: Date, lists?: UsableLists): Decision | undefined;
}

/**
 * The kinds of writes that can be limited. `revocations` are rejections and deletions of Approved
 * connections, `rejects` and `deletes` those of all other connections.
 */
export const limitedKinds = ['rejects', 'deletes', 'revocations'] as const;

/** A kind of write that can be limited. */
export type LimitedKind = (typeof limitedKinds)[number];

/** The limit of one kind of write. */
export interface WriteLimit {
  /** The most writes that may start in any 60 minutes, over all targets and instances. */
  readonly perHour?: number | undefined;
  /**
   * The most writes that one review of one target may start. If it needs more, the others wait for
   * a person.
   */
  readonly perReview?: number | undefined;
}

/** The limits of a policy by kind of write. */
export type WriteLimits = Readonly<Partial<Record<LimitedKind, WriteLimit>>>;

/**
 * Something in a policy that loads but is probably a mistake. A `warning` has an effect that is
 * probably not intended; an `error` cannot have the effect that it states.
 */
export interface PolicyFinding extends PolicyProblem {
  readonly severity: 'error' | 'warning';
}

/** The result of loading a policy. */
export type PolicyLoad =
  | {
      readonly kind: 'loaded';
      readonly policy: Policy;
      /** A newer version that did not load. The loaded policy before it stays in force. */
      readonly refusedUpdate?: { readonly digest: string; readonly problems: readonly PolicyProblem[] };
    }
  /** Refused as a whole, with every problem. `digest` is of the files that did not load. */
  | {
      readonly kind: 'refused';
      readonly digest: string;
      readonly problems: readonly PolicyProblem[];
      /** The expected requests beside that version; absent if no file could be read. */
      readonly expected?: ExpectedRequests | undefined;
    };

/** The source of the current policy. Reads and compiles it on the first call, then follows changes. */
export interface PolicySource {
  current(): Promise<PolicyLoad>;
}
