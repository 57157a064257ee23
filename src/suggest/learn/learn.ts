import { compareText } from '../../base/compare';
import { bestSubset } from './best-subset';
import { better, Candidates, epsilon, netOf } from './candidates';
import { forEachCell } from './cover';
import type { PricedRule } from './priced-rule';
import type { Problem } from '../problem/problem';
import type { LearnedRule } from './rule';
import { Search } from './search';

const mostRules = 40;
const mostRounds = 8;

/**
 * Finds the rules with the lowest total price: their length, their width, and the decisions of people that they contradict.
 * Starts from the best subset of good rules and from single ones; adds the best rule as long as one gains; changes, joins and
 * removes rules as long as the total falls; and takes the best subset of all good rules, exactly. Only then tries lists of
 * targets: they explain anything, and nothing that is new. If no rule gains, returns the best one that contradicts nobody,
 * although it rests on few examples. The result depends on the estate alone. Pure.
 */
export function learnRules(problem: Problem): readonly LearnedRule[] {
  const general = new Candidates(withoutLists(problem));
  const rules = learnedFrom(general);
  const candidates = new Candidates(problem);
  const kept = rules.map(({ rule }) => candidates.priced(rule));
  const better = settled(candidates, grown(candidates, kept));
  const final = candidates.gainOf(better) > candidates.gainOf(kept) + epsilon ? better : kept;
  const found = final.length > 0 ? final : fewExamples(candidates);
  return [...found].sort((one, other) => compareText(one.key, other.key)).map(({ rule }) => rule);
}

/** Learns without lists of targets, from several starts. */
function learnedFrom(candidates: Candidates): readonly PricedRule[] {
  const { problem } = candidates;
  const wide = variedOf(candidates, new Search(candidates, candidates.gainsBesides([])).findRules());
  const starts = [bestSubset(problem, wide), ...bestOfEachKind(wide).map((rule) => [rule])];
  const rules = starts
    .map((start) => settled(candidates, grown(candidates, start)))
    .reduce((one, other) => (candidates.gainOf(other) > candidates.gainOf(one) + epsilon ? other : one));
  const again = bestSubset(problem, [...rules, ...variedOf(candidates, candidates.all())]);
  return candidates.gainOf(again) > candidates.gainOf(rules) + epsilon
    ? settled(candidates, grown(candidates, again))
    : rules;
}

/** Returns the problem without conditions that name targets or their subscriptions. */
function withoutLists(problem: Problem): Problem {
  const namableTargets = problem.targetDimensions.map(({ fact }, dimension) =>
    fact.kind === 'id' || fact.kind === 'subscription' ? [] : (problem.namableTargets[dimension] ?? []),
  );
  return { ...problem, namableTargets };
}

const mostOfKind = 3;

/** Returns the first rule of each kind. */
function bestOfEachKind(rules: readonly PricedRule[]): readonly PricedRule[] {
  const kinds = new Set<string>();
  return rules.filter(({ rule: { requester } }) => !kinds.has(requester.kind) && kinds.add(requester.kind));
}

/** Returns the best rules of each kind, the best first. */
function variedOf(candidates: Candidates, rules: readonly PricedRule[]): readonly PricedRule[] {
  const gains = candidates.gainsBesides([]);
  const byNet = rules
    .map((rule) => ({ rule, net: netOf(rule, gains) }))
    .filter(({ net }) => net > epsilon)
    .sort((one, other) => other.net - one.net || compareText(one.rule.key, other.rule.key))
    .map(({ rule }) => rule);
  const counts = new Map<string, number>();
  return byNet.filter(({ rule }) => {
    const { kind } = rule.requester;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= mostOfKind;
  });
}

/** Adds the rule that gains most, as long as one does. */
function grown(candidates: Candidates, from: readonly PricedRule[]): readonly PricedRule[] {
  let rules = from;
  while (rules.length < mostRules) {
    const gains = candidates.gainsBesides(rules);
    const next = new Search(candidates, gains)
      .findRules()
      .reduce<PricedRule | undefined>((best, rule) => better(best, rule, gains), undefined);
    if (next === undefined || netOf(next, gains) <= epsilon) break;
    rules = [...rules, next];
  }
  return rules;
}

/** Changes, joins and removes rules as long as the total falls. */
function settled(candidates: Candidates, rules: readonly PricedRule[]): readonly PricedRule[] {
  let best = rules;
  for (let round = 0; round < mostRounds; round++) {
    const changed = joined(candidates, changedOneByOne(candidates, best));
    if (candidates.gainOf(changed) <= candidates.gainOf(best) + epsilon) break;
    best = changed;
  }
  return best;
}

function changedOneByOne(candidates: Candidates, rules: readonly PricedRule[]): readonly PricedRule[] {
  let best = rules;
  for (const rule of rules) {
    const others = best.filter((each) => each !== rule);
    const gains = candidates.gainsBesides(others);
    const changed = new Search(candidates, gains).improved(rule.rule, 'anyKind');
    best = netOf(changed, gains) > epsilon ? [...others, changed] : others;
  }
  return best;
}

/** Replaces two rules for the same kind of requesters by one, where that gains. */
function joined(candidates: Candidates, rules: readonly PricedRule[]): readonly PricedRule[] {
  for (const one of rules) {
    for (const other of rules) {
      if (one.key >= other.key || one.rule.requester.kind !== other.rule.requester.kind) continue;
      const others = rules.filter((rule) => rule !== one && rule !== other);
      const gains = candidates.gainsBesides(others);
      const values = new Set([...one.rule.requester.values, ...other.rule.requester.values]);
      const requester = { ...one.rule.requester, values: [...values].sort((a, b) => a - b) };
      const search = new Search(candidates, gains);
      const both = [
        ...others,
        search.improved({ requester, target: search.bestTargets(requester) }, 'anyKind'),
      ];
      if (candidates.gainOf(both) > candidates.gainOf(rules) + epsilon) return joined(candidates, both);
    }
  }
  return rules;
}

function fewExamples(candidates: Candidates): readonly PricedRule[] {
  const gains = candidates.gainsBesides([]);
  const { gain, approved } = candidates.problem.cells;
  const isHarmless = ({ cover, price }: PricedRule): boolean => {
    let approvals = 0;
    let isContradicted = false;
    forEachCell(cover, (cell) => {
      if ((gain[cell] ?? 0) <= 0) isContradicted = true;
      approvals += approved[cell] ?? 0;
    });
    return approvals > 0 && !isContradicted && price < Infinity;
  };
  const best = candidates
    .all()
    .filter(isHarmless)
    .reduce<PricedRule | undefined>((one, other) => better(one, other, gains), undefined);
  return best === undefined ? [] : [best];
}
