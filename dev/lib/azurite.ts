import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';

export interface AzuriteOptions {
  /**
   * Account names (lower-case letters and digits), all with the well-known key. Default: devstoreaccount1.
   */
  readonly accounts?: readonly string[];
  /** The first of three consecutive ports, that of the blob service. Default: any free ports. */
  readonly firstPort?: number;
  /**
   * Keeps expired queue messages and garbage. With thousands of messages, removing them would block Azurite
   * for many seconds.
   */
  readonly keepsGarbage?: boolean;
  /** PEM files of a certificate and its key. With them Azurite serves HTTPS and also accepts Entra tokens. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

export interface RunningAzurite {
  /** The connection string of the first account, for all three services. */
  readonly connectionString: string;
  connectionStringFor(account: string): string;
  readonly blobPort: number;
  readonly queuePort: number;
  readonly tablePort: number;
  readonly pid: number;
  /** Ends the process and waits for it. Safe to call twice. */
  close(): Promise<void>;
}

/** The emulator's published key, which is not a secret. */
export const azuriteKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const defaultAccount = 'devstoreaccount1';
const startDeadlineMs = 40_000;

/**
 * Starts an Azurite in memory and resolves when all three services listen. It ends with `close()`, or when
 * this process ends (its stdin closes).
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<RunningAzurite> {
  const accounts = options.accounts ?? [defaultAccount];
  const child = spawnAzurite(accounts, options);
  const exited = once(child, 'exit');
  let ports: Ports;
  try {
    ports = await portsOf(child);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  child.stdout?.resume();
  const protocol = options.tls === undefined ? 'http' : 'https';
  const connectionStringFor = (account: string): string => connectionString(account, ports, protocol);
  return {
    ...ports,
    connectionString: connectionStringFor(accounts[0] ?? defaultAccount),
    connectionStringFor,
    pid: child.pid ?? -1,
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}

interface Ports {
  readonly blobPort: number;
  readonly queuePort: number;
  readonly tablePort: number;
}

function spawnAzurite(
  accounts: readonly string[],
  { firstPort, keepsGarbage = false, tls }: AzuriteOptions,
): ChildProcess {
  const port = (offset: number): string => String(firstPort === undefined ? 0 : firstPort + offset);
  const main = require.resolve('azurite/dist/src/azurite.js');
  const flags = [
    '--inMemoryPersistence',
    '--disableTelemetry',
    '--skipApiVersionCheck',
    '--silent',
    '--loose',
    ...(tls === undefined ? [] : ['--oauth', 'basic', '--cert', tls.certFile, '--key', tls.keyFile]),
  ];
  const args = [...flags, '--blobPort', port(0), '--queuePort', port(1), '--tablePort', port(2)];
  const bootstrap = `
    ${keepsGarbage ? keepGarbage() : ''}
    process.stdin.resume().on('end', () => process.exit(0));
    process.argv = [process.argv[0], ${JSON.stringify(main)}, ...${JSON.stringify(args)}];
    require(${JSON.stringify(main)});`;
  return spawn(process.execPath, ['-e', bootstrap], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      AZURITE_ACCOUNTS: accounts.map((name) => `${name}:${azuriteKey}`).join(';'),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function keepGarbage(): string {
  const skipped = {
    'gc/QueueGCManager': 'markSweep',
    'persistence/LokiQueueMetadataStore': 'clearExpiredMessages',
  };
  return Object.entries(skipped)
    .map(([file, method]) => {
      const path = JSON.stringify(require.resolve(`azurite/dist/src/queue/${file}.js`));
      return `require(${path}).default.prototype.${method} = async () => undefined;`;
    })
    .join('\n');
}

/** Reads each service's port from Azurite's output. */
async function portsOf(child: ChildProcess): Promise<Ports> {
  const found = new Map<string, number>();
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const deadline = setTimeout(() => child.kill('SIGKILL'), startDeadlineMs);
  if (child.stdout === null) throw new Error('Azurite has no standard output');
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const match = /Azurite (Blob|Queue|Table) service is successfully listening at \S+:(\d+)/.exec(line);
      if (match?.[1] !== undefined) found.set(match[1], Number(match[2]));
      if (found.size === 3) break;
    }
  } finally {
    clearTimeout(deadline);
  }
  const [blobPort, queuePort, tablePort] = [found.get('Blob'), found.get('Queue'), found.get('Table')];
  if (blobPort === undefined || queuePort === undefined || tablePort === undefined) {
    throw new Error(`Azurite did not start: ${stderr.trim() || 'no output'}`);
  }
  return { blobPort, queuePort, tablePort };
}

function connectionString(account: string, ports: Ports, protocol: 'http' | 'https'): string {
  const at = (port: number): string => `${protocol}://127.0.0.1:${port}/${account}`;
  return [
    `DefaultEndpointsProtocol=${protocol}`,
    `AccountName=${account}`,
    `AccountKey=${azuriteKey}`,
    `BlobEndpoint=${at(ports.blobPort)}`,
    `QueueEndpoint=${at(ports.queuePort)}`,
    `TableEndpoint=${at(ports.tablePort)}`,
  ]
    .join(';')
    .concat(';');
}
