import { compareText } from '../base/compare';
import { targetProfiles, targetTypeFrom } from '../connections/target-type';
import type { Condition } from './cel/condition';
import type { Effect, RuleOutcome } from './decision';
import { type FactViewResult, viewFacts } from './facts/fact-view';
import type { Facts } from './facts/facts';

/** A rule that can be evaluated. */
export interface CompiledRule {
  readonly name: string;
  readonly effect: Effect;
  /** In lower case. */
  readonly statuses: ReadonlySet<string>;
  readonly reason: string;
  /** Set for a rule whose approvals expire. */
  readonly expireAfterSeconds: number | undefined;
  readonly condition: Condition;
}

/** The rules that apply to each status, in the order of the files. Statuses are in lower case. */
export type RulesByStatus = ReadonlyMap<string, readonly RuleWithOutcomes[]>;

interface RuleWithOutcomes extends CompiledRule {
  /** The outcomes of this rule in most decisions, created once. */
  readonly matched: RuleOutcome & { readonly kind: 'matched' };
  readonly missed: RuleOutcome & { readonly kind: 'missed' };
}

/** Groups the rules of a policy by status. Call it once for a policy. */
export function rulesByStatus(rules: readonly CompiledRule[]): RulesByStatus {
  const byStatus = new Map<string, RuleWithOutcomes[]>();
  for (const rule of rules) {
    const { name, effect, reason, statuses } = rule;
    const matched = Object.freeze({ kind: 'matched', rule: name, effect, reason });
    const missed = Object.freeze({ kind: 'missed', rule: name, effect });
    const whole = { ...rule, matched, missed };
    for (const status of statuses) byStatus.set(status, [...(byStatus.get(status) ?? []), whole]);
  }
  return byStatus;
}

/** A decision without the fields that the policy adds to each decision. */
export interface PolicyVerdict {
  readonly effect: Effect;
  readonly rules: readonly string[];
  readonly reason: string;
  /** Set for an approval that expires: the shortest time of the winning rules. */
  readonly expireAfterSeconds?: number | undefined;
  readonly outcomes: readonly RuleOutcome[];
}

/** The effects, the strongest first. */
export const precedence = ['hold', 'delete', 'reject', 'approve'] as const satisfies readonly Effect[];

const maxReasonLength = 1_024;

/**
 * Decides about one connection. Returns undefined if no rule applies to its status, except for
 * Pending, which is always decided. A rule that cannot be evaluated holds the connection, whatever
 * the other rules say. The order of the rules does not matter. Pure, never throws.
 */
export function decide(rules: RulesByStatus, facts: Facts, now: Date): PolicyVerdict | undefined {
  const status = facts.connection.status.toLowerCase();
  const applicable = rules.get(status) ?? [];
  if (applicable.length === 0 && status !== 'pending') return undefined;
  const viewed = viewFacts(facts, now);
  const outcomes: RuleOutcome[] = [];
  const relevant: RuleOutcome[] = [];
  let shortest: number | undefined;
  for (const rule of applicable) {
    const outcome = outcomeOf(rule, viewed);
    outcomes.push(outcome);
    if (outcome.kind !== 'missed') relevant.push(outcome);
    if (outcome.kind === 'matched') shortest = shorter(shortest, rule.expireAfterSeconds);
  }
  const conclusion = conclude(relevant, facts, viewed);
  const expireAfterSeconds = conclusion.effect === 'approve' ? shortest : undefined;
  return { ...conclusion, expireAfterSeconds, outcomes };
}

function shorter(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function outcomeOf(rule: RuleWithOutcomes, facts: FactViewResult): RuleOutcome {
  const { name, effect } = rule;
  if (facts.kind === 'refused') return { kind: 'failed', rule: name, effect, problem: facts.problem };
  const evaluation = rule.condition.evaluate(facts.view);
  if (evaluation.kind === 'failed')
    return { kind: 'failed', rule: name, effect, problem: evaluation.problem };
  return evaluation.answer ? rule.matched : rule.missed;
}

/** @param outcomes those of the rules that matched or failed */
function conclude(
  outcomes: readonly RuleOutcome[],
  facts: Facts,
  viewed: FactViewResult,
): Omit<PolicyVerdict, 'outcomes' | 'expireAfterSeconds'> {
  if (viewed.kind === 'refused') {
    const rules = outcomes.map(({ rule }) => rule).sort();
    return {
      effect: 'hold',
      rules,
      reason: bounded([`Policy does not decide on these facts: ${viewed.problem}`]),
    };
  }
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed').sort(byRule);
  if (failed.length > 0) {
    const reasons = failed.map(({ rule, problem }) => `Rule ${rule} could not be evaluated: ${problem}`);
    return { effect: 'hold', rules: failed.map(({ rule }) => rule), reason: bounded(reasons) };
  }
  const matched = outcomes.filter((outcome) => outcome.kind === 'matched').sort(byRule);
  const effect = precedence.find((candidate) => matched.some((outcome) => outcome.effect === candidate));
  if (effect === undefined) return { effect: 'hold', rules: [], reason: 'No rule matched' };

  const winners = matched.filter((outcome) => outcome.effect === effect);
  const rules = winners.map(({ rule }) => rule);
  const impossible = effect === 'approve' ? revivalProblem(facts) : undefined;
  if (impossible !== undefined) return { effect: 'hold', rules, reason: impossible };
  return { effect, rules, reason: bounded([...new Set(winners.map(({ reason }) => reason))]) };
}

/**
 * Most providers cannot approve a rejected connection: the approval would fail or, worse, be
 * accepted without effect.
 */
function revivalProblem({ connection, target }: Facts): string | undefined {
  if (connection.status.toLowerCase() !== 'rejected') return undefined;
  const type = targetTypeFrom(target.type);
  if (type !== undefined && targetProfiles[type].canReviveRejected) return undefined;
  const label = type === undefined ? target.type.slice(0, 100) : targetProfiles[type].label;
  return `Policy would approve, but ${label} is not known to accept a rejected connection again: the requester must recreate it`;
}

function byRule(a: { readonly rule: string }, b: { readonly rule: string }): number {
  return compareText(a.rule, b.rule);
}

function bounded(reasons: readonly string[]): string {
  const text = reasons.join('; ');
  return text.length <= maxReasonLength
    ? text
    : `${text.slice(0, maxReasonLength - 1).replace(/\p{Cs}$/u, '')}…`;
}
