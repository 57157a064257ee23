import { parseArgs } from 'node:util';

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

/** A usage error for people: one message, no stack. */
export class UsageError extends Error {}

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

/** @throws UsageError that names the option and what it takes. */
export function readOptions(args: readonly string[]): ChaosOptions {
  const values = parse(args);
  if (values.help === true) throw new UsageError(usage);
  const broken = brokenOf(values.broken);
  const size = broken === undefined ? { connections: '1000', targets: '200' } : aimed[broken];
  return {
    seed: numberOf('--seed', values.seed ?? String(Date.now() % 1_000_000), [0, 4_294_967_000]),
    connections: numberOf('--connections', values.connections ?? size.connections, [1, 20_000]),
    targets: numberOf('--targets', values.targets ?? size.targets, [1, 5_000]),
    minutes: numberOf('--minutes', values.minutes ?? (broken === undefined ? '15' : '3'), [1, 600]),
    broken,
    verbose: values.verbose ?? false,
    log: values.log,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    seed: text,
    connections: text,
    targets: text,
    minutes: text,
    broken: text,
    verbose: flag,
    log: text,
    help: flag,
  };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function numberOf(name: string, text: string, [low, high]: readonly [number, number]): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`${name} takes a whole number from ${low} to ${high}, not "${text}"`);
}

function brokenOf(text: string | undefined): BrokenBuild | undefined {
  const broken = brokenBuilds.find((name) => name === text);
  if (text === undefined || broken !== undefined) return broken;
  throw new UsageError(`--broken takes one of ${brokenBuilds.join(', ')}, not "${text}"`);
}
