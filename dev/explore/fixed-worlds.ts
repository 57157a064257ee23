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
  // The judge took a write for open whose end was read while its answer was still under way.
  67_513_537,
  // A message whose workers ended at each of ten deliveries counted as left behind.
  80_000_441,
  // A write that was sent again no longer counted against its limit a minute later.
  80_000_603,
  // The judge judged a write that was under way for long by what its worker read meanwhile.
  80_001_151,
  // Outcome events whose workers ended at each of five deliveries counted as left behind.
  91_000_188,
  // A late write met the next one, because the bad state of an earlier attempt had been taken for its end.
  500_000_144,
  // The approval of an earlier version was no longer known to be Postern's once its end had been planned.
  710_000_213,
  // An answer that was given again counted against its limit at the time of the first one.
  710_000_456,
];

/** Two days and a half of people, an author and an operator, without a spell. */
const long: WorldShape = {
  hours: 60,
  spells: 0,
  sweepHours: 4,
  faults: ['arm-refuses', 'workers-crash', 'storage-loses-replies'],
  actors: ['people', 'author', 'operator'],
  connections: 8,
  perTarget: 3,
  lateActs: true,
};

/**
 * Worlds made for pairs of state and event that drawn worlds seldom or never meet. If a change of the app leaves a pair
 * unvisited, `npm run explore -- --pairs` with such options and other seeds finds worlds that visit it.
 */
const made: readonly { readonly seeds: readonly number[]; readonly shape: WorldShape }[] = [
  // Much goes wrong at once: messages fail, come late and twice, and limits hold.
  {
    seeds: [604, 606, 608, 609, 613, 615],
    shape: {
      hours: 4,
      faults: [
        'storage-loses-replies',
        'storage-refuses',
        'workers-crash',
        'arm-lies',
        'arm-loses-replies',
        'arm-refuses',
      ],
      actors: ['people', 'insisters', 'author', 'operator'],
      connections: 12,
      perTarget: 4,
      strikeChance: 0.006,
      perHour: 1,
    },
  },
  // Processes end while operations end.
  {
    seeds: [801, 803, 804, 807, 809, 811],
    shape: {
      hours: 1,
      faults: ['storage-loses-replies', 'storage-refuses', 'workers-crash', 'arm-lies', 'instances-die'],
      actors: ['people', 'insisters', 'author', 'operator'],
      connections: 16,
      perTarget: 8,
      strikeChance: 0.01,
      perHour: 1,
    },
  },
  {
    seeds: [3000, 3004, 3007],
    shape: {
      hours: 1,
      faults: ['storage-loses-replies', 'instances-die', 'arm-loses-replies', 'workers-crash'],
      actors: ['people', 'insisters', 'author'],
      connections: 24,
      perTarget: 8,
      strikeChance: 0.012,
    },
  },
  // People act at any time on what expired or is held.
  {
    seeds: [901, 902, 904, 907, 908, 910, 5001, 5013, 6001],
    shape: {
      hours: 4,
      faults: [
        'storage-loses-replies',
        'workers-crash',
        'instances-die',
        'arm-loses-replies',
        'arm-lies',
        'arm-refuses',
      ],
      actors: ['people', 'insisters', 'author', 'operator'],
      connections: 12,
      perTarget: 4,
      strikeChance: 0.008,
      perHour: 1,
      lateActs: true,
    },
  },
  // Processes end and stand still while operations end, and people change what they end.
  {
    seeds: [6001, 6005],
    shape: {
      hours: 2,
      faults: [
        'storage-loses-replies',
        'storage-refuses',
        'workers-crash',
        'instances-die',
        'instances-pause',
      ],
      actors: ['people', 'insisters', 'author'],
      connections: 24,
      perTarget: 6,
      strikeChance: 0.02,
      lateActs: true,
    },
  },
  // Writes are refused for so long that operations are abandoned.
  {
    seeds: [1003, 1004, 1005, 1007],
    shape: {
      hours: 26,
      spells: 0,
      sweepHours: 4,
      faults: ['arm-refuses', 'workers-crash', 'storage-loses-replies'],
      actors: ['people', 'author', 'operator'],
      connections: 6,
      perTarget: 2,
      strikeChance: 0.006,
      lateActs: true,
    },
  },
  {
    seeds: [4006, 4008, 4011, 5108, 6108],
    shape: { ...long, strikeChance: 0.01 },
  },
  {
    // In the first, copies of a scheduled review multiplied while the policy did not load.
    seeds: [6114, 6117, 6119, 6125, 6130],
    shape: { ...long, strikeChance: 0.012 },
  },
];

const madeWorlds: readonly PlannedRun[] = made.flatMap(({ seeds, shape }) =>
  seeds.map((seed) => ({ seed, shape })),
);

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
