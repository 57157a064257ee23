import { parseOptions, UsageError, wholeNumberOf } from '../lib/cli-options';

export const brokenBuilds = ['no-lease', 'no-write-ahead', 'trust-event', 'one-404', 'foreign-401'] as const;
export type BrokenBuild = (typeof brokenBuilds)[number];

export interface ChaosOptions {
  readonly seed: number;
  readonly connections: number;
  readonly targets: number;
  /** The run ends after this, settled or not. */
  readonly minutes: number;
  /** A build of the app from which one mechanism was taken out: the checker must object. */
  readonly broken: BrokenBuild | undefined;
  /** The host's warnings and errors go to standard error, too. */
  readonly verbose: boolean;
  /** A file for everything that the hosts log, with the time and the instance. */
  readonly log?: string | undefined;
}

export const usage = `npm run chaos -- [options]
  --seed N          what is drawn: the world, wishes, disturbances, kills; default a new one each time
  --connections N   default 1000
  --targets N       default 200, over the four systems
  --minutes N       the longest it may take, default 15
  --broken NAME     a build that must fail: ${brokenBuilds.join(', ')}
  --verbose         the host's trouble on standard error
  --log FILE        all that the two hosts log
Prints one line of JSON; exit 0 when nothing was violated, 1 when something was.`;

/** What shows the weakness of each broken build soon: small, and aimed at it. */
const aimed: Readonly<Record<BrokenBuild, { connections: string; targets: string }>> = {
  'no-lease': { connections: '40', targets: '4' },
  'no-write-ahead': { connections: '16', targets: '8' },
  'trust-event': { connections: '40', targets: '4' },
  'one-404': { connections: '60', targets: '8' },
  'foreign-401': { connections: '40', targets: '4' },
};

const known = {
  seed: { type: 'string' },
  connections: { type: 'string' },
  targets: { type: 'string' },
  minutes: { type: 'string' },
  broken: { type: 'string' },
  verbose: { type: 'boolean' },
  log: { type: 'string' },
} as const;

/** @throws UsageError that names the option and what it takes. */
export function readOptions(args: readonly string[]): ChaosOptions {
  const values = parseOptions(args, known, usage);
  const broken = brokenOf(values.broken);
  const size = broken === undefined ? { connections: '1000', targets: '200' } : aimed[broken];
  return {
    seed: wholeNumberOf('--seed', values.seed ?? String(Date.now() % 1_000_000), [0, 4_294_967_000]),
    connections: wholeNumberOf('--connections', values.connections ?? size.connections, [1, 20_000]),
    targets: wholeNumberOf('--targets', values.targets ?? size.targets, [1, 5_000]),
    minutes: wholeNumberOf('--minutes', values.minutes ?? (broken === undefined ? '15' : '3'), [1, 600]),
    broken,
    verbose: values.verbose ?? false,
    log: values.log,
  };
}

function brokenOf(text: string | undefined): BrokenBuild | undefined {
  const broken = brokenBuilds.find((name) => name === text);
  if (text === undefined || broken !== undefined) return broken;
  throw new UsageError(`--broken takes one of ${brokenBuilds.join(', ')}, not "${text}"`);
}
