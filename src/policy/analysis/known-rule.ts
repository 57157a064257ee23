import { canonical, type CelNode, clausesOf } from '../cel/ast';
import { constantValue, type Known } from '../cel/constant-value';
import { ScalarOffsets } from '../file/source-text';
import type { PolicyProblem } from '../policy';
import { coversTypes } from '../rule-types';
import { type Alternative, waysToBeTrue } from './alternatives';
import type { TextComparison } from './possible/possible-calls';
import { possibleTruth } from './possible/possible-truth';
import type { TruthValue } from './possible/possible-value';
import type { PolicyOutline, RuleOutline } from './rule-outline';

/** A rule, with everything that is known about it without facts. */
export interface KnownRule extends RuleOutline {
  readonly known: Known;
  /** The rule matches if all parts of one alternative are true. A part is a canonical text. */
  readonly alternatives: readonly ReadonlySet<string>[];
  /** The same alternatives, split further, as nodes of the condition. */
  readonly ways: readonly Alternative[];
  /** Whether the rule can match and whether it can miss, for any requester. */
  readonly truth: TruthValue;
  /** The comparisons of texts in the condition. */
  readonly comparisons: readonly TextComparison[];
}

/** Collects what is known about the rules of a policy. Pure. */
export function knownRules({ rules, lists, entries }: PolicyOutline): readonly KnownRule[] {
  const emptyLists = new Set(lists.filter((list) => list.entries.length === 0).map(({ name }) => name));
  return rules.map((rule) => {
    const known = { emptyLists, statuses: new Set(rule.statuses) };
    const comparisons: TextComparison[] = [];
    const onComparison = (one: TextComparison): void => void comparisons.push(one);
    const truth = possibleTruth(rule.condition, { lists: entries, requester: 'anyone', onComparison });
    return {
      ...rule,
      known,
      comparisons,
      alternatives: alternativesOf(rule.condition, known),
      ways: waysToBeTrue(rule.condition),
      truth: orConstant(truth, constantValue(rule.condition, known)),
    };
  });
}

function orConstant(truth: TruthValue, constant: boolean | undefined): TruthValue {
  return constant === undefined ? truth : { kind: 'truth', canBeTrue: constant, canBeFalse: !constant };
}

/**
 * Returns whether `other` certainly matches whenever `rule` does: it applies to the same types of
 * target, and each alternative of `rule` has all parts of one of `other`.
 */
export function implies(rule: KnownRule, other: KnownRule): boolean {
  return (
    coversTypes(other.types, rule.types) &&
    rule.alternatives.every((parts) =>
      other.alternatives.some((wanted) => [...wanted].every((part) => parts.has(part))),
    )
  );
}

function alternativesOf(node: CelNode, known: Known): readonly ReadonlySet<string>[] {
  const truth = constantValue(node, known);
  if (truth !== undefined) return truth ? [new Set()] : [];
  if (node.op === '||') return node.args.flatMap((part) => alternativesOf(part, known));
  const parts = clausesOf(node).filter((part) => constantValue(part, known) !== true);
  return [new Set(parts.map(canonical))];
}

/** Returns how a message refers to a rule: its name, path and line. */
export function ruleReference({ name, source, line }: RuleOutline): string {
  return `\`${name}\` (${source.path}:${line})`;
}

/** Creates a problem at the name of a rule. */
export function problemAt(rule: RuleOutline, message: string): PolicyProblem {
  return rule.source.problem(rule.parsed.name?.place ?? rule.parsed.place, message);
}

/** Creates a problem at a part of a rule's condition. */
export function problemIn(
  { parsed, source }: RuleOutline,
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
): PolicyProblem {
  const { when } = parsed;
  const place = when === undefined ? parsed.place : new ScalarOffsets(source, when).place(start, end);
  return source.problem(place, message);
}
