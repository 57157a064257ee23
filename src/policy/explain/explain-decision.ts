import { clausesOf, sourceOf } from '../cel/ast';
import { compileCondition } from '../cel/condition';
import type { Decision, RuleOutcome } from '../decision';
import { isFactRoot } from '../facts/fact-fields';
import { viewFacts, type FactView } from '../facts/fact-view';
import type { Facts } from '../facts/facts';
import type { UsableLists } from '../lists/list-snapshot';
import type { Policy } from '../policy';
import { type FactPath, factPathsOf, type PolicyOutline, type RuleOutline } from '../analysis/rule-outline';

/** The decision on a connection, with what each rule contributed. */
export interface Explanation {
  /** `undefined`: no rule applies to the connection's status. */
  readonly decision: Decision | undefined;
  readonly rules: readonly ExplainedRule[];
  readonly why: string;
}

/** One rule, its result, and the facts that it read. */
export interface ExplainedRule {
  readonly rule: string;
  readonly effect: Decision['effect'];
  readonly path: string;
  readonly line: number;
  readonly when: string;
  /** Lifetime of the rule's approvals, if they expire. */
  readonly expireAfterSeconds?: number | undefined;
  /** `not asked`: the rule does not apply to the connection's status. */
  readonly outcome: RuleOutcome['kind'] | 'not asked';
  readonly on: readonly string[];
  readonly problem?: string | undefined;
  /** The parts of `a && b` that are false. */
  readonly falseParts: readonly string[];
  readonly saw: readonly { readonly fact: string; readonly value: unknown }[];
}

/** The `value` of an absent fact. */
export const absent = Symbol('absent');

/** Decides once and collects each rule's result, with the facts as its condition read them. Pure. */
export function explainDecision(
  policy: Policy,
  outline: PolicyOutline,
  facts: Facts,
  { now, lists }: { readonly now: Date; readonly lists: UsableLists },
): Explanation {
  const decision = policy.decide(facts, now, lists);
  const outcomes = new Map(decision?.outcomes.map((outcome) => [outcome.rule, outcome]));
  const facing = viewFacts(facts, now);
  const isManaged = outline.managedLists.length > 0;
  const listed = isManaged ? { lists: outline.environment.viewLists(lists) } : {};
  const view = facing.kind === 'ready' ? { ...facing.view, ...listed } : undefined;
  const entriesOf = (name: string): unknown => outline.entries.get(name) ?? lists.get(name)?.entries;
  const rules = outline.rules.map((rule): ExplainedRule => {
    const outcome = outcomes.get(rule.name);
    const { name, effect, line, when } = rule;
    return {
      rule: name,
      effect,
      path: rule.source.path,
      line,
      when,
      expireAfterSeconds: rule.parsed.approvals?.expireAfterSeconds,
      outcome: outcome?.kind ?? 'not asked',
      on: rule.statuses,
      problem: outcome?.kind === 'failed' ? outcome.problem : undefined,
      falseParts: outcome?.kind === 'missed' && view !== undefined ? falseParts(rule, outline, view) : [],
      saw: outcome === undefined || view === undefined ? [] : valuesSeen(rule, entriesOf, view),
    };
  });
  return { decision, rules, why: whyOf(decision, facts.connection.status) };
}

function valuesSeen(
  rule: RuleOutline,
  entriesOf: (name: string) => unknown,
  view: FactView,
): ExplainedRule['saw'] {
  return factPathsOf(rule.condition).map((path) => ({
    fact: path.text,
    value: path.root === 'lists' ? entriesOf(path.field) : valueAt(path, view),
  }));
}

function valueAt({ root, field, key }: FactPath, view: FactView): unknown {
  const value = root === 'now' ? view.now : isFactRoot(root) ? view[root][field] : undefined;
  const found: unknown = key !== undefined && value instanceof Map ? value.get(key) : value;
  return found ?? absent;
}

/**
 * Returns the false parts of an `&&` condition; none if it has only one part, because the whole
 * condition is printed anyway.
 */
function falseParts(rule: RuleOutline, { environment }: PolicyOutline, view: FactView): readonly string[] {
  const clauses = clausesOf(rule.condition);
  const compiled = compileCondition(rule.when, environment);
  if (clauses.length < 2 || compiled.kind !== 'compiled') return [];
  const isFalse = (position: number): boolean => {
    const evaluate = compiled.condition.compileClauses((_, index) => index === position);
    const evaluation = evaluate?.(view);
    return evaluation?.kind === 'answered' && !evaluation.answer;
  };
  return clauses.filter((_, position) => isFalse(position)).map(sourceOf);
}

function whyOf(decision: Decision | undefined, status: string): string {
  if (decision === undefined)
    return `No rule applies to a connection that is ${status}, so it is left alone.`;
  const { outcomes, effect, rules } = decision;
  const failed = outcomes.filter(({ kind }) => kind === 'failed');
  if (failed.length > 0) {
    return 'A rule could not be evaluated. That holds the connection, whatever the other rules say.';
  }
  if (rules.length === 0) return 'No rule matched, so the connection is held for a person.';
  const matched = outcomes.filter((outcome) => outcome.kind === 'matched');
  const overruled = matched.filter((outcome) => !rules.includes(outcome.rule));
  const overridden = overruled.filter((outcome) => outcome.effect !== effect);
  if (overridden.length === 0)
    return `The matching rules say ${effect}, and no rule with a stronger effect matched.`;
  const names = overridden.map((outcome) => `${outcome.rule} (${outcome.effect})`).join(', ');
  return `Hold beats delete, delete beats reject, reject beats approve: ${effect} overrides ${names}.`;
}
