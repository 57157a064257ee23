import type { TypesOfRun } from './plan/draw-targets';
import { parseOptions, UsageError, wholeNumberOf } from '../lib/cli-options';

export const brokenBuilds = [
  'no-lease',
  'no-write-ahead',
  'trust-event',
  'one-404',
  'foreign-401',
  'page-trusted',
] as const;
export type BrokenBuild = (typeof brokenBuilds)[number];

export interface ChaosOptions {
  readonly seed: number;
  readonly connections: number;
  readonly targets: number;
  readonly types: TypesOfRun;
  /** The time limit of the run. */
  readonly minutes: number;
  /** A build of the app with one mechanism removed; the checker must find violations. */
  readonly broken: BrokenBuild | undefined;
  /** An earlier commit, whose build runs first, then beside the present one, and is then replaced. */
  readonly beside: string | undefined;
  /** Whether to print the host's warnings and errors to standard error. */
  readonly verbose: boolean;
  /** A file for the complete log of the hosts, with time and instance. */
  readonly log?: string | undefined;
}

export const usage = `npm run chaos -- [options]
  --seed N          determines the world, the expected effects, faults and kills; default: a new one each time
  --connections N   default 1000
  --targets N       default 200
  --types NAME      four: the types with a store of their own, the default; all: families of others, too
  --minutes N       time limit, default 15
  --broken NAME     a build that must fail: ${brokenBuilds.join(', ')}
  --beside COMMIT   begins with the build of an earlier commit, goes on with both beside each other, ends with
                    the present one; no faults but killed workers; default 96 connections
  --verbose         prints the hosts' warnings and errors to standard error
  --log FILE        writes the complete log of both hosts to a file
Prints one line of JSON. Exit code 0: no violations; 1: violations.`;

/** Small runs that show the problem of each broken build quickly. */
const aimed: Readonly<Record<BrokenBuild, { connections: string; targets: string }>> = {
  'no-lease': { connections: '40', targets: '4' },
  'no-write-ahead': { connections: '16', targets: '8' },
  'trust-event': { connections: '40', targets: '4' },
  'one-404': { connections: '120', targets: '16' },
  'foreign-401': { connections: '40', targets: '4' },
  'page-trusted': { connections: '60', targets: '12' },
};

const known = {
  seed: { type: 'string' },
  connections: { type: 'string' },
  targets: { type: 'string' },
  types: { type: 'string' },
  minutes: { type: 'string' },
  broken: { type: 'string' },
  beside: { type: 'string' },
  verbose: { type: 'boolean' },
  log: { type: 'string' },
} as const;

/**
 * Reads the options of `npm run chaos`.
 * @throws UsageError that names the option and its values.
 */
export function readOptions(args: readonly string[]): ChaosOptions {
  const values = parseOptions(args, known, usage);
  const broken = brokenOf(values.broken);
  const beside = besideOf(values.beside, broken);
  const small =
    beside === undefined ? { connections: '1000', targets: '200' } : { connections: '96', targets: '24' };
  const size = broken === undefined ? small : aimed[broken];
  return {
    seed: wholeNumberOf('--seed', values.seed ?? String(Date.now() % 1_000_000), [0, 4_294_967_000]),
    connections: wholeNumberOf('--connections', values.connections ?? size.connections, [1, 20_000]),
    targets: wholeNumberOf('--targets', values.targets ?? size.targets, [1, 5_000]),
    types: typesOf(values.types),
    minutes: wholeNumberOf('--minutes', values.minutes ?? (broken === undefined ? '15' : '3'), [1, 600]),
    broken,
    beside,
    verbose: values.verbose ?? false,
    log: values.log,
  };
}

function typesOf(text = 'four'): TypesOfRun {
  if (text === 'four' || text === 'all') return text;
  throw new UsageError(`--types takes four or all, not "${text}"`);
}

function besideOf(text: string | undefined, broken: BrokenBuild | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (broken !== undefined) throw new UsageError('--beside and --broken exclude each other');
  if (/^[0-9a-f]{7,40}$/.test(text)) return text;
  throw new UsageError(`--beside takes a commit of 7 to 40 hexadecimal digits, not "${text}"`);
}

function brokenOf(text: string | undefined): BrokenBuild | undefined {
  const broken = brokenBuilds.find((name) => name === text);
  if (text === undefined || broken !== undefined) return broken;
  throw new UsageError(`--broken takes one of ${brokenBuilds.join(', ')}, not "${text}"`);
}
