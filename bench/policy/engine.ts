import type { Effect } from '../../src/policy/decision';
import type { Facts } from '../../src/policy/facts/facts';
import { rules } from './rules';

/** The decision of an engine. */
export interface Answer {
  readonly effect: Effect;
  /** The names of the rules that won, in alphabetical order. */
  readonly rules: readonly string[];
}

/** A policy engine with the fifty rules loaded. */
export interface Engine {
  /** Decides about facts as Postern has them. Converting them is part of the measured work. */
  readonly decide: (facts: Facts) => Answer | Promise<Answer>;
}

const effects = new Map(rules.map(({ name, effect }) => [name, effect]));
const precedence = ['hold', 'delete', 'reject', 'approve'] as const;

/** Applies Postern's precedence to the names of the rules that matched. */
export function strongest(matched: readonly string[]): Answer {
  for (const effect of precedence) {
    const winners = matched.filter((name) => effects.get(name) === effect);
    if (winners.length > 0) return { effect, rules: winners.sort() };
  }
  return { effect: 'hold', rules: [] };
}
