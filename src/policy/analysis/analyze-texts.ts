import { type CelNode, sourceOf } from '../cel/ast';
import { idFacts } from './shapes/fact-shapes';
import { type KnownRule, problemIn } from './known-rule';
import { findOddCharacter } from './odd-characters';
import { looseEnd } from './shapes/pattern-shape';
import type { PolicyFinding, PolicyProblem } from '../policy';
import type { TextComparison } from './possible/possible-calls';
import { differInCase, type Origin, type TextValue } from './possible/possible-value';
import type { PolicyOutline } from './rule-outline';
import { looksLikeAnother, whyNever } from './why-never';

/**
 * Finds mistakes in the texts of a policy. Errors: literals and list entries that can never match a
 * fact that they are compared with. Warnings: tests of ids that longer names of others pass, and
 * texts with invisible characters. Pure.
 */
export function findTexts(outline: PolicyOutline, rules: readonly KnownRule[]): readonly PolicyFinding[] {
  const uses = new Map<string, Use>();
  const loose: PolicyProblem[] = [];
  for (const rule of rules) {
    const reported = new Set<CelNode>();
    for (const comparison of rule.comparisons) {
      note(comparison, rule, uses);
      const message = reported.has(comparison.node) ? undefined : looseTest(comparison, rule);
      if (message === undefined) continue;
      reported.add(comparison.node);
      loose.push(problemIn(rule, comparison.node, message));
    }
  }
  const never = [...uses.values()].flatMap((use) => findingsFor(use, outline) ?? []);
  return [...never, ...loose.map((problem) => ({ ...problem, severity: 'warning' as const }))];
}

/** How one text of the author is used in all rules. */
interface Use {
  readonly origin: Origin;
  readonly rule: KnownRule;
  canMatch: boolean;
  /** The first fact that it can never match. */
  never:
    { readonly fact: string; readonly test: TextComparison['test']; readonly isCased: boolean } | undefined;
  /** Whether the whole text is compared with free text, such as a tag or a message. */
  isWhole: boolean;
}

function note(
  { subject, object, test, passes }: TextComparison,
  rule: KnownRule,
  uses: Map<string, Use>,
): void {
  const fact = subject.fact ?? object.fact;
  for (const origin of originsOf(subject, object)) {
    const key = keyOf(origin, rule);
    const use = uses.get(key) ?? { origin, rule, canMatch: false, never: undefined, isWhole: false };
    uses.set(key, use);
    const alike = fact !== undefined && test === '==' && looksLikeAnother(textOf(subject, object));
    if (passes && !alike) use.canMatch = true;
    else if (fact !== undefined)
      use.never ??= { fact, test, isCased: differInCase(subject, object) || differInCase(object, subject) };
    if (fact === undefined && test === '==') use.isWhole = true;
  }
}

/**
 * Prefers list entries to the literals that they were joined with. An empty text has no origin: it
 * requires nothing.
 */
function originsOf(subject: TextValue, object: TextValue): readonly Origin[] {
  if (subject.literal === '' || object.literal === '') return [];
  const all = [...subject.origins, ...object.origins];
  const entries = all.filter(({ kind }) => kind === 'entry');
  return entries.length > 0 ? entries : all;
}

function textOf(subject: TextValue, object: TextValue): string {
  return subject.fact === undefined ? (subject.literal ?? '') : (object.literal ?? '');
}

function keyOf(origin: Origin, rule: KnownRule): string {
  if (origin.kind === 'entry') return `${origin.list}\n${origin.index}`;
  return `${rule.source.path}\n${rule.line}\n${origin.node.start}`;
}

function findingsFor(use: Use, outline: PolicyOutline): readonly PolicyFinding[] | undefined {
  const { text, what, at } = writtenAs(use, outline);
  const shown = `${what} \`${text.slice(0, 80)}\``;
  if (!use.canMatch && use.never !== undefined) {
    const { fact, test, isCased } = use.never;
    const why = isCased
      ? 'it has lowercase letters, and `upperAscii()` leaves none'
      : whyNever(text, fact, test);
    const message = `${shown} can never match \`${fact}\`: ${why}`;
    return [{ ...at(message), severity: 'error' }];
  }
  const inQuotes = /^[\u2018-\u201f\u00ab].*[\u2018-\u201f\u00bb]$/u.test(text);
  const odd = findOddCharacter(inQuotes ? text : text.replace(/[\p{L}\p{P}\p{S}]/gu, '.'));
  if (odd !== undefined) return [{ ...at(`${shown} has ${odd.message}`), severity: 'warning' }];
  if (!use.isWhole || text === text.trim()) return undefined;
  const end = text === text.trimStart() ? 'end' : 'beginning';
  return [{ ...at(`${shown} has a space at its ${end}: remove it`), severity: 'warning' }];
}

function writtenAs(
  { origin, rule }: Use,
  outline: PolicyOutline,
): { text: string; what: string; at: (message: string) => PolicyProblem } {
  if (origin.kind === 'literal') {
    const text = String((origin.node as { args: unknown }).args);
    return { text, what: 'the text', at: (message) => problemIn(rule, origin.node, message) };
  }
  const list = outline.lists.find(({ name }) => name === origin.list);
  const place = list?.entryPlaces[origin.index] ?? list?.place;
  return {
    text: String(list?.entries[origin.index] ?? ''),
    what: `in \`lists.${origin.list}\` the entry`,
    at: (message) =>
      list === undefined || place === undefined
        ? problemIn(rule, rule.condition, message)
        : list.source.problem(place, message),
  };
}

/**
 * Describes a test that too many ids pass, so that a rule approves more, or holds, rejects or
 * deletes less.
 */
function looseTest(
  { node, test, sign, subject, passing }: TextComparison,
  rule: KnownRule,
): string | undefined {
  if (passing === undefined || test === '==') return undefined;
  if (subject.fact === undefined || !subject.whole || !idFacts.has(subject.fact)) return undefined;
  const widens =
    rule.effect === 'approve' ? sign !== -1 && rule.parsed.approvesAnyone?.value !== true : sign === -1;
  const end = widens ? looseEnd(passing) : undefined;
  if (end === undefined) return undefined;
  const text = sourceOf(node).replace(/\s+/g, ' ').slice(0, 120);
  const fix =
    end === 'end'
      ? 'longer names pass too: end it with `/`, or compare the whole id'
      : 'any name in the id may contain it: begin it with `/`, or test from the beginning of the id';
  return `rule \`${rule.name}\`: \`${text}\` is not bounded at its ${end}, so ${fix}`;
}
