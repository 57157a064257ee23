import type { StartedAzure } from '../../dev/azure';
import { busyRate } from '../report/statistics';
import type { AppBuild } from '../system/app-build';
import { hintEach } from '../system/hint';
import { ownRequests } from '../system/own-requests';
import { processorSeconds } from '../system/processor-seconds';
import { startSystem, type BenchSystem } from '../system/start-system';
import { until } from '../../dev/lib/until';
import type { SideRun } from './side';
import { instantVaults, seedVaults, range } from './world';

export interface AppOrder {
  readonly root: string;
  readonly app: AppBuild;
  readonly connections: number;
  /** Recorded storage operations per connection. The app's operations are not counted while it is timed. */
  readonly storageOperations: number;
  /** Arguments of the app's process, e.g. `--cpu-prof`. */
  readonly nodeArgs?: readonly string[] | undefined;
}

/** Connections that are settled first, so that modules are loaded and tables and queues exist. */
export const warmUp = 100;

/** Lets the app settle a number of connections, one per vault, each reported by one event. */
export async function runApp(order: AppOrder): Promise<SideRun> {
  const { root, app, connections, storageOperations, nodeArgs } = order;
  const system = await startSystem({ root, app, pollFloorSeconds: 1, azure: instantVaults, nodeArgs });
  try {
    const { azure, azurite, host } = system;
    await settle(system, range(0, warmUp));
    const pids = [host.workerPid, host.pid, azurite.pid, process.pid];
    const before = pids.map(processorSeconds);
    const { startedMs, endedMs } = await settle(system, range(warmUp, connections));
    const used = pids.map((pid, index) => processorSeconds(pid) - (before[index] ?? NaN));
    return {
      connections,
      seconds: (Math.max(...endedMs) - startedMs) / 1000,
      rate: busyRate(endedMs),
      processorMs: ((used[0] ?? NaN) * 1000) / connections,
      hostProcessorMs: ((used[1] ?? NaN) * 1000) / connections,
      allProcessorMs: (used.reduce((sum, each) => sum + each, 0) * 1000) / connections,
      armRequests: ownRequests(azure.requests.records).length / connections,
      storageOperations,
    };
  } finally {
    await system.close();
  }
}

interface Settled {
  readonly startedMs: number;
  /** The times of the `applied` records, in milliseconds since 1970. */
  readonly endedMs: readonly number[];
}

/**
 * Settles connections. The ledger is read only after ARM has had all requests, because frequent reads would
 * slow down storage.
 */
async function settle(system: BenchSystem, indices: readonly number[]): Promise<Settled> {
  const { azure, host } = system;
  const ids = (await seedVaults(azure, indices)).map(({ connection }) => connection);
  azure.requests.clear();
  const startedMs = Date.now();
  await hintEach(host.webhook, ids);
  await until('all are read back', () => readBackCount(azure) >= indices.length, {
    seconds: 60 + indices.length,
  });
  let endedMs: readonly number[] = [];
  await until('all are applied', async () => {
    endedMs = (await system.applied()).map(({ at }) => Date.parse(at)).filter((at) => at >= startedMs);
    return endedMs.length === indices.length;
  });
  return { startedMs, endedMs };
}

/** Counts the targets of which something was read after the write, which is what proves it. */
function readBackCount(azure: StartedAzure): number {
  const written = new Set<string>();
  const readBack = new Set<string>();
  for (const { method, target } of ownRequests(azure.requests.records)) {
    if (target === undefined) continue;
    if (method === 'PUT') written.add(target);
    else if (written.has(target)) readBack.add(target);
  }
  return readBack.size;
}
