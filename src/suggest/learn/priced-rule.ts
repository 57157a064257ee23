import type { Cover } from './cover';
import type { LearnedRule } from './rule';

/** A rule with what it covers and what it costs. */
export interface PricedRule {
  readonly rule: LearnedRule;
  /** The same for the same rule. */
  readonly key: string;
  readonly cover: Cover;
  /** Bits. */
  readonly price: number;
}
