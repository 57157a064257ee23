import { parseOptions, UsageError, wholeNumberOf } from '../lib/cli-options';
import { isPortFree } from '../lib/loopback';

export interface StartOptions {
  /** Ends by itself when every planted connection has settled. */
  readonly once: boolean;
  /** The Functions host. */
  readonly port: number;
  /** The local Azure, over TLS. */
  readonly armPort: number;
  /** Blobs; queues and tables take the next two. */
  readonly storagePort: number;
  /** How many seconds of Azure pass in one real second. */
  readonly speed: number;
  /** A policy of your own instead of the demonstration's. */
  readonly policy: string | undefined;
}

export const usage = `npm start -- [options]
  --once             end when every planted connection has settled; exit 0 if all ended as planned
  --port N           Functions host, default 7071
  --arm-port N       local Azure (TLS), default 8443
  --storage-port N   Azurite blobs; queues and tables take the next two, default 10000
  --speed N          seconds of Azure in one real second, 1 to 100, default 20
  --policy PATH      a policy file or folder of your own`;

const known = {
  once: { type: 'boolean' },
  port: { type: 'string' },
  'arm-port': { type: 'string' },
  'storage-port': { type: 'string' },
  speed: { type: 'string' },
  policy: { type: 'string' },
} as const;

/** @throws UsageError that names the option and what it takes. */
export function readOptions(args: readonly string[]): StartOptions {
  const values = parseOptions(args, known, usage);
  return {
    once: values.once ?? false,
    port: wholeNumberOf('--port', values.port ?? '7071', [1, 65_535]),
    armPort: wholeNumberOf('--arm-port', values['arm-port'] ?? '8443', [1, 65_535]),
    storagePort: wholeNumberOf('--storage-port', values['storage-port'] ?? '10000', [1, 65_533]),
    speed: wholeNumberOf('--speed', values.speed ?? '20', [1, 100]),
    policy: values.policy,
  };
}

/** Rejects with a UsageError that names the option when a port is taken, before anything is started. */
export async function requireFreePorts(options: StartOptions): Promise<void> {
  const wanted: [number, string][] = [
    [options.port, '--port'],
    [options.armPort, '--arm-port'],
    ...[0, 1, 2].map((offset): [number, string] => [options.storagePort + offset, '--storage-port']),
  ];
  const taken: string[] = [];
  for (const [port, option] of wanted) {
    if (!(await isPortFree(port)))
      taken.push(`Port ${port} is in use: end what uses it, or choose another with ${option}`);
  }
  if (taken.length > 0) throw new UsageError(taken.join('\n'));
}
