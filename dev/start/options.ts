import { parseOptions, UsageError, wholeNumberOf } from '../lib/cli-options';
import { isPortFree } from '../lib/loopback';
import { commandsUsage } from './second-terminal/commands';

export interface StartOptions {
  /** Ends when every sample connection has settled. */
  readonly once: boolean;
  /** The port of the Functions host. */
  readonly port: number;
  /** The port of the local Azure, over TLS. */
  readonly armPort: number;
  /** The port for blobs; queues and tables use the next two. */
  readonly storagePort: number;
  /** Seconds of Azure per real second. */
  readonly speed: number;
  /** A policy to use instead of the demonstration policy. */
  readonly policy: string | undefined;
  /** Prints every event and whole lines, and at the end how to use curl and the tools. */
  readonly verbose: boolean;
}

export const usage = `npm start -- [options]
  --once             end when every sample connection has settled; exit code 0 if all ended as expected (your own
                     policy: if all have settled)
  --port N           Functions host, default 7071
  --arm-port N       local Azure (TLS), default 8443
  --storage-port N   Azurite blobs; queues and tables use the next two, default 10000
  --speed N          seconds of Azure per real second, 1 to 100, default 20
  --policy PATH      your own policy file or folder
  --verbose          every event, whole lines, and at the end how to use curl and the tools

${commandsUsage}`;

const known = {
  once: { type: 'boolean' },
  port: { type: 'string' },
  'arm-port': { type: 'string' },
  'storage-port': { type: 'string' },
  speed: { type: 'string' },
  policy: { type: 'string' },
  verbose: { type: 'boolean' },
} as const;

/**
 * Reads the options of `npm start`.
 * @throws UsageError that names the option and its values.
 */
export function readOptions(args: readonly string[]): StartOptions {
  const values = parseOptions(args, known, usage);
  return {
    once: values.once ?? false,
    port: wholeNumberOf('--port', values.port ?? '7071', [1, 65_535]),
    armPort: wholeNumberOf('--arm-port', values['arm-port'] ?? '8443', [1, 65_535]),
    storagePort: wholeNumberOf('--storage-port', values['storage-port'] ?? '10000', [1, 65_533]),
    speed: wholeNumberOf('--speed', values.speed ?? '20', [1, 100]),
    policy: values.policy,
    verbose: values.verbose ?? false,
  };
}

/**
 * Checks that all ports are free, before anything is started.
 * @throws UsageError that names the option of each port in use.
 */
export async function requireFreePorts(options: StartOptions): Promise<void> {
  const wanted: [number, string][] = [
    [options.port, '--port'],
    [options.armPort, '--arm-port'],
    ...[0, 1, 2].map((offset): [number, string] => [options.storagePort + offset, '--storage-port']),
  ];
  const taken: string[] = [];
  for (const [port, option] of wanted) {
    if (!(await isPortFree(port)))
      taken.push(
        `Port ${port} is in use: stop the program that uses it, or choose another port with ${option}`,
      );
  }
  if (taken.length > 0) throw new UsageError(taken.join('\n'));
}
