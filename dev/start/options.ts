import { createServer } from 'node:net';
import { parseArgs } from 'node:util';

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

/** A usage error for people: one message, no stack. */
export class UsageError extends Error {}

export const usage = `npm start -- [options]
  --once             end when every planted connection has settled; exit 0 if all ended as planned
  --port N           Functions host, default 7071
  --arm-port N       local Azure (TLS), default 8443
  --storage-port N   Azurite blobs; queues and tables take the next two, default 10000
  --speed N          seconds of Azure in one real second, 1 to 100, default 20
  --policy PATH      a policy file or folder of your own`;

/** @throws UsageError that names the option and what it takes. */
export function readOptions(args: readonly string[]): StartOptions {
  const { values } = parse(args);
  if (values.help === true) throw new UsageError(usage);
  return {
    once: values.once ?? false,
    port: numberOf('--port', values.port, 7071, [1, 65_535]),
    armPort: numberOf('--arm-port', values['arm-port'], 8443, [1, 65_535]),
    storagePort: numberOf('--storage-port', values['storage-port'], 10_000, [1, 65_533]),
    speed: numberOf('--speed', values.speed, 20, [1, 100]),
    policy: values.policy,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    once: flag,
    help: flag,
    port: text,
    'arm-port': text,
    'storage-port': text,
    speed: text,
    policy: text,
  };
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function numberOf(
  name: string,
  text: string | undefined,
  otherwise: number,
  [low, high]: [number, number],
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`${name} takes a whole number from ${low} to ${high}, not "${text}"`);
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
    if (!(await isFree(port)))
      taken.push(`Port ${port} is in use: end what uses it, or choose another with ${option}`);
  }
  if (taken.length > 0) throw new UsageError(taken.join('\n'));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
