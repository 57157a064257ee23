import { compareText } from '../../base/compare';
import { type Cover, forEachCell, hasCell, unionOf } from './cover';
import { coverOf, priceOf } from './coverage';
import type { PricedRule } from './priced-rule';
import type { Problem } from '../problem/problem';
import { keyOfRule, type LearnedRule } from './rule';

/** Differences of less than this, in bits, are rounding. */
export const epsilon = 1e-6;

/** The rules that were tried for a problem, each priced once. */
export class Candidates {
  private readonly known = new Map<string, PricedRule>();

  constructor(readonly problem: Problem) {}

  /** Prices a rule. */
  priced(rule: LearnedRule): PricedRule {
    const key = keyOfRule(rule);
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const cover = coverOf(this.problem, rule);
    const made = { rule, key, cover, price: priceOf(this.problem, rule, cover) };
    this.known.set(key, made);
    return made;
  }

  /** Returns all rules that were tried. */
  all(): readonly PricedRule[] {
    return [...this.known.values()];
  }

  /** Returns, for each cell, what its approval would gain besides other rules. */
  gainsBesides(others: readonly PricedRule[]): Float64Array {
    const covered = this.unionOf(others);
    return this.problem.cells.gain.map((gain, cell) => (hasCell(covered, cell) ? 0 : gain));
  }

  /** Returns the bits that a set of rules gains over no rule at all. */
  gainOf(rules: readonly PricedRule[]): number {
    const covered = this.unionOf(rules);
    let gain = rules.reduce((sum, { price }) => sum - price, 0);
    forEachCell(covered, (cell) => {
      gain += this.problem.cells.gain[cell] ?? 0;
    });
    return gain;
  }

  private unionOf(rules: readonly PricedRule[]): Cover {
    return unionOf(
      rules.map(({ cover }) => cover),
      this.problem.cells.count,
    );
  }
}

/** Returns the bits that a rule gains, given what each cell would gain. */
export function netOf({ cover, price }: PricedRule, gains: Float64Array): number {
  let sum = -price;
  forEachCell(cover, (cell) => {
    sum += gains[cell] ?? 0;
  });
  return sum;
}

/** Returns the rule that gains more; of two that gain the same, the first by its key. */
export function better(one: PricedRule | undefined, other: PricedRule, gains: Float64Array): PricedRule {
  if (one === undefined) return other;
  const difference = netOf(other, gains) - netOf(one, gains);
  if (Math.abs(difference) > epsilon) return difference > 0 ? other : one;
  return compareText(other.key, one.key) < 0 ? other : one;
}
