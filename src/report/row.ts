import type { TenantKind } from '../policy/facts/facts';
import type { Flag } from './flags';

/**
 * One connection in a report. Every text is sanitized: characters that cannot be seen, or that turn the text
 * beside them, are spelled out as `\u{202e}`, and long texts are cut.
 */
export interface ReportRow {
  /** ARM id of the connection. */
  readonly connection: string;
  /** ARM id of the target. */
  readonly target: string;
  /** Resource type of the target, as ARM spells it. */
  readonly type: string;
  /** Subscription of the target. */
  readonly subscription: string;
  readonly status: string;
  readonly groupIds: readonly string[];
  readonly message: string;
  readonly endpoint?: ReportEndpoint | undefined;
  readonly requester?: ReportRequester | undefined;
  /** Why it is not proven which resource of ours asks through an endpoint of Microsoft, or what proves it. */
  readonly requesterProof?: string | undefined;
  /** Since when the connection has been in its status, as far as that is known. ISO 8601. */
  readonly since?: string | undefined;
  readonly decision: ReportDecision;
  /** When the approval ends. ISO 8601. */
  readonly endsAt?: string | undefined;
  /** What today's policy says; absent without a policy. */
  readonly policy?: ReportVerdicts | undefined;
  readonly flags: readonly Flag[];
}

/** The endpoint of a connection. */
export interface ReportEndpoint {
  readonly id: string;
  readonly subscription: string;
  /** Tenant of that subscription; absent if it is not known. */
  readonly tenantId?: string | undefined;
  readonly tenant?: TenantKind | undefined;
}

/** Our own resource that asks. */
export interface ReportRequester {
  readonly id: string;
  readonly type: string;
  readonly subscription: string;
  readonly subscriptionName?: string | undefined;
  /** Ids of management groups, nearest first. */
  readonly managementGroups?: readonly string[] | undefined;
}

/**
 * Who brought a connection to its status. `rule`: rules of the policy, through Postern. `person`: a person, through
 * Postern. `elsewhere`: somebody outside Postern. `none`: Postern has no record of the connection. `unknown`: the
 * ledger was not read, or not completely.
 */
export const decisionSources = ['rule', 'person', 'elsewhere', 'none', 'unknown'] as const;

/** One of `decisionSources`. */
export type DecisionSource = (typeof decisionSources)[number];

/** What a policy or a person can decide. The page knows these words without the policy's code. */
export type ReportEffect = 'approve' | 'reject' | 'delete' | 'hold';

/** The decision behind a connection's status. */
export interface ReportDecision {
  readonly source: DecisionSource;
  readonly effect?: ReportEffect | undefined;
  readonly rules?: readonly string[] | undefined;
  /** The people who decided, with their object ids. */
  readonly by?: string | undefined;
  /** ISO 8601. */
  readonly at?: string | undefined;
  readonly reason?: string | undefined;
  readonly policyDigest?: string | undefined;
}

/** What today's policy says about a connection. */
export interface ReportVerdicts {
  /** What the policy does with the connection in its present status. */
  readonly now: ReportVerdict;
  /** What it would answer if the same request came today. Absent while Pending, and without an endpoint. */
  readonly asRequest?: ReportVerdict | undefined;
}

/** One answer of the policy. `none`: no rule applies to the status. */
export interface ReportVerdict {
  readonly effect: ReportEffect | 'none';
  readonly rules: readonly string[];
  readonly reason: string;
}

/** Something that could not be read, so that the report lacks it. */
export interface Unread {
  /** ARM id of what could not be read. */
  readonly id: string;
  readonly problem: string;
}

/** What a report was made of. */
export interface ReportSource {
  /** When the report was made. ISO 8601. */
  readonly generatedAt: string;
  /** The file of the connections, or `Azure`. */
  readonly connections: string;
  readonly policy?:
    { readonly path: string; readonly digest: string; readonly mode: 'enforce' | 'audit' } | undefined;
  /**
   * `read`: completely. `partial`: some records could not be read. `unreadable`: storage did not let it be read.
   * `absent`: nobody wanted to read it, or the settings do not name it.
   */
  readonly ledger: 'read' | 'partial' | 'unreadable' | 'absent';
  /** Why the ledger was not read completely. */
  readonly ledgerProblem?: string | undefined;
}

/** A whole report. */
export interface Report {
  readonly source: ReportSource;
  readonly rows: readonly ReportRow[];
  readonly unread: readonly Unread[];
}
