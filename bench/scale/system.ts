import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localSubscriptionId, startLocalAzure, type StartedAzure } from '../../dev/azure';
import { startAzurite } from '../../dev/lib/azurite';
import { startHost, type RunningHost } from '../../dev/host/start-host';
import { targetTypes, type TargetType } from '../../src/connections/target-type';
import { createStorage, type Storage } from '../../src/azure/storage/storage';
import { systemClock } from '../../src/base/clock';
import { startCountingStorage, type CountingStorage } from '../../dev/lib/counting-storage';
import { openTogether } from '../../dev/lib/cleanup-stack';
import { createStorageClients } from '../../src/azure/storage/clients';

/** The deployed app in its own worker process, with a tenant of any size. */
export interface ScaleSystem {
  readonly azure: StartedAzure;
  readonly host: RunningHost;
  readonly storage: CountingStorage;
  /** The same storage without counting. */
  readonly ports: Storage;
  /** The number of starts of each function. */
  readonly begun: ReadonlyMap<string, number>;
  /** Runs a timer's function by hand. Resolves when it has ended, rejects if it failed. */
  run(functionName: string): Promise<void>;
  close(): Promise<void>;
}

export interface ScaleOptions {
  /** The project's folder, already built. */
  readonly root: string;
  readonly targets: number;
  readonly connectionsPerTarget: number;
  /** The number of types that take turns. Default: the four that have a store of their own. */
  readonly types?: number | undefined;
  /** Names of functions that do not run. Timers run by hand only. */
  readonly disabled: readonly string[];
  /** Arguments of the app's process, e.g. for a profile. */
  readonly nodeArgs?: readonly string[] | undefined;
}

/** Returns the path of the shipped policy, which holds everything that is Pending. */
export function policyPath(root: string): string {
  return join(root, 'policies');
}

export async function startScaleSystem(options: ScaleOptions): Promise<ScaleSystem> {
  return openTogether(async (cleanup) => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-scale-'));
    cleanup.push(() => rm(folder, { recursive: true, force: true }));
    const azurite = await startAzurite({ keepsGarbage: true });
    cleanup.push(() => azurite.close());
    const storage = await startCountingStorage(azurite);
    cleanup.push(() => storage.close());
    const azure = await startLocalAzure({ certFile: join(folder, 'ca.pem') });
    cleanup.push(() => azure.close());
    const { targets, connectionsPerTarget } = options;
    const subscriptionId = localSubscriptionId;
    azure.control.seedManyTargets({ subscriptionId, targets, connectionsPerTarget, types: typesOf(options) });
    const watch = createWatch();
    const host = await startApp(options, { azure, storage, onLog: watch.onLog });
    cleanup.push(() => host.close());
    const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
    const ports = createStorage({ clients: createStorageClients(access, systemClock), clock: systemClock });
    const run: ScaleSystem['run'] = (name) => runByHand(host, watch, name);
    return { azure, host, storage, ports, begun: watch.begun, run, close: () => cleanup.close() };
  });
}

/** Returns the first types that a resource group can hold: those that Resource Graph shows, and those it hides. */
function typesOf({ types }: ScaleOptions): readonly TargetType[] | undefined {
  if (types === undefined) return undefined;
  return targetTypes()
    .filter((type) => type.split('/').length === 2)
    .slice(0, types);
}

function startApp(
  options: ScaleOptions,
  { azure, storage, onLog }: Pick<ScaleSystem, 'azure' | 'storage'> & Pick<Watch, 'onLog'>,
): Promise<RunningHost> {
  const { root, disabled, nodeArgs = [] } = options;
  const types = typesOf(options);
  return startHost({
    appDirectory: root,
    workerPath: join(root, 'dist/dev/host-worker.mjs'),
    port: 0,
    onLog,
    nodeArgs: [...nodeArgs],
    settings: {
      AzureWebJobsStorage: storage.connectionString,
      POLICY_PATH: policyPath(root),
      // Effectively never: February 29.
      SWEEP_SCHEDULE: '0 0 0 29 2 *',
      ...(types && { TARGET_TYPES: types.join() }),
      ...Object.fromEntries(disabled.map((name) => [`AzureWebJobs.${name}.Disabled`, 'true'])),
    },
    env: { ...azure.environment },
  });
}

type HostLog = Parameters<typeof startHost>[0]['onLog'];

interface Watch {
  readonly begun: ReadonlyMap<string, number>;
  readonly onLog: NonNullable<HostLog>;
  /** Resolves at the next end of a function. */
  ended(functionName: string): Promise<void>;
}

/** Reads the starts and ends of functions from the host's log. */
function createWatch(): Watch {
  const begun = new Map<string, number>();
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  return {
    begun,
    onLog: ({ category, function: name, message }) => {
      if (category !== 'host' || name === undefined) return;
      if (message === 'Executing.') begun.set(name, (begun.get(name) ?? 0) + 1);
      const waiter = waiting.get(name);
      if (message === 'Succeeded.') waiter?.resolve();
      else if (message.startsWith('Failed: ')) waiter?.reject(new Error(`${name} failed. ${message}`));
    },
    ended: (name) => new Promise((resolve, reject) => void waiting.set(name, { resolve, reject })),
  };
}

async function runByHand(host: RunningHost, watch: Watch, name: string): Promise<void> {
  const ended = watch.ended(name);
  const reply = await fetch(`${host.url}/admin/functions/${name}`, {
    method: 'POST',
    headers: { 'x-functions-key': host.masterKey },
  });
  if (reply.status !== 202) throw new Error(`The host answered ${reply.status} to ${name}`);
  await ended;
}
