import type { Mask } from './coverage';
import type { LearnedRule } from './rule';

/** A rule with what it covers and what it costs. */
export interface PricedRule {
  readonly rule: LearnedRule;
  /** The same for the same rule. */
  readonly key: string;
  readonly cover: Mask;
  /** Bits. */
  readonly price: number;
}
