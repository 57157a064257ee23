import { canonical, type CelNode } from './cel-ast';
import { conjunctsOf, constantTruth, falsePart, type Known } from './constant-truth';
import { precedence } from './decide';
import type { PolicyFile, PolicyProblem } from './policy';
import { guardWarnings } from './analyse-guards';
import { factPathsOf, outlinePolicy, type PolicyOutline, type RuleOutline } from './rule-outline';
import { ScalarOffsets } from './scalar-offsets';

/**
 * What is probably not meant in a policy that loads: unused lists, rules that never match, never decide or add
 * nothing, as far as that can be decided without facts, and writes without a limit. In the order of files and lines. Pure.
 */
export function analysePolicy(files: readonly PolicyFile[]): readonly PolicyProblem[] {
  const outline = outlinePolicy(files);
  const emptyLists = new Set(
    outline.lists.filter(({ entries }) => entries.length === 0).map(({ name }) => name),
  );
  const rules = outline.rules.map((rule): KnownRule => {
    const known = { emptyLists, statuses: new Set(rule.statuses) };
    return { ...rule, known, alternatives: alternativesOf(rule.condition, known) };
  });
  const live = rules.filter(({ condition, known }) => constantTruth(condition, known) !== false);
  const warnings = [
    ...unusedLists(outline),
    ...rules.filter((rule) => !live.includes(rule)).map(neverMatches),
    ...live.flatMap((rule) => overridden(rule, live) ?? addsNothing(rule, live) ?? []),
    ...guardWarnings(outline, live),
  ];
  return warnings.sort((a, b) => byPath(a, b) || a.line - b.line || a.column - b.column);
}

interface KnownRule extends RuleOutline {
  readonly known: Known;
  /** The rule matches when all parts of one of them are true; a part is a canonical text. */
  readonly alternatives: readonly ReadonlySet<string>[];
}

function unusedLists({ lists, rules }: PolicyOutline): PolicyProblem[] {
  const used = new Set(rules.flatMap(({ condition }) => factPathsOf(condition).map(({ text }) => text)));
  return lists
    .filter(({ name }) => !used.has(`lists.${name}`))
    .map(({ name, place, source }) =>
      source.problem(place, `no condition reads \`lists.${name}\`: use the list, or take it out`),
    );
}

function neverMatches({ name, condition, known, parsed, source }: KnownRule): PolicyProblem {
  const { node, why } = falsePart(condition, known);
  const { when } = parsed;
  const place =
    when === undefined ? parsed.place : new ScalarOffsets(source, when).place(node.start, node.end);
  return source.problem(place, `rule \`${name}\` can never match: ${why}`);
}

function overridden(rule: KnownRule, rules: readonly KnownRule[]): PolicyProblem | undefined {
  const stronger = rules.filter(
    (other) => precedence.indexOf(other.effect) < precedence.indexOf(rule.effect) && implies(rule, other),
  );
  const over = rule.statuses.map((status) => stronger.find((other) => other.known.statuses.has(status)));
  const [first] = over;
  if (first === undefined || over.includes(undefined)) return undefined;
  const message = `rule \`${rule.name}\` never decides: whenever it matches, ${told(first)} matches, too, and ${first.effect} beats ${rule.effect}`;
  return problemAt(rule, message);
}

function addsNothing(rule: KnownRule, rules: readonly KnownRule[]): PolicyProblem | undefined {
  const at = rules.indexOf(rule);
  const other = rules.find(
    (candidate, index) =>
      index !== at &&
      candidate.effect === rule.effect &&
      covers(candidate, rule) &&
      endsBy(candidate, rule) &&
      (index < at || !covers(rule, candidate) || !endsBy(rule, candidate)),
  );
  if (other === undefined) return undefined;
  const message = `rule \`${rule.name}\` adds nothing: whenever it matches, ${told(other)} matches, too, with the same effect`;
  return problemAt(rule, message);
}

function covers(wide: KnownRule, narrow: KnownRule): boolean {
  return narrow.statuses.every((status) => wide.known.statuses.has(status)) && implies(narrow, wide);
}

/** Whether approvals of `other` end no later than those of `rule`, so that `rule` says nothing new about their end. */
function endsBy(other: KnownRule, rule: KnownRule): boolean {
  const endOf = ({ parsed }: KnownRule): number => parsed.approvals?.expireAfterSeconds ?? Infinity;
  return endOf(other) <= endOf(rule);
}

/** Whether `other` is true whenever `rule` is: each alternative of `rule` has all the parts of one of `other`. */
function implies(rule: KnownRule, other: KnownRule): boolean {
  return rule.alternatives.every((parts) =>
    other.alternatives.some((wanted) => [...wanted].every((part) => parts.has(part))),
  );
}

function alternativesOf(node: CelNode, known: Known): readonly ReadonlySet<string>[] {
  const truth = constantTruth(node, known);
  if (truth !== undefined) return truth ? [new Set()] : [];
  if (node.op === '||') return node.args.flatMap((part) => alternativesOf(part, known));
  const parts = conjunctsOf(node).filter((part) => constantTruth(part, known) !== true);
  return [new Set(parts.map(canonical))];
}

function told({ name, source, line }: RuleOutline): string {
  return `\`${name}\` (${source.path}:${line})`;
}

function problemAt(rule: RuleOutline, message: string): PolicyProblem {
  return rule.source.problem(rule.parsed.name?.place ?? rule.parsed.place, message);
}

function byPath(a: PolicyProblem, b: PolicyProblem): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
