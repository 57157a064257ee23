import { canonical, type CelNode, clausesOf } from '../cel/ast';
import { constantTruth, type Known } from '../cel/constant-value';
import { ScalarOffsets } from '../file/source-text';
import type { PolicyProblem } from '../policy';
import { type Alternative, waysToBeTrue } from './alternatives';
import type { Heard } from './possible/possible-calls';
import { possibleTruth } from './possible/possible-truth';
import type { TruthValue } from './possible/possible-value';
import type { PolicyOutline, RuleOutline } from './rule-outline';

/** A rule with what is known about it without facts. */
export interface KnownRule extends RuleOutline {
  readonly known: Known;
  /** The rule matches when all parts of one of them are true; a part is a canonical text. */
  readonly alternatives: readonly ReadonlySet<string>[];
  /** The same, taken apart as far as it goes, in its author's words. */
  readonly ways: readonly Alternative[];
  /** Whether it can match, and miss, whoever asks. */
  readonly truth: TruthValue;
  /** The texts that its condition holds against each other. */
  readonly heard: readonly Heard[];
}

/** What is known about the rules of a policy. Pure. */
export function knownRules({ rules, lists, entries }: PolicyOutline): readonly KnownRule[] {
  const emptyLists = new Set(lists.filter((list) => list.entries.length === 0).map(({ name }) => name));
  return rules.map((rule) => {
    const known = { emptyLists, statuses: new Set(rule.statuses) };
    const heard: Heard[] = [];
    const hear = (one: Heard): void => void heard.push(one);
    const truth = possibleTruth(rule.condition, { lists: entries, asker: 'anyone', hear });
    return {
      ...rule,
      known,
      heard,
      alternatives: alternativesOf(rule.condition, known),
      ways: waysToBeTrue(rule.condition),
      truth: orConstant(truth, constantTruth(rule.condition, known)),
    };
  });
}

function orConstant(truth: TruthValue, constant: boolean | undefined): TruthValue {
  return constant === undefined ? truth : { kind: 'truth', canBeTrue: constant, canBeFalse: !constant };
}

/** Whether `other` is true whenever `rule` is: each alternative of `rule` has all the parts of one of `other`. */
export function implies(rule: KnownRule, other: KnownRule): boolean {
  return rule.alternatives.every((parts) =>
    other.alternatives.some((wanted) => [...wanted].every((part) => parts.has(part))),
  );
}

function alternativesOf(node: CelNode, known: Known): readonly ReadonlySet<string>[] {
  const truth = constantTruth(node, known);
  if (truth !== undefined) return truth ? [new Set()] : [];
  if (node.op === '||') return node.args.flatMap((part) => alternativesOf(part, known));
  const parts = clausesOf(node).filter((part) => constantTruth(part, known) !== true);
  return [new Set(parts.map(canonical))];
}

/** How a message names another rule. */
export function told({ name, source, line }: RuleOutline): string {
  return `\`${name}\` (${source.path}:${line})`;
}

/** A problem at the rule's name. */
export function problemAt(rule: RuleOutline, message: string): PolicyProblem {
  return rule.source.problem(rule.parsed.name?.place ?? rule.parsed.place, message);
}

/** A problem at a part of the rule's condition. */
export function problemIn(
  { parsed, source }: RuleOutline,
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
): PolicyProblem {
  const { when } = parsed;
  const place = when === undefined ? parsed.place : new ScalarOffsets(source, when).place(start, end);
  return source.problem(place, message);
}
