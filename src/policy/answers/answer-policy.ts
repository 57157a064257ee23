import type { Decision } from '../decision';

/** The writes that people can answer with. `delete` is for Disconnected connections only. */
export const answerEffects = ['approve', 'reject', 'delete'] as const;

/** A write that a person can answer with. */
export type AnswerEffect = (typeof answerEffects)[number];

/** The people who may give an answer. */
export interface Answerers {
  /** Whether everybody with the role `Postern.Approver` may. */
  readonly anyApprover: boolean;
  /** Object ids of people and groups, who need the role, too. GUIDs in lower case. */
  readonly ids: ReadonlySet<string>;
}

/** What a rule that holds says about answers; `never`: only a new policy lets the connection through. */
export type RuleAnswers = 'never' | RuleAnswerers;

/** Whose answers a rule wants, instead of those that the policy names, and how many. */
export interface RuleAnswerers {
  /** The lists that replace those of the policy, by effect. */
  readonly lists: ReadonlyMap<AnswerEffect, Answerers>;
  /** How many people must agree: 1 or 2. */
  readonly needed: number;
}

/** The part of a policy that says who may answer held connections. */
export interface AnswerPolicy {
  readonly lists: ReadonlyMap<AnswerEffect, Answerers>;
  /** The pattern that each reason must contain; absent: any reason will do. */
  readonly reason: ReasonPattern | undefined;
  /** The most answers in any 60 minutes, of one person and of all together. */
  readonly perHour: { readonly person: number; readonly all: number };
  /** What rules say about answers, by the name of the rule. */
  readonly rules: ReadonlyMap<string, RuleAnswers>;
}

/** A pattern that reasons must contain. */
export interface ReasonPattern {
  readonly source: string;
  isIn(reason: string): boolean;
}

/** Who may answer one held connection in one way. */
export type WhoMay =
  /** A person whom each of the lists contains. Never empty. */
  | { readonly kind: 'people'; readonly lists: readonly Answerers[]; readonly needed: number }
  /** Nobody; `isHard`: because a rule says so. */
  | { readonly kind: 'nobody'; readonly isHard: boolean; readonly why: string };

const noAnswers = nobody('the policy lets nobody answer in the console');
const inherits: RuleAnswerers = { lists: new Map(), needed: 1 };

/**
 * Tells who may answer a decision to hold. Every rule that holds must agree. So must every rule that could
 * not be evaluated and would hold, together with the policy's own list: a requester must not gain anything
 * by making a rule fail. Whatever is not stated is refused. Pure.
 */
export function whoMayAnswer(
  answers: AnswerPolicy | undefined,
  { effect: decided, outcomes }: Pick<Decision, 'effect' | 'outcomes'>,
  effect: AnswerEffect,
): WhoMay {
  if (decided !== 'hold') return nobody('the policy decides this connection itself');
  if (answers === undefined) return noAnswers;
  const holding = outcomes.filter((outcome) => outcome.kind !== 'missed' && outcome.effect === 'hold');
  const said = holding.map(({ rule, kind }) => ({ rule, kind, says: answers.rules.get(rule) ?? inherits }));
  const never = said.find(({ says }) => says === 'never');
  if (never !== undefined)
    return {
      kind: 'nobody',
      isHard: true,
      why: `the rule ${never.rule} lets nobody answer: only a new policy does`,
    };
  const own = answers.lists.get(effect);
  const isOwnAsked = holding.length === 0 || outcomes.some(({ kind }) => kind === 'failed');
  const stated = said.map(({ says }) => (says === 'never' ? undefined : (says.lists.get(effect) ?? own)));
  const lists = isOwnAsked ? [...stated, own] : stated;
  const named = lists.flatMap((list) => (list === undefined || isEmpty(list) ? [] : list));
  if (named.length < lists.length) return nobody(`the policy lets nobody ${effect} here`);
  const needed = Math.max(1, ...said.map(({ says }) => (says === 'never' ? 1 : says.needed)));
  return { kind: 'people', lists: named, needed };
}

/**
 * Tells whether a person is among those who may answer.
 * @param principals the person's object id and groups, in lower case; the role was checked before.
 */
export function isAmong(
  { lists }: Extract<WhoMay, { kind: 'people' }>,
  principals: ReadonlySet<string>,
): boolean {
  return lists.every(({ anyApprover, ids }) => anyApprover || [...principals].some((id) => ids.has(id)));
}

/** Tells whether a list names ids that may be those of groups, so that a person's groups matter. */
export function namesIds({ lists }: Extract<WhoMay, { kind: 'people' }>): boolean {
  return lists.some(({ anyApprover, ids }) => !anyApprover && ids.size > 0);
}

/** Returns all object ids that a policy names. */
export function namedIds(answers: AnswerPolicy | undefined): ReadonlySet<string> {
  const rules = [...(answers?.rules.values() ?? [])].flatMap((rule) => (rule === 'never' ? [] : rule));
  const lists = [answers?.lists, ...rules.map((rule) => rule.lists)].flatMap((map) => [
    ...(map?.values() ?? []),
  ]);
  return new Set(lists.flatMap(({ ids }) => [...ids]));
}

function nobody(why: string): Extract<WhoMay, { kind: 'nobody' }> {
  return { kind: 'nobody', isHard: false, why };
}

function isEmpty({ anyApprover, ids }: Answerers): boolean {
  return !anyApprover && ids.size === 0;
}
