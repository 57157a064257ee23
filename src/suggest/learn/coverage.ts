import { addTo, type Cover, emptyCover, forEachCell } from './cover';
import type { RequesterKind, TargetDimension } from '../problem/dimensions';
import { evidenceWanted, isEnough, type Seen } from '../problem/evidence';
import { bitsOfSet, bitsToChoose, prices } from '../problem/prices';
import { dimensionOfKind, type Problem, targetDimensionAt } from '../problem/problem';
import type { LearnedRule, RequesterPart, TargetPart } from './rule';

/** For each requester or target: 1 if it is meant, otherwise 0. */
export type Mask = Uint8Array;

/** Returns which requesters a part is for. */
export function maskOfRequesters(problem: Problem, { kind, values }: RequesterPart): Mask {
  const { of, texts } = dimensionOfKind(problem, kind);
  const isWanted = flagsOf(values, texts.length);
  return Uint8Array.from(of, (own) => (own.some((value) => isWanted[value] === 1) ? 1 : 0));
}

function flagsOf(values: readonly number[], count: number): Uint8Array {
  const flags = new Uint8Array(count);
  for (const value of values) flags[value] = 1;
  return flags;
}

/**
 * Returns which targets a rule's conditions are for.
 *
 * @param isNamed whether the rule names the types of its targets
 */
export function maskOfTargets(
  problem: Problem,
  parts: readonly TargetPart[],
  isNamed = namesTypes(problem, parts),
): Mask {
  const mask = Uint8Array.from(problem.opensMany, (opensMany) => (opensMany && !isNamed ? 0 : 1));
  for (const { dimension: number, values, negated } of parts) {
    const dimension = targetDimensionAt(problem, number);
    const isWanted = flagsOf(values, dimension.texts.length);
    for (let target = 0; target < mask.length; target++) {
      const value = dimension.valueOf[target] ?? -1;
      const has = value >= 0 && isWanted[value] === 1;
      if (negated ? has || dimension.wasRead[target] !== true : !has) mask[target] = 0;
    }
  }
  return mask;
}

/** Tells whether conditions name the types of the targets. Only such a rule opens types of which one approval opens many. */
export function namesTypes(problem: Problem, parts: readonly Pick<TargetPart, 'dimension'>[]): boolean {
  return parts.some(({ dimension }) => isOfTypes(targetDimensionAt(problem, dimension)));
}

/** Tells whether a dimension is about the types of targets. */
export function isOfTypes({ fact }: TargetDimension): boolean {
  return fact.kind === 'service' || fact.kind === 'type';
}

/** Returns which cells a rule approves. */
export function coverOf(problem: Problem, { requester: part, target: parts }: LearnedRule): Cover {
  const { count, requester, target, isSame } = problem.cells;
  const requesters = maskOfRequesters(problem, part);
  const targets = maskOfTargets(problem, parts);
  const sameOnly = part.kind === 'sameSubscription';
  const cover = emptyCover(count);
  for (let cell = 0; cell < count; cell++) {
    if (requesters[requester[cell] ?? 0] !== 1 || targets[target[cell] ?? 0] !== 1) continue;
    if (!sameOnly || isSame[cell] === 1) addTo(cover, cell);
  }
  return cover;
}

/**
 * Returns the price of a rule in bits: its length, and the price of its width. Infinity if it names somebody without the
 * evidence that this takes.
 */
export function priceOf(problem: Problem, rule: LearnedRule, cover: Cover): number {
  if (!isEvident(problem, rule, cover)) return Infinity;
  const { requester, target, approved } = problem.cells;
  const approvedBy = new Set<number>();
  const approvedFor = new Set<number>();
  forEachCell(cover, (cell) => {
    if (approved[cell] === 0) return;
    approvedBy.add(problem.subscriptionOf[requester[cell] ?? 0] ?? 0);
    approvedFor.add(target[cell] ?? 0);
  });
  return (
    prices.rule +
    lengthOfRequesterPart(problem, rule.requester) +
    rule.target.reduce((sum, part) => sum + lengthOfTargetPart(problem, part), 0) +
    bitsToChoose(reachOfRequesters(problem, rule.requester), approvedBy.size) +
    bitsToChoose(reachOfTargets(problem, rule.target), approvedFor.size)
  );
}

/**
 * Tells whether the approvals that a rule explains are evidence enough for everybody whom it names, and for each type of
 * which one approval opens many resources.
 */
function isEvident(problem: Problem, { requester: { kind, values } }: LearnedRule, cover: Cover): boolean {
  const wanted = problem.evidence.get(kind) ?? [];
  const { of } = dimensionOfKind(problem, kind);
  const { requester, target } = problem.cells;
  const seen = new Map(
    values.filter((value) => wanted[value] !== undefined).map((value) => [value, noneSeen()]),
  );
  const opened = new Map<number, Seen>();
  if (seen.size === 0 && !problem.opensMany.includes(true)) return true;
  forEachCell(cover, (cell) => {
    for (const value of of[requester[cell] ?? 0] ?? []) addSeen(seen.get(value), problem, cell);
    if (problem.opensMany[target[cell] ?? 0] !== true) return;
    const type = problem.typeOf[target[cell] ?? 0] ?? 0;
    const tally = opened.get(type) ?? noneSeen();
    opened.set(type, tally);
    addSeen(tally, problem, cell);
  });
  return (
    [...seen].every(([value, tally]) => isEnough(tally, wanted[value] ?? evidenceWanted.outside)) &&
    [...opened.values()].every((tally) => isEnough(tally, evidenceWanted.opensMany))
  );
}

function noneSeen(): Seen {
  return { approved: 0, rejected: 0, targets: new Set() };
}

function addSeen(tally: Seen | undefined, { cells }: Problem, cell: number): void {
  if (tally === undefined) return;
  tally.approved += cells.approved[cell] ?? 0;
  tally.rejected += cells.rejected[cell] ?? 0;
  if ((cells.approved[cell] ?? 0) > 0) tally.targets.add(cells.target[cell] ?? 0);
}

/** Returns the length of the part about who asks, in bits. */
export function lengthOfRequesterPart(problem: Problem, { kind, values }: RequesterPart): number {
  if (kind === 'tenant' || kind === 'sameSubscription') return prices.kind;
  return prices.kind + bitsOfSet(dimensionOfKind(problem, kind).texts.length, values.length);
}

/** Returns the length of a condition about the target, in bits. */
export function lengthOfTargetPart(
  problem: Problem,
  { dimension, values }: Pick<TargetPart, 'dimension' | 'values'>,
): number {
  const { texts, fact } = targetDimensionAt(problem, dimension);
  const choice = 1 + Math.log2(problem.targetDimensions.length + 1);
  const isList = fact.kind === 'id' || fact.kind === 'subscription';
  return choice + bitsOfSet(texts.length, values.length) + (isList ? prices.named * values.length : 0);
}

/**
 * Returns how many subscriptions a part can match: those that the estate shows, and those that may come. A list names
 * all of its subscriptions; every management group may get one more.
 */
export function reachOfRequesters(problem: Problem, part: RequesterPart): number {
  const mask = maskOfRequesters(problem, part);
  const seen = new Set<number>();
  problem.subscriptionOf.forEach((subscription, requester) => {
    if (mask[requester] === 1) seen.add(subscription);
  });
  return seen.size + unseen(problem, part.kind, mask);
}

function unseen(problem: Problem, kind: RequesterKind, mask: Mask): number {
  switch (kind) {
    case 'tenant':
      return 1 + groupsWithin(problem, mask);
    case 'groups':
      return groupsWithin(problem, mask);
    case 'sameSubscription':
    case 'peeredNetworks':
    case 'outsideTenants':
      return 1;
    default:
      return 0;
  }
}

/** Counts the management groups of which all requesters are meant. */
function groupsWithin({ requesterDimensions }: Problem, mask: Mask): number {
  const groups = requesterDimensions.find(({ kind }) => kind === 'groups');
  if (groups === undefined) return 0;
  const isOutside = new Uint8Array(groups.texts.length);
  groups.of.forEach((values, requester) => {
    if (mask[requester] !== 1) for (const value of values) isOutside[value] = 1;
  });
  return isOutside.reduce((count, outside) => count + 1 - outside, 0);
}

/** Returns how many targets conditions can match: those that the estate shows, and those that may come. */
export function reachOfTargets(problem: Problem, parts: readonly TargetPart[]): number {
  const seen = maskOfTargets(problem, parts).reduce((sum, each) => sum + each, 0);
  return seen + unseenTargets(problem, parts);
}

/** Returns how many targets may come that conditions match: none if they name targets, more if they exclude some. */
export function unseenTargets(problem: Problem, parts: readonly TargetPart[]): number {
  if (parts.some(({ dimension }) => targetDimensionAt(problem, dimension).fact.kind === 'id')) return 0;
  return parts.reduce((sum, { negated, values }) => sum + (negated ? values.length : 0), 1);
}
