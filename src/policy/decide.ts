import { compareText, lower } from '../base/compare';
import type { Condition, ConditionView } from './cel/condition';
import type { Effect, RuleOutcome } from './decision';
import { type FactViewResult, viewFacts } from './facts/fact-view';
import type { Facts } from './facts/facts';
import { type ListUse, snapshotName, type UsableLists } from './lists/list-snapshot';
import type { RuleTypes } from './rule-types';
import { deletionReason, unsafeReason } from './target-safety';

/** A rule that can be evaluated. */
export interface CompiledRule {
  readonly name: string;
  readonly effect: Effect;
  /** In lower case. */
  readonly statuses: ReadonlySet<string>;
  readonly reason: string;
  /** Set for a rule whose approvals expire. */
  readonly expireAfterSeconds: number | undefined;
  /** The types of target that the rule applies to, in lower case; absent: all. */
  readonly types: RuleTypes;
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
  readonly lists?: readonly ListUse[] | undefined;
}

/** The managed lists of one decision. */
export interface GivenLists {
  readonly usable: UsableLists;
  /** The value of `lists` in conditions. */
  readonly view: unknown;
}

/** The effects, the strongest first. */
export const precedence = ['hold', 'delete', 'reject', 'approve'] as const satisfies readonly Effect[];

const maxReasonLength = 1_024;

/**
 * Decides about one connection. Returns undefined if no rule applies to its status, except for
 * Pending, which is always decided. A rule that cannot be evaluated holds the connection, whatever
 * the other rules say. The order of the rules does not matter. Pure, never throws.
 *
 * @param lists the managed lists; absent for a policy without any
 */
export function decide(
  rules: RulesByStatus,
  facts: Facts,
  now: Date,
  lists?: GivenLists,
): PolicyVerdict | undefined {
  const status = facts.connection.status.toLowerCase();
  const applicable = rules.get(status) ?? [];
  if (applicable.length === 0 && status !== 'pending') return undefined;
  const viewed = withLists(viewFacts(facts, now), lists);
  const type = lower(facts.target.type);
  const outcomes: RuleOutcome[] = [];
  const relevant: RuleOutcome[] = [];
  const naming = new Set<string>();
  let shortest: number | undefined;
  for (const rule of applicable) {
    const outcome = isFor(rule, type) ? outcomeOf(rule, viewed) : rule.missed;
    outcomes.push(outcome);
    if (outcome.kind !== 'missed') relevant.push(outcome);
    if (outcome.kind !== 'matched') continue;
    shortest = shorter(shortest, rule.expireAfterSeconds);
    if (namesClass(rule)) naming.add(rule.name);
  }
  const conclusion = conclude(relevant, facts, { viewed, naming });
  const expireAfterSeconds = conclusion.effect === 'approve' ? shortest : undefined;
  const uses = lists && usesOf(applicable, new Set(conclusion.rules), lists.usable);
  return { ...conclusion, expireAfterSeconds, outcomes, ...(uses?.length ? { lists: uses } : {}) };
}

/** Adds the managed lists to the facts that conditions see. */
export function withLists(viewed: FactViewResult, lists: GivenLists | undefined): ViewResult {
  if (viewed.kind === 'refused' || lists === undefined) return viewed;
  const untagged = viewed.untagged && { ...viewed.untagged, lists: lists.view };
  return { kind: 'ready', view: { ...viewed.view, lists: lists.view }, untagged };
}

type ViewResult =
  | Extract<FactViewResult, { kind: 'refused' }>
  | {
      readonly kind: 'ready';
      readonly view: ConditionView;
      readonly untagged?: ConditionView | undefined;
    };

/** Names the managed lists that the deciding rules read, each once, in the order of their names. */
function usesOf(
  rules: readonly RuleWithOutcomes[],
  deciding: ReadonlySet<string>,
  usable: UsableLists,
): readonly ListUse[] {
  const read = rules.flatMap(({ name, condition }) => (deciding.has(name) ? condition.managedLists : []));
  return [...new Set(read)].sort(compareText).flatMap((name) => {
    const list = usable.get(name);
    return list === undefined ? [] : [{ snapshot: snapshotName(name, list), readAt: list.readAt }];
  });
}

/** Tells whether a rule applies to a type of target, in lower case. */
export function isFor({ types }: Pick<CompiledRule, 'types'>, type: string): boolean {
  return types === undefined || types.has(type);
}

/** Tells whether a rule names the types that one approval opens as a whole: by its targets, or by that fact. */
function namesClass({ types, condition }: CompiledRule): boolean {
  return types !== undefined || condition.readsOpensMany;
}

function shorter(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function outcomeOf(rule: RuleWithOutcomes, facts: ViewResult): RuleOutcome {
  const { name, effect } = rule;
  if (facts.kind === 'refused') return { kind: 'failed', rule: name, effect, problem: facts.problem };
  const evaluation = rule.condition.evaluate(facts.view);
  if (evaluation.kind === 'answered') return evaluation.answer ? rule.matched : rule.missed;
  const again = facts.untagged && rule.condition.evaluate(facts.untagged);
  if (again?.kind === 'answered') return again.answer ? rule.matched : rule.missed;
  return { kind: 'failed', rule: name, effect, problem: evaluation.problem };
}

/** @param outcomes those of the rules that matched or failed */
function conclude(
  outcomes: readonly RuleOutcome[],
  facts: Facts,
  { viewed, naming }: { readonly viewed: ViewResult; readonly naming: ReadonlySet<string> },
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
  const isNamed = rules.some((rule) => naming.has(rule));
  const unsafe = unsafeReason(effect, facts, isNamed);
  if (unsafe !== undefined) return { effect: 'hold', rules, reason: unsafe };
  const reasons = [...new Set(winners.map(({ reason }) => reason))];
  const deletion = deletionReason(effect, facts);
  return deletion === undefined
    ? { effect, rules, reason: bounded(reasons) }
    : { effect: 'delete', rules, reason: bounded([...reasons, deletion]) };
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
