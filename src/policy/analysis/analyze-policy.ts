import { compareText } from '../../base/compare';
import { sourceOf } from '../cel/ast';
import { constantValue, alwaysFalsePart } from '../cel/constant-value';
import type { PolicyLists } from '../cel/environment';
import { precedence } from '../decide';
import type { Effect } from '../decision';
import {
  type LimitedKind,
  limitedKinds,
  type PolicyFile,
  type PolicyFinding,
  type PolicyProblem,
} from '../policy';
import { absentReads, absenceDecides } from './analyze-absence';
import { answerWarnings } from '../answers/answer-warnings';
import { openToStrangers } from './analyze-strangers';
import { undoneRules } from './analyze-cycles';
import { cutValues, mixedOperators } from './analyze-form';
import { unknownTimeZones } from './shapes/time-zones';
import { microsoftsInLists } from './analyze-microsoft';
import { negativeUses, rootLists } from './analyze-managed-lists';
import { contradictedTargets } from './analyze-targets';
import { findTexts } from './analyze-texts';
import { implies, type KnownRule, knownRules, problemAt, problemIn, ruleReference } from './known-rule';
import { possibleTruth } from './possible/possible-truth';
import { factPathsOf, outlinePolicy, type PolicyOutline, type RuleOutline } from './rule-outline';

/**
 * Finds probable mistakes in a policy that loads, as far as the policy alone shows them. Unsafe:
 * rules that approve whoever asks, texts that never match, tests that pass more than was intended.
 * Idle: lists that nothing reads, rules that never match, never decide or add nothing. Unguarded:
 * writes without a limit. In the order of files and lines. Pure.
 */
export function analyzePolicy(files: readonly PolicyFile[]): readonly PolicyFinding[] {
  const outline = outlinePolicy(files);
  const rules = knownRules(outline);
  const live = rules.filter(({ condition, known }) => constantValue(condition, known) !== false);
  const texts = findTexts(outline, rules);
  const warnings = [
    ...unusedLists(outline),
    ...rules.filter((rule) => !live.includes(rule)).flatMap(neverMatches),
    ...constants(
      live,
      outline.entries,
      texts.some(({ severity }) => severity === 'error'),
    ),
    ...openToStrangers(live, outline.entries),
    ...contradictedTargets(live, outline.entries),
    ...negativeUses(rules, outline),
    ...rootLists(outline),
    ...microsoftsInLists(live, outline),
    ...mixedOperators(rules),
    ...cutValues(rules),
    ...unknownTimeZones(rules),
    ...absentReads(live),
    ...absenceDecides(live),
    ...undoneRules(live, outline.entries),
    ...live.flatMap((rule) => overridden(rule, live) ?? addsNothing(rule, live) ?? []),
    ...guardWarnings(outline, live),
    ...answerWarnings(outline),
  ].map((problem): PolicyFinding => ({ ...problem, severity: 'warning' }));
  return [...texts, ...warnings].sort((a, b) => byPath(a, b) || a.line - b.line || a.column - b.column);
}

/**
 * Finds rules that always match, or never.
 *
 * @param hasErrors whether texts that never match are already reported, which explain rules that
 * never match
 */
function constants(rules: readonly KnownRule[], lists: PolicyLists, hasErrors: boolean): PolicyProblem[] {
  return rules.flatMap((rule) => {
    const { condition, name, truth, effect, known } = rule;
    if (!truth.canBeTrue && !hasErrors) {
      const message = `rule \`${name}\` can never match: its condition is never true; correct it, or remove the rule`;
      return [problemIn(rule, condition, message)];
    }
    if (truth.canBeFalse) return constantParts(rule, lists);
    if (effect === 'approve' || condition.op === 'value') return [];
    const paths = factPathsOf(condition);
    const empty = paths.find(({ root, field }) => root === 'lists' && known.emptyLists.has(field));
    if (effect === 'hold' && empty !== undefined) return [];
    const why = empty === undefined ? 'its condition is always true' : `the list \`${empty.field}\` is empty`;
    return [
      problemIn(
        rule,
        condition,
        `rule \`${name}\` always matches: ${why}; write \`when: "true"\` if that is intended`,
      ),
    ];
  });
}

/** Finds a part that reads no fact and is always true, or never: `size(lists.zones) == 0`. */
function constantParts(rule: KnownRule, lists: PolicyLists): PolicyProblem[] {
  const parts = rule.ways.flat().map(({ node }) => node);
  const part = parts.find((node) => {
    if (node.op === 'value' || factPathsOf(node).some(({ root }) => root !== 'lists')) return false;
    const { canBeTrue, canBeFalse } = possibleTruth(node, { lists, requester: 'anyone' });
    return !canBeTrue || !canBeFalse;
  });
  if (part === undefined) return [];
  const message = `rule \`${rule.name}\`: \`${sourceOf(part).slice(0, 120)}\` has the same value for every request: compare a fact, or remove it`;
  return [problemIn(rule, part, message)];
}

function unusedLists({ lists, managedLists, rules }: PolicyOutline): PolicyProblem[] {
  const used = new Set(rules.flatMap(({ condition }) => factPathsOf(condition).map(({ text }) => text)));
  return [...lists, ...managedLists]
    .filter(({ name }) => !used.has(`lists.${name}`))
    .map(({ name, place, source }) =>
      source.problem(place, `no condition reads \`lists.${name}\`: use the list, or remove it`),
    );
}

/**
 * Reports a rule that can never match, unless it is an approving rule with an empty list: that is
 * how a policy starts.
 */
function neverMatches(rule: KnownRule): PolicyProblem[] {
  const { condition, known, effect } = rule;
  const { node, why, emptyList } = alwaysFalsePart(condition, known);
  if (effect === 'approve' && emptyList !== undefined) return [];
  return [problemIn(rule, node, `rule \`${rule.name}\` can never match: ${why}`)];
}

function overridden(rule: KnownRule, rules: readonly KnownRule[]): PolicyProblem | undefined {
  const stronger = rules.filter(
    (other) => precedence.indexOf(other.effect) < precedence.indexOf(rule.effect) && implies(rule, other),
  );
  const over = rule.statuses.map((status) => stronger.find((other) => other.known.statuses.has(status)));
  const [first] = over;
  if (first === undefined || over.includes(undefined)) return undefined;
  const message = `rule \`${rule.name}\` never decides: whenever it matches, ${ruleReference(first)} matches too, and ${first.effect} beats ${rule.effect}`;
  return problemAt(rule, message);
}

function addsNothing(rule: KnownRule, rules: readonly KnownRule[]): PolicyProblem | undefined {
  const at = rules.indexOf(rule);
  const other = rules.find(
    (candidate, index) =>
      index !== at &&
      candidate.effect === rule.effect &&
      covers(candidate, rule) &&
      expiresBy(candidate, rule) &&
      (index < at || !covers(rule, candidate) || !expiresBy(rule, candidate)),
  );
  if (other === undefined) return undefined;
  const message = `rule \`${rule.name}\` adds nothing: whenever it matches, ${ruleReference(other)} matches too, with the same effect`;
  return problemAt(rule, message);
}

function covers(wide: KnownRule, narrow: KnownRule): boolean {
  return narrow.statuses.every((status) => wide.known.statuses.has(status)) && implies(narrow, wide);
}

/**
 * Returns whether approvals of `other` expire no later than those of `rule`, so that `rule` does
 * not shorten them.
 */
function expiresBy(other: KnownRule, rule: KnownRule): boolean {
  const endOf = ({ parsed }: KnownRule): number => parsed.approvals?.expireAfterSeconds ?? Infinity;
  return endOf(other) <= endOf(rule);
}

function byPath(a: PolicyProblem, b: PolicyProblem): number {
  return compareText(a.path, b.path);
}

/**
 * Finds missing limits of a policy that writes: for each kind of write without a limit, the first
 * rule that may need it. Pure.
 *
 * @param rules the rules that can match
 */
export function guardWarnings(
  { mode, limits }: Pick<PolicyOutline, 'mode' | 'limits'>,
  rules: readonly RuleOutline[],
): readonly PolicyProblem[] {
  if (mode === 'audit') return [];
  return limitedKinds
    .filter((kind) => limits[kind] === undefined)
    .flatMap((kind) => {
      const rule = rules.find(({ effect, statuses }) => kindsOf(effect, statuses).includes(kind));
      return rule === undefined ? [] : [withoutLimit(rule, kind)];
    });
}

/**
 * Returns the kinds of writes of a rule with this effect on connections with these statuses.
 * Statuses are in lower case.
 */
function kindsOf(effect: Effect, statuses: readonly string[]): readonly LimitedKind[] {
  if (effect !== 'reject' && effect !== 'delete') return [];
  const others = effect === 'reject' ? 'rejects' : 'deletes';
  return statuses.map((status) => (status === 'approved' ? 'revocations' : others));
}

function withoutLimit({ name, source, parsed }: RuleOutline, kind: LimitedKind): PolicyProblem {
  const message = `nothing limits the ${kind} of rule \`${name}\`: add \`limits: {${kind}: {perHour: 20, perReview: 5}}\` to one file`;
  return source.problem(parsed.name?.place ?? parsed.place, message);
}
