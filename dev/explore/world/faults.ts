import type { Random } from '../../azure/model/random';

/** The kinds of faults. Each world draws its own subset of them, and how often they occur. */
export const faultKinds = [
  'workers-crash',
  'instances-die',
  'instances-drain',
  'instances-scale',
  'instances-pause',
  'clocks-differ',
  'storage-slow',
  'storage-refuses',
  'storage-loses-replies',
  'storage-away',
  'arm-slow',
  'arm-errors',
  'arm-lies',
  'arm-loses-replies',
  'arm-away',
  'events-lost',
  'events-twice',
  'events-late',
  'arm-refuses',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export type FaultSet = ReadonlySet<FaultKind>;

/**
 * Draws the faults of a world: none in some, few in most, all in some. A world with few faults reaches states
 * that one with all of them never does.
 */
export function drawFaults(random: Random, later: Random): FaultSet {
  const share = [0, 0.15, 0.3, 0.3, 0.5, 1][Math.floor(random.next() * 6)] ?? 0;
  // What was added later draws from a stream of its own, so that the worlds of known seeds stay as they were.
  const isDrawn = (kind: FaultKind): boolean => (addedLater.has(kind) ? later : random).next() < share;
  return new Set(faultKinds.filter(isDrawn));
}

const addedLater: ReadonlySet<FaultKind> = new Set<FaultKind>(['arm-refuses']);
