import { compareText } from '../base/compare';
import { targetProfiles, targetTypeFrom } from '../connections/target-type';
import type { Condition } from './cel/condition';
import type { Effect, RuleOutcome } from './decision';
import { type FactViewResult, viewFacts } from './facts/fact-view';
import type { Facts } from './facts/facts';
import { answerCondition, type Answers, type ConditionPlan, planConditions } from './cel/evaluate';

export interface CompiledRule {
  readonly name: string;
  readonly effect: Effect;
  /** In lower case. */
  readonly statuses: ReadonlySet<string>;
  readonly reason: string;
  /** Of a rule that approves for a time only. */
  readonly expireAfterSeconds: number | undefined;
  readonly condition: Condition;
}

/** The rules that concern a status, in the order of the files. Statuses are in lower case. */
export type RulesByStatus = ReadonlyMap<string, readonly RuleWithOutcomes[]>;

interface RuleWithOutcomes extends CompiledRule {
  readonly plan: ConditionPlan;
  /** What most decisions say of it, made once. */
  readonly matched: RuleOutcome & { readonly kind: 'matched' };
  readonly missed: RuleOutcome & { readonly kind: 'missed' };
}

/** To be made once for a policy. */
export function rulesByStatus(rules: readonly CompiledRule[]): RulesByStatus {
  const byStatus = new Map<string, RuleWithOutcomes[]>();
  const plans = planConditions(rules.map(({ condition }) => condition));
  for (const [index, rule] of rules.entries()) {
    const { name, effect, reason, statuses, expireAfterSeconds, condition } = rule;
    const matched = Object.freeze({ kind: 'matched', rule: name, effect, reason });
    const missed = Object.freeze({ kind: 'missed', rule: name, effect });
    const plan = plans[index] ?? [];
    // One by one, here and below: objects that were spread are slow to read.
    const whole = { name, effect, reason, statuses, expireAfterSeconds, condition, plan, matched, missed };
    for (const status of statuses) byStatus.set(status, [...(byStatus.get(status) ?? []), whole]);
  }
  return byStatus;
}

/** A decision, but for what the policy adds to each. */
export interface Verdict {
  readonly effect: Effect;
  readonly rules: readonly string[];
  readonly reason: string;
  /** Of an approval that ends: the shortest time of those that the winning rules say. */
  readonly expireAfterSeconds?: number | undefined;
  readonly outcomes: readonly RuleOutcome[];
}

/** The strongest first. */
export const precedence = ['hold', 'delete', 'reject', 'approve'] as const satisfies readonly Effect[];

const longestReason = 1_024;

/**
 * What the rules say about one connection; `undefined` when none concerns its status. Pure, never throws.
 * A rule that cannot be evaluated holds the connection, whatever the others say. The order of rules is without meaning.
 */
export function decide(rules: RulesByStatus, facts: Facts, now: Date): Verdict | undefined {
  const status = facts.connection.status.toLowerCase();
  const concerned = rules.get(status) ?? [];
  if (concerned.length === 0 && status !== 'pending') return undefined;
  const facing = viewFacts(facts, now);
  const outcomes: RuleOutcome[] = [];
  const telling: RuleOutcome[] = [];
  const answers: Answers = [];
  let shortest: number | undefined;
  for (const rule of concerned) {
    const outcome = outcomeOf(rule, facing, answers);
    outcomes.push(outcome);
    if (outcome.kind !== 'missed') telling.push(outcome);
    if (outcome.kind === 'matched') shortest = shorter(shortest, rule.expireAfterSeconds);
  }
  const { effect, rules: names, reason } = conclude(telling, facts, facing);
  const expireAfterSeconds = effect === 'approve' ? shortest : undefined;
  return { effect, rules: names, reason, expireAfterSeconds, outcomes };
}

function shorter(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function outcomeOf(rule: RuleWithOutcomes, facts: FactViewResult, answers: Answers): RuleOutcome {
  const { name, effect } = rule;
  if (facts.kind === 'refused') return { kind: 'failed', rule: name, effect, problem: facts.problem };
  const evaluation = answerCondition(rule.plan, facts.view, answers);
  if (evaluation.kind === 'failed')
    return { kind: 'failed', rule: name, effect, problem: evaluation.problem };
  return evaluation.answer ? rule.matched : rule.missed;
}

/** `outcomes`: of the rules that matched or failed; the others have no say. */
function conclude(
  outcomes: readonly RuleOutcome[],
  facts: Facts,
  facing: FactViewResult,
): Omit<Verdict, 'outcomes' | 'expireAfterSeconds'> {
  if (facing.kind === 'refused') {
    const rules = outcomes.map(({ rule }) => rule).sort();
    return {
      effect: 'hold',
      rules,
      reason: bounded([`Policy does not decide on these facts: ${facing.problem}`]),
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

/** Rejection is final with most providers: an approval would fail or, worse, be taken and not happen. */
function revivalProblem({ connection, target }: Facts): string | undefined {
  if (connection.status.toLowerCase() !== 'rejected') return undefined;
  const type = targetTypeFrom(target.type);
  if (type !== undefined && targetProfiles[type].canReviveRejected) return undefined;
  const label = type === undefined ? target.type.slice(0, 100) : targetProfiles[type].label;
  return `Policy would approve, but ${label} is not known to take a rejected connection back: the requester must recreate it`;
}

function byRule(a: { readonly rule: string }, b: { readonly rule: string }): number {
  return compareText(a.rule, b.rule);
}

function bounded(reasons: readonly string[]): string {
  const text = reasons.join('; ');
  return text.length <= longestReason ? text : `${text.slice(0, longestReason - 1).replace(/\p{Cs}$/u, '')}…`;
}
