import type { Random } from '../../../azure/model/random';
import type { Requester, Trait } from '../../../chaos/plan/expected-answers';
import type { PolicyVersion } from '../policy-version';
import { answerers, type ConsolePerson, owners } from './people';

/** A write that a person can answer with. */
export type AnswerEffect = 'approve' | 'reject' | 'delete';

/** Whom a policy names: `role` for everybody with the role, or object ids of people and groups. */
export type Named = readonly string[];

/** What a rule that holds says about answers. Absent: nothing. */
export type RuleConsole = 'never' | { readonly needed: 1 | 2; readonly approve?: Named | undefined };

/** The rules that hold, of which each may say something about answers. */
export type HoldRule = 'quarantined' | 'frozen' | 'freeze';

/** The part of a world's policy that says who may answer. */
export interface AnswerPolicy {
  readonly lists: Readonly<Record<AnswerEffect, Named>>;
  readonly perHour: { readonly person: number; readonly all: number };
  /** What each reason must contain; absent: nothing. */
  readonly reason?: string | undefined;
  readonly rules: Readonly<Record<HoldRule, RuleConsole | undefined>>;
}

/** What a reason contains where the policy wants a pattern, and the pattern. */
export const change = { text: 'CHG4711', pattern: 'CHG[0-9]{4}' } as const;

const [ada] = answerers as readonly [ConsolePerson, ...ConsolePerson[]];
const everybody: Named = ['role'];
const lists: readonly Named[] = [
  everybody,
  everybody,
  everybody,
  everybody,
  [owners],
  [owners],
  [ada.oid],
  [],
];
const ruleConsoles: readonly (RuleConsole | undefined)[] = [
  undefined,
  undefined,
  { needed: 2 },
  { needed: 2 },
  { needed: 1, approve: [owners] },
  'never',
];
const limits: readonly AnswerPolicy['perHour'][] = [
  { person: 20, all: 100 },
  { person: 20, all: 100 },
  { person: 20, all: 100 },
  { person: 2, all: 3 },
  { person: 1, all: 10 },
];

/** Draws who may answer. */
export function drawAnswerPolicy(random: Random): AnswerPolicy {
  const one = <T>(of: readonly T[]): T => of[Math.floor(random.next() * of.length)] as T;
  return {
    lists: { approve: one(lists), reject: one(lists), delete: one(lists) },
    perHour: one(limits),
    reason: random.next() < 0.3 ? change.pattern : undefined,
    rules: { quarantined: one(ruleConsoles), frozen: one(ruleConsoles), freeze: one(ruleConsoles) },
  };
}

/** Returns the policy's text: the key `console` of a file. */
export function consoleText({ lists: { approve, reject, ...rest }, perHour, reason }: AnswerPolicy): string {
  return `console:
  approve: ${listText(approve)}
  reject: ${listText(reject)}
  delete: ${listText(rest.delete)}
  answersPerHour: { person: ${perHour.person}, all: ${perHour.all} }
${reason === undefined ? '' : `  reasonPattern: '${reason}'\n`}`;
}

/** Returns the line of a rule that says who may answer what it holds; empty if it says nothing. */
export function ruleConsoleText({ rules }: AnswerPolicy, rule: HoldRule): string {
  const says = rules[rule];
  if (says === undefined) return '';
  if (says === 'never') return '    console: never\n';
  const approve = says.approve === undefined ? '' : `approve: ${listText(says.approve)}, `;
  return `    console: { ${approve}needed: ${says.needed} }\n`;
}

function listText(ids: Named): string {
  return `[${ids.join(', ')}]`;
}

/** What an answer is about, as far as the policy's say on it depends on that. */
export interface AnswerSubject {
  readonly version: PolicyVersion;
  readonly requester: Requester;
  readonly trait: Trait;
  readonly effect: AnswerEffect;
}

/** Who may answer: a person whom each list names, and so many of them. Written by hand, without the app's code. */
export function whoMay(
  policy: AnswerPolicy,
  subject: AnswerSubject,
): { readonly lists: readonly Named[]; readonly needed: number } {
  const { lists: own, rules } = policy;
  const says = holdRulesOf(subject).map((rule) => rules[rule]);
  if (subject.version === 'audit' || says.includes('never')) return { lists: [[]], needed: 1 };
  const asked = says.map((each) =>
    each === undefined || each === 'never' || subject.effect !== 'approve'
      ? own[subject.effect]
      : (each.approve ?? own.approve),
  );
  const needed = says.map((each) => (each === undefined || each === 'never' ? 1 : each.needed));
  return { lists: asked.length === 0 ? [own[subject.effect]] : asked, needed: Math.max(1, ...needed) };
}

/** Lists the rules that hold: all others approve, reject or delete. */
function holdRulesOf({ version, requester, trait, effect }: AnswerSubject): readonly HoldRule[] {
  const holding: HoldRule[] = [];
  if (version === 'freeze') holding.push('freeze');
  if (trait === 'frozen') holding.push('frozen');
  // Only requests are asked for their endpoint's tags.
  if (requester === 'quarantined' && effect !== 'delete') holding.push('quarantined');
  return holding;
}

/** Tells whether every list names a person. */
export function isNamed(of: readonly Named[], { oid, roles, groups = [] }: ConsolePerson): boolean {
  if (!roles.includes('Postern.Approver')) return false;
  return of.every((ids) => ids.some((id) => id === 'role' || id === oid || groups.includes(id)));
}
