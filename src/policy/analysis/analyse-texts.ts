import { type CelNode, sourceOf } from '../cel/ast';
import { idFacts } from './shapes/fact-shapes';
import { type KnownRule, problemIn } from './known-rule';
import { oddSignIn } from './odd-signs';
import { looseEnd } from './shapes/pattern-shape';
import type { PolicyFinding, PolicyProblem } from '../policy';
import type { Heard } from './possible/possible-calls';
import { differInCase, type Origin, type TextValue } from './possible/possible-value';
import type { PolicyOutline } from './rule-outline';
import { looksLikeAnother, whyNever } from './why-never';

/**
 * Errors: literals and entries of lists that can never fit any fact that they are held against. Warnings: tests of ids that
 * longer names of others pass, and texts with signs that cannot be seen. Pure.
 */
export function findTexts(outline: PolicyOutline, rules: readonly KnownRule[]): readonly PolicyFinding[] {
  const uses = new Map<string, Use>();
  const loose: PolicyProblem[] = [];
  for (const rule of rules) {
    const told = new Set<CelNode>();
    for (const heard of rule.heard) {
      note(heard, rule, uses);
      const message = told.has(heard.node) ? undefined : looseTest(heard, rule);
      if (message === undefined) continue;
      told.add(heard.node);
      loose.push(problemIn(rule, heard.node, message));
    }
  }
  const never = [...uses.values()].flatMap((use) => verdictOn(use, outline) ?? []);
  return [...never, ...loose.map((problem) => ({ ...problem, severity: 'warning' as const }))];
}

/** What one text of the author is held against, in all rules. */
interface Use {
  readonly origin: Origin;
  readonly rule: KnownRule;
  fits: boolean;
  /** The first fact that it cannot fit. */
  never: { readonly fact: string; readonly test: Heard['test']; readonly isCased: boolean } | undefined;
  /** Whether it is compared whole with free text: a tag, a message. */
  isWhole: boolean;
}

function note({ subject, object, test, passes }: Heard, rule: KnownRule, uses: Map<string, Use>): void {
  const fact = subject.fact ?? object.fact;
  for (const origin of originsOf(subject, object)) {
    const key = keyOf(origin, rule);
    const use = uses.get(key) ?? { origin, rule, fits: false, never: undefined, isWhole: false };
    uses.set(key, use);
    const alike = fact !== undefined && test === '==' && looksLikeAnother(textOf(subject, object));
    if (passes && !alike) use.fits = true;
    else if (fact !== undefined)
      use.never ??= { fact, test, isCased: differInCase(subject, object) || differInCase(object, subject) };
    if (fact === undefined && test === '==') use.isWhole = true;
  }
}

/** Entries are to blame before the literals that they were put together with; a text that is empty asks for nothing. */
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

function verdictOn(use: Use, outline: PolicyOutline): readonly PolicyFinding[] | undefined {
  const { text, what, at } = writtenAs(use, outline);
  const shown = `${what} \`${text.slice(0, 80)}\``;
  if (!use.fits && use.never !== undefined) {
    const { fact, test, isCased } = use.never;
    const why = isCased ? 'it has small letters, and `upperAscii()` leaves none' : whyNever(text, fact, test);
    const message = `${shown} can never fit \`${fact}\`: ${why}`;
    return [{ ...at(message), severity: 'error' }];
  }
  const inQuotes = /^[\u2018-\u201f\u00ab].*[\u2018-\u201f\u00bb]$/u.test(text);
  const odd = oddSignIn(inQuotes ? text : text.replace(/[\p{L}\p{P}\p{S}]/gu, '.'));
  if (odd !== undefined) return [{ ...at(`${shown} has ${odd.message}`), severity: 'warning' }];
  if (!use.isWhole || text === text.trim()) return undefined;
  const end = text === text.trimStart() ? 'end' : 'beginning';
  return [{ ...at(`${shown} has a blank at its ${end}: take it out`), severity: 'warning' }];
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

/** Loose is a test that lets more be approved, or lets more get past a rule that holds, rejects or deletes. */
function looseTest({ node, test, sign, subject, passing }: Heard, rule: KnownRule): string | undefined {
  if (passing === undefined || test === '==') return undefined;
  if (subject.fact === undefined || !subject.whole || !idFacts.has(subject.fact)) return undefined;
  const widens =
    rule.effect === 'approve' ? sign !== -1 && rule.parsed.approvesAnyone?.value !== true : sign === -1;
  const end = widens ? looseEnd(passing) : undefined;
  if (end === undefined) return undefined;
  const text = sourceOf(node).replace(/\s+/g, ' ').slice(0, 120);
  const mend =
    end === 'end'
      ? 'longer names pass, too: end it with `/`, or compare the whole id'
      : 'it may stand in any name in the id: begin it with `/`, or test from the beginning of the id';
  return `rule \`${rule.name}\`: \`${text}\` is not bounded at its ${end}, so ${mend}`;
}
