import { compareText } from '../../base/compare';
import { factsOf } from '../estate/facts-of';
import type { Cell, Decided, Estate, Example } from '../estate/estate';
import type { Suggestion } from '../suggest';
import { type Reason, whyNotApproved } from './reasons';

/** What one rule of a suggestion does with the connections of the estate. */
export interface RuleAssessment {
  readonly name: string;
  /** Approvals that the rule explains. */
  readonly approvals: number;
  /** Approvals that no other rule explains. */
  readonly onlyThis: number;
  /** Connections that people rejected and that the rule would approve. */
  readonly rejections: number;
  /** Subscriptions of the approvals. */
  readonly subscriptions: number;
  /** Targets of the approvals. */
  readonly targets: number;
  /**
   * A lower bound of the share of its decisions with which people agree, from 0 to 1, with 95 % confidence (Wilson). Few
   * examples make it low.
   */
  readonly agreement: number;
  /** Whether the rule rests on fewer than five approvals, or on a single target or subscription with fewer than ten. */
  readonly isFew: boolean;
}

/** Approvals that no rule explains, for one reason. */
export interface Unexplained {
  readonly reason: Reason;
  readonly count: number;
  /** ARM ids of connections. */
  readonly examples: readonly string[];
}

/** What a suggestion would do with the connections of its estate. Decided by the policy engine itself. */
export interface Assessment {
  readonly rules: readonly RuleAssessment[];
  /** Number of approvals that some rule explains. */
  readonly explained: number;
  /** The most frequent reason first. */
  readonly unexplained: readonly Unexplained[];
  readonly contradicted: {
    readonly count: number;
    readonly examples: readonly { readonly connectionId: string; readonly rules: readonly string[] }[];
  };
  /** What the policy says about the connections that wait. */
  readonly pending: { readonly approve: number; readonly hold: number };
}

/** The time of the decisions. No suggested rule reads it. */
export const decidedAt = new Date(0);

/** A cell with the rules that approve it. */
export interface DecidedCell {
  readonly cell: Cell;
  /** Sorted; empty: held. */
  readonly rules: readonly string[];
}

/** Decides each cell with the suggested policy. All connections of a cell have the same facts, as far as rules read them. */
export function decideCells(estate: Estate, { policy }: Pick<Suggestion, 'policy'>): readonly DecidedCell[] {
  return estate.cells.map((cell) => {
    const [example] = [...cell.examples.approved, ...cell.examples.rejected, ...cell.examples.pending];
    if (example === undefined) return { cell, rules: [] };
    const decision = policy.decide(factsOf(estate, cell, example), decidedAt);
    return { cell, rules: decision?.effect === 'approve' ? [...decision.rules].sort(compareText) : [] };
  });
}

const mostExamples = 3;
const mostContradicted = 10;

/** Assesses a suggestion over its estate. Without one, nothing is explained. Pure. */
export function assess(estate: Estate, suggestion: Suggestion | undefined): Assessment {
  const decided =
    suggestion === undefined
      ? estate.cells.map((cell) => ({ cell, rules: [] }))
      : decideCells(estate, suggestion);
  const approved = decided.filter(({ rules }) => rules.length > 0);
  const contradicted = approved.flatMap(({ cell, rules }) =>
    cell.examples.rejected.map(({ connectionId }) => ({ connectionId, rules })),
  );
  const waiting = (cells: readonly DecidedCell[]): number => countOf(cells, 'pending');
  return {
    rules: (suggestion?.rules ?? []).map(({ name }) => assessRule(estate, name, approved)),
    explained: countOf(approved, 'approved'),
    unexplained: unexplained(estate, decided),
    contradicted: { count: contradicted.length, examples: contradicted.slice(0, mostContradicted) },
    pending: { approve: waiting(approved), hold: waiting(decided) - waiting(approved) },
  };
}

function countOf(cells: readonly DecidedCell[], verdict: Decided): number {
  return cells.reduce((sum, { cell }) => sum + cell.examples[verdict].length, 0);
}

function assessRule(estate: Estate, name: string, approved: readonly DecidedCell[]): RuleAssessment {
  const own = approved.filter(({ rules }) => rules.includes(name));
  const approvals = countOf(own, 'approved');
  const rejections = countOf(own, 'rejected');
  const explained = own.filter(({ cell }) => cell.examples.approved.length > 0).map(({ cell }) => cell);
  const subscriptions = new Set(
    explained.map(({ requester }) => estate.requesters[requester]?.subscriptionId),
  ).size;
  const targets = new Set(explained.map(({ target }) => target)).size;
  return {
    name,
    approvals,
    onlyThis: countOf(
      own.filter(({ rules }) => rules.length === 1),
      'approved',
    ),
    rejections,
    subscriptions,
    targets,
    agreement: lowerBound(approvals, approvals + rejections),
    isFew: approvals < 5 || (approvals < 10 && (subscriptions === 1 || targets === 1)),
  };
}

/** Returns the lower end of the Wilson interval of a share, with 95 % confidence. */
export function lowerBound(yes: number, all: number): number {
  if (all === 0) return 0;
  const z = 1.96;
  const share = yes / all;
  const center = share + (z * z) / (2 * all);
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  return Math.max(0, (center - spread) / (1 + (z * z) / all));
}

function unexplained(estate: Estate, decided: readonly DecidedCell[]): readonly Unexplained[] {
  const why = whyNotApproved(estate);
  const all = [
    ...estate.leftOut
      .filter(({ verdict }) => verdict === 'approved')
      .map(({ why: reason, connectionId }): { reason: Reason; connectionId: string } => ({
        reason,
        connectionId,
      })),
    ...decided
      .filter(({ rules }) => rules.length === 0)
      .flatMap(({ cell }) =>
        cell.examples.approved.map(({ connectionId }: Example) => ({ reason: why(cell), connectionId })),
      ),
  ];
  const byReason = new Map<Reason, string[]>();
  for (const { reason, connectionId } of all) {
    const ids = byReason.get(reason) ?? [];
    ids.push(connectionId);
    byReason.set(reason, ids);
  }
  return [...byReason]
    .map(([reason, ids]) => ({ reason, count: ids.length, examples: ids.slice(0, mostExamples) }))
    .sort((one, other) => other.count - one.count || compareText(one.reason, other.reason));
}
