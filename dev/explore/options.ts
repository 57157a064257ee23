import { numberOf, parseOptions, UsageError, wholeNumberOf } from '../lib/cli-options';
import { actorKinds, type ActorKind, type WorldShape } from './world/plan';
import { faultKinds, type FaultKind } from './world/faults';

export interface ExploreOptions {
  readonly worlds: number;
  /** Whether the fixed worlds are run, and no others. */
  readonly fixed: boolean;
  /** The seed of the first world; the others follow it. */
  readonly from: number;
  /** Runs this one world and tells its story. */
  readonly seed: number | undefined;
  readonly shape: WorldShape;
  /** A build of the app with one mechanism removed, or `all`: the worlds stop at the first that breaks a law. */
  readonly broken: string | undefined;
  /** The number of processes. */
  readonly processes: number;
  /** Whether each world is run twice and must be the same. */
  readonly twice: boolean;
  /** Whether the visited pairs of state and event are printed; a pair that no world has met is then a failure. */
  readonly pairs: boolean;
  /** Whether the story is told although no law is broken. */
  readonly story: boolean;
  /** Whether everything that happened is printed. */
  readonly trace: boolean;
}

export const usage = `npm run explore -- [options]
  --worlds N        how many worlds to run; default 1000
  --from N          the seed of the first world; default: a new one each time
  --fixed           runs the worlds that every run of the tests repeats
  --seed N          runs one world again; if it breaks a law, makes it as small as possible and tells its story
  --story           with --seed: tells the story in any case
  --trace           with --seed: prints everything that happened
  --connections N   the same for each world; default: drawn
  --hours N         how long faults occur; default: drawn
  --per-target N    the mean number of connections of a target; default: drawn
  --sweep-hours N   the hours between two sweeps, 0.25, 1 or 4; default: drawn
  --per-hour N      the writes of one kind that the policy allows in an hour; default: drawn
  --late-acts       people act often and at any time, not only around the first answers
  --strikes P       how probably a process ends at each of its steps; default 0.002
  --spells N        the spells of minutes in which faults occur, with quiet hours between them; 0: they occur all
                    the time; default: 0, and drawn where --hours is more than 8
  --faults A,B      kinds of faults, or none; default: drawn. ${faultKinds.join(', ')}
  --actors A,B      who else acts, or none; default: drawn. ${actorKinds.join(', ')}
  --broken NAME     a build with one mechanism removed, which must break a law; stops at the first world that does.
                    all: every such build, each within 200 worlds from seed 1; exit code 0: each broke a law
  --twice           runs each world twice and compares their traces
  --pairs           prints how often each pair of operation state and event was visited; each must be
  --processes N     default 2
Prints one line of JSON. Exit code 0: no law was broken; 1: one was.`;

const known = {
  worlds: { type: 'string' },
  from: { type: 'string' },
  fixed: { type: 'boolean' },
  seed: { type: 'string' },
  story: { type: 'boolean' },
  trace: { type: 'boolean' },
  connections: { type: 'string' },
  hours: { type: 'string' },
  faults: { type: 'string' },
  actors: { type: 'string' },
  'per-target': { type: 'string' },
  'sweep-hours': { type: 'string' },
  strikes: { type: 'string' },
  'late-acts': { type: 'boolean' },
  'per-hour': { type: 'string' },
  spells: { type: 'string' },
  only: { type: 'string' },
  broken: { type: 'string' },
  twice: { type: 'boolean' },
  pairs: { type: 'boolean' },
  processes: { type: 'string' },
} as const;

const largestSeed = 4_294_967_295;

/**
 * Reads the options of `npm run explore`.
 * @throws UsageError that names the option and its values.
 */
export function readOptions(args: readonly string[]): ExploreOptions {
  const values = parseOptions(args, known, usage);
  const { connections, hours, only } = values;
  const isBroken = values.broken !== undefined;
  return {
    worlds: wholeNumberOf('--worlds', values.worlds ?? (isBroken ? '200' : '1000'), [1, 10_000_000]),
    from: wholeNumberOf('--from', values.from ?? (isBroken ? '1' : newSeed()), [0, largestSeed]),
    fixed: values.fixed ?? false,
    seed: values.seed === undefined ? undefined : wholeNumberOf('--seed', values.seed, [0, largestSeed]),
    story: values.story ?? false,
    trace: values.trace ?? false,
    twice: values.twice ?? false,
    pairs: values.pairs ?? false,
    broken: values.broken,
    processes: wholeNumberOf('--processes', values.processes ?? '2', [1, 64]),
    shape: {
      ...(connections === undefined
        ? {}
        : { connections: wholeNumberOf('--connections', connections, [1, 500]) }),
      ...(hours === undefined ? {} : { hours: wholeNumberOf('--hours', hours, [1, 240]) }),
      ...(values.faults === undefined
        ? {}
        : { faults: namesOf<FaultKind>('--faults', values.faults, faultKinds) }),
      ...(values.actors === undefined
        ? {}
        : { actors: namesOf<ActorKind>('--actors', values.actors, actorKinds) }),
      ...(values['per-target'] === undefined
        ? {}
        : { perTarget: wholeNumberOf('--per-target', values['per-target'], [1, 500]) }),
      ...(values['sweep-hours'] === undefined
        ? {}
        : { sweepHours: numberOf('--sweep-hours', values['sweep-hours']) }),
      ...(values['late-acts'] === undefined ? {} : { lateActs: values['late-acts'] }),
      ...(values.strikes === undefined ? {} : { strikeChance: numberOf('--strikes', values.strikes) }),
      ...(values['per-hour'] === undefined
        ? {}
        : { perHour: wholeNumberOf('--per-hour', values['per-hour'], [1, 500]) }),
      ...(values.spells === undefined ? {} : { spells: wholeNumberOf('--spells', values.spells, [0, 100]) }),
      ...(only === undefined ? {} : { only: only.split(',') }),
    },
  };
}

function newSeed(): string {
  return String(Date.now() % 1_000_000_000);
}

function namesOf<T extends string>(option: string, text: string, known: readonly T[]): readonly T[] {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const found = known.find((each) => each === name);
    if (found !== undefined) return found;
    throw new UsageError(`${option} takes some of ${known.join(', ')}, or none; not "${name}"`);
  });
}
