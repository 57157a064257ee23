import { lengthOfRequesterPart, maskOfRequesters, maskOfTargets, reachOfRequesters } from './coverage';
import type { RequesterDimension, RequesterKind } from '../problem/dimensions';
import { bitsToChoose } from '../problem/prices';
import type { Problem } from '../problem/problem';
import type { RequesterPart, TargetPart } from './rule';

/** What a rule for some targets would gain from each requester. */
interface Tally {
  /** Bits. */
  readonly gain: Float64Array;
  readonly approved: Uint32Array;
  readonly rejected: Uint32Array;
}

/** A part, and an estimate of the bits that it gains. */
interface Candidate {
  readonly part: RequesterPart;
  readonly score: number;
}

/**
 * Finds, for each kind, the part about who asks with which a rule for these targets gains most. Lists get exactly the best
 * number of entries; groups are added one by one. The best part comes first.
 *
 * @param gains for each cell, what its approval would gain
 */
export function bestRequesters(
  problem: Problem,
  gains: Float64Array,
  target: readonly TargetPart[],
): readonly RequesterPart[] {
  return problem.requesterDimensions
    .flatMap(
      (dimension) => bestPart(problem, dimension, tallyOf(problem, gains, dimension.kind, target)) ?? [],
    )
    .sort((one, other) => other.score - one.score)
    .map(({ part }) => part);
}

/** Lists the values of a kind that alone gain something for these targets, the best first. */
export function gainingValues(
  problem: Problem,
  gains: Float64Array,
  dimension: RequesterDimension,
): readonly number[] {
  const tally = tallyOf(problem, gains, dimension.kind, []);
  return positive(problem, dimension, { tally, gain: sumsOf(dimension, tally, []) });
}

/** Returns the best part of one kind. Undefined if no value gains anything. */
function bestPart(problem: Problem, dimension: RequesterDimension, tally: Tally): Candidate | undefined {
  const hasMany = dimension.kind === 'groups' || dimension.kind === 'peeredNetworks';
  return hasMany ? oneByOne(problem, dimension, tally) : bestList(problem, dimension, tally);
}

function tallyOf(
  problem: Problem,
  gains: Float64Array,
  kind: RequesterKind,
  target: readonly TargetPart[],
): Tally {
  const {
    count,
    requester,
    target: targetOf,
    approved: approvals,
    rejected: rejections,
    isSame,
  } = problem.cells;
  const targets = maskOfTargets(problem, target);
  const gain = new Float64Array(problem.subscriptionOf.length);
  const approved = new Uint32Array(problem.subscriptionOf.length);
  const rejected = new Uint32Array(problem.subscriptionOf.length);
  const sameOnly = kind === 'sameSubscription';
  for (let cell = 0; cell < count; cell++) {
    if (targets[targetOf[cell] ?? 0] !== 1 || (sameOnly && isSame[cell] !== 1)) continue;
    const who = requester[cell] ?? 0;
    gain[who] = (gain[who] ?? 0) + (gains[cell] ?? 0);
    approved[who] = (approved[who] ?? 0) + (approvals[cell] ?? 0);
    rejected[who] = (rejected[who] ?? 0) + (rejections[cell] ?? 0);
  }
  return { gain, approved, rejected };
}

/** Adds the gains of requesters by value. Requesters that have one of the `chosen` values do not count again. */
function sumsOf({ of, texts }: RequesterDimension, tally: Tally, chosen: readonly number[]): Float64Array {
  const gain = new Float64Array(texts.length);
  of.forEach((values, requester) => {
    if (chosen.length > 0 && values.some((value) => chosen.includes(value))) return;
    for (const value of values) gain[value] = (gain[value] ?? 0) + (tally.gain[requester] ?? 0);
  });
  return gain;
}

/** Lists the values that gain something and may be named, the best first. */
function positive(
  { namable, evidence }: Problem,
  { kind, of }: RequesterDimension,
  { tally, gain }: { readonly tally: Tally; readonly gain: Float64Array },
): readonly number[] {
  const wanted = evidence.get(kind) ?? [];
  const approved = new Uint32Array(gain.length);
  const rejected = new Uint32Array(gain.length);
  const isNeeded = wanted.some((each) => each !== undefined);
  (isNeeded ? of : []).forEach((values, requester) => {
    for (const value of values) {
      approved[value] = (approved[value] ?? 0) + (tally.approved[requester] ?? 0);
      rejected[value] = (rejected[value] ?? 0) + (tally.rejected[requester] ?? 0);
    }
  });
  const isEvident = (value: number): boolean => {
    const evidence = wanted[value];
    const approvals = approved[value] ?? 0;
    if (evidence === undefined) return true;
    return approvals >= evidence.approved && approvals >= evidence.perRejection * (rejected[value] ?? 0);
  };
  return [...gain.keys()]
    .filter((value) => (gain[value] ?? 0) > 0 && namable.get(kind)?.[value] === true && isEvident(value))
    .sort((one, other) => (gain[other] ?? 0) - (gain[one] ?? 0) || one - other);
}

/** Finds the best list. Every requester has at most one value, so the best list of a length has those that gain most. */
function bestList(problem: Problem, dimension: RequesterDimension, tally: Tally): Candidate | undefined {
  const { kind } = dimension;
  const gain = sumsOf(dimension, tally, []);
  const values = positive(problem, dimension, { tally, gain });
  let best: { readonly count: number; readonly score: number } | undefined;
  let sum = 0;
  values.forEach((value, index) => {
    sum += gain[value] ?? 0;
    const score = sum - lengthOfRequesterPart(problem, { kind, values: values.slice(0, index + 1) });
    if (best === undefined || score > best.score) best = { count: index + 1, score };
  });
  if (best === undefined) return undefined;
  const part = { kind, values: values.slice(0, best.count).sort((one, other) => one - other) };
  return { part, score: best.score - widthOf(problem, part, tally) };
}

const mostTried = 6;
const mostValues = 24;

/** Adds the value that gains most, as long as one does. */
function oneByOne(problem: Problem, dimension: RequesterDimension, tally: Tally): Candidate | undefined {
  const { kind } = dimension;
  let best: Candidate | undefined;
  let sum = 0;
  for (let count = 0; count < mostValues; count++) {
    const before = best?.part.values ?? [];
    const gain = sumsOf(dimension, tally, before);
    let next: (Candidate & { readonly sum: number }) | undefined;
    for (const value of positive(problem, dimension, { tally, gain }).slice(0, mostTried)) {
      const part = { kind, values: [...before, value].sort((one, other) => one - other) };
      const total = sum + (gain[value] ?? 0);
      const score = total - lengthOfRequesterPart(problem, part) - widthOf(problem, part, tally);
      if (next === undefined || score > next.score) next = { part, score, sum: total };
    }
    if (next === undefined || (best !== undefined && next.score <= best.score)) break;
    best = next;
    ({ sum } = next);
  }
  return best;
}

function widthOf(problem: Problem, part: RequesterPart, { approved }: Tally): number {
  const mask = maskOfRequesters(problem, part);
  const seen = new Set<number>();
  mask.forEach((isMeant, requester) => {
    if (isMeant === 1 && (approved[requester] ?? 0) > 0) seen.add(problem.subscriptionOf[requester] ?? 0);
  });
  return bitsToChoose(reachOfRequesters(problem, part), seen.size);
}
