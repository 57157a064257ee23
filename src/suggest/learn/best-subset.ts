import { compareText } from '../../base/compare';
import { hasCell } from './cover';
import type { PricedRule } from './priced-rule';
import type { Problem } from '../problem/problem';

/** The most rules among which all subsets are tried. */
const mostRules = 16;

/**
 * Returns the subset of rules with the lowest total price, by trying all of them. Of more than 16 rules, the first ones
 * count.
 */
export function bestSubset({ cells }: Problem, rules: readonly PricedRule[]): readonly PricedRule[] {
  const distinct = [...new Map(rules.map((rule) => [rule.key, rule])).values()].slice(0, mostRules);
  const gains = new Map<number, number>();
  cells.gain.forEach((gain, cell) => {
    const covering = distinct.reduce(
      (bits, { cover }, index) => bits | (hasCell(cover, cell) ? 1 << index : 0),
      0,
    );
    if (covering !== 0) gains.set(covering, (gains.get(covering) ?? 0) + gain);
  });
  const groups = [...gains];
  let best = { subset: 0, total: 0 };
  for (let subset = 1; subset < 1 << distinct.length; subset++) {
    let total = 0;
    distinct.forEach(({ price }, index) => {
      if ((subset >> index) & 1) total -= price;
    });
    for (const [covering, gain] of groups) if ((covering & subset) !== 0) total += gain;
    if (total > best.total + 1e-6) best = { subset, total };
  }
  return distinct
    .filter((_, index) => (best.subset >> index) & 1)
    .sort((one, other) => compareText(one.key, other.key));
}
