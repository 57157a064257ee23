import type { WorldShape } from './world/plan';

/** A world to be run. */
export interface PlannedRun {
  readonly seed: number;
  /** Absent: as drawn. */
  readonly shape?: WorldShape | undefined;
  /** Whether it is run twice and must be the same both times. */
  readonly twice?: boolean | undefined;
}

/** Seeds whose worlds once found a fault, of Postern or of the judge. */
export const namedSeeds: readonly number[] = [
  // The outcome of an operation was not saved before it was recorded.
  106,
  // A paused review put back an old mark of a target, and a decision's id was used again.
  82,
  // Copies of a hint whose connection never came cost a review each.
  129,
  // A process that was paused went on by a policy that others had replaced.
  3_000_112,
  // The judge counted a version of the policy that no worker had ever read.
  57_153_528,
];

/** Worlds made for pairs of state and event that drawn worlds seldom or never meet. */
const madeWorlds: readonly PlannedRun[] = [];

/** How many seeds, from 1, are among the fixed worlds. */
const seedsFromOne = 300;
/** One in so many of them is run twice. */
const twiceEvery = 20;

/** The worlds that every run of the tests repeats. */
export const fixedWorlds: readonly PlannedRun[] = [
  ...madeWorlds,
  ...namedSeeds.filter((seed) => seed > seedsFromOne).map((seed) => ({ seed })),
  ...Array.from({ length: seedsFromOne }, (_, index) => ({
    seed: index + 1,
    twice: index % twiceEvery === 0,
  })),
];
