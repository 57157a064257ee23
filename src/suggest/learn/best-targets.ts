import {
  isOfTypes,
  lengthOfTargetPart,
  maskOfRequesters,
  maskOfTargets,
  type Mask,
  namesTypes,
  reachOfTargets,
  unseenTargets,
} from './coverage';
import { bitsToChoose } from '../problem/prices';
import { type Problem, targetDimensionAt } from '../problem/problem';
import type { RequesterPart, TargetPart } from './rule';

/** What a rule for some requesters would gain from each target, in bits, and whether it has approvals. */
interface Tally {
  readonly gain: Float64Array;
  readonly isApproved: Uint8Array;
}

interface Candidate {
  readonly parts: readonly TargetPart[];
  readonly score: number;
}

const mostParts = 4;
const mostStarts = 5;

/**
 * Finds the conditions about the target with which a rule for these requesters gains most: starts from the best
 * condition about each of several facts, and completes it.
 *
 * @param gains for each cell, what its approval would gain
 */
export function bestTargets(
  problem: Problem,
  gains: Float64Array,
  requester: RequesterPart,
): readonly TargetPart[] {
  const tally = tallyOf(problem, gains, requester);
  const none = scored(problem, tally, []);
  const first = extensions(problem, tally, []).slice(0, mostStarts);
  return [none, ...first.map((start) => completed(problem, tally, start))].reduce((one, other) =>
    other.score > one.score ? other : one,
  ).parts;
}

/** Adds the best condition as long as one gains, then removes each that no longer does. */
function completed(problem: Problem, tally: Tally, start: Candidate): Candidate {
  let best = start;
  while (best.parts.length < mostParts) {
    const [next] = extensions(problem, tally, best.parts);
    if (next === undefined || next.score <= best.score) break;
    best = next;
  }
  for (const { dimension } of best.parts) {
    const others = best.parts.filter((part) => part.dimension !== dimension);
    const without = scored(problem, tally, others);
    if (without.score >= best.score) best = without;
  }
  return best;
}

/** Lists conditions with one value that alone gain something for these requesters, the best first. */
export function gainingConditions(
  problem: Problem,
  gains: Float64Array,
  requester: RequesterPart,
): readonly TargetPart[] {
  const tally = tallyOf(problem, gains, requester);
  return problem.targetDimensions
    .flatMap(({ fact, texts }, dimension) => {
      if (fact.kind === 'id' || problem.namableTargets[dimension]?.includes(true) !== true) return [];
      const mask = maskOfTargets(problem, [], namesTypes(problem, [{ dimension }]));
      const { gain } = sumsOf(problem, tally, { number: dimension, mask });
      return [...texts.keys()]
        .filter((value) => problem.namableTargets[dimension]?.[value] === true && (gain[value] ?? 0) > 0)
        .map((value) => ({ part: { dimension, values: [value], negated: false }, gain: gain[value] ?? 0 }));
    })
    .sort((one, other) => other.gain - one.gain)
    .map(({ part }) => part);
}

function tallyOf(problem: Problem, gains: Float64Array, part: RequesterPart): Tally {
  const { count, requester, target, approved, isSame } = problem.cells;
  const requesters = maskOfRequesters(problem, part);
  const gain = new Float64Array(problem.opensMany.length);
  const isApproved = new Uint8Array(problem.opensMany.length);
  const sameOnly = part.kind === 'sameSubscription';
  for (let cell = 0; cell < count; cell++) {
    if (requesters[requester[cell] ?? 0] !== 1 || (sameOnly && isSame[cell] !== 1)) continue;
    const at = target[cell] ?? 0;
    gain[at] = (gain[at] ?? 0) + (gains[cell] ?? 0);
    if ((approved[cell] ?? 0) > 0) isApproved[at] = 1;
  }
  return { gain, isApproved };
}

function scored(problem: Problem, { gain, isApproved }: Tally, parts: readonly TargetPart[]): Candidate {
  const mask = maskOfTargets(problem, parts);
  let sum = 0;
  let seen = 0;
  for (let target = 0; target < mask.length; target++) {
    if (mask[target] !== 1) continue;
    sum += gain[target] ?? 0;
    seen += isApproved[target] ?? 0;
  }
  return {
    parts,
    score: sum - lengthOf(problem, parts) - bitsToChoose(reachOfTargets(problem, parts), seen),
  };
}

/**
 * Adds one condition about a fact that no condition reads yet: the best about each fact, the best first. A rule names types
 * in one way only.
 */
function extensions(problem: Problem, tally: Tally, parts: readonly TargetPart[]): readonly Candidate[] {
  const free = problem.targetDimensions
    .map((dimension, number) => ({ dimension, number }))
    .filter(
      ({ dimension, number }) =>
        problem.namableTargets[number]?.includes(true) === true &&
        parts.every((part) => part.dimension !== number) &&
        !(isOfTypes(dimension) && namesTypes(problem, parts)),
    );
  const masks = { named: maskOfTargets(problem, parts, true), unnamed: maskOfTargets(problem, parts) };
  return free
    .flatMap(({ number, dimension }) => {
      const sums = sumsOf(problem, tally, {
        number,
        mask: isOfTypes(dimension) ? masks.named : masks.unnamed,
      });
      const including = bestCondition(problem, sums, { number, parts });
      // A list of what is not meant would have to grow with the estate: only tags are excluded.
      const excluding =
        dimension.fact.kind === 'tag'
          ? bestCondition(problem, sums, { number, parts, negated: true })
          : undefined;
      return [including, excluding].filter((candidate) => candidate !== undefined);
    })
    .sort((one, other) => other.score - one.score);
}

/** Finds the best set of values of one fact: for each number of values, those that gain most; or that lose most. */
function bestCondition(
  problem: Problem,
  sums: Sums,
  {
    number,
    parts,
    negated = false,
  }: { readonly number: number; readonly parts: readonly TargetPart[]; readonly negated?: boolean },
): Candidate | undefined {
  const sign = negated ? -1 : 1;
  const values = [...sums.gain.keys()]
    .filter((value) => problem.namableTargets[number]?.[value] === true && sign * (sums.gain[value] ?? 0) > 0)
    .sort((one, other) => sign * ((sums.gain[other] ?? 0) - (sums.gain[one] ?? 0)) || one - other);
  const others = lengthOf(problem, parts);
  const total = negated ? { ...sums.all } : { gain: 0, reach: 0, seen: 0 };
  let best: { readonly count: number; readonly score: number } | undefined;
  values.forEach((value, index) => {
    total.gain += sign * (sums.gain[value] ?? 0);
    total.reach += sign * (sums.reach[value] ?? 0);
    total.seen += sign * (sums.seen[value] ?? 0);
    const part = { dimension: number, values: values.slice(0, index + 1), negated };
    const reach = total.reach + unseenTargets(problem, [...parts, part]);
    const score = total.gain - others - lengthOfTargetPart(problem, part) - bitsToChoose(reach, total.seen);
    if (best === undefined || score > best.score) best = { count: index + 1, score };
  });
  if (best === undefined) return undefined;
  const part = {
    dimension: number,
    values: values.slice(0, best.count).sort((one, other) => one - other),
    negated,
  };
  const all = [...parts, part].sort((one, other) => one.dimension - other.dimension);
  return { parts: all, score: best.score };
}

function lengthOf(problem: Problem, parts: readonly TargetPart[]): number {
  return parts.reduce((total, part) => total + lengthOfTargetPart(problem, part), 0);
}

/** What a rule would gain and match by value of one fact, and over all targets of which the fact was read. */
interface Sums {
  readonly gain: Float64Array;
  readonly reach: Float64Array;
  readonly seen: Float64Array;
  readonly all: { readonly gain: number; readonly reach: number; readonly seen: number };
}

function sumsOf(
  problem: Problem,
  { gain, isApproved }: Tally,
  { number, mask }: { readonly number: number; readonly mask: Mask },
): Sums {
  const { valueOf, wasRead, texts } = targetDimensionAt(problem, number);
  const columns = [0, 1, 2].map(() => new Float64Array(texts.length));
  const [gains, reach, seen] = columns as [Float64Array, Float64Array, Float64Array];
  const all = { gain: 0, reach: 0, seen: 0 };
  for (let target = 0; target < mask.length; target++) {
    if (mask[target] !== 1) continue;
    const added = { gain: gain[target] ?? 0, reach: 1, seen: isApproved[target] ?? 0 };
    if (wasRead[target] === true) {
      all.gain += added.gain;
      all.reach += added.reach;
      all.seen += added.seen;
    }
    const value = valueOf[target] ?? -1;
    if (value < 0) continue;
    gains[value] = (gains[value] ?? 0) + added.gain;
    reach[value] = (reach[value] ?? 0) + added.reach;
    seen[value] = (seen[value] ?? 0) + added.seen;
  }
  return { gain: gains, reach, seen, all };
}
