import { busyRate } from '../report/statistics';
import { ownRequests } from '../system/own-requests';
import { processorSeconds } from '../system/processor-seconds';
import { startGround, type Ground } from '../system/start-system';
import { warmUp, type AppOrder } from './app-run';
import { startFloorChild } from './floor-child';
import type { FloorOrder } from './floor/order';
import type { SideRun } from './side';
import type { Trace } from './step';
import { instantVaults, seedVaults, range } from './world';

/** Lets a bare script make the same calls for as many connections, in its own process. */
export async function runFloor(
  { root, connections }: Pick<AppOrder, 'root' | 'connections'>,
  trace: Trace,
): Promise<SideRun> {
  const ground = await startGround({ azure: instantVaults });
  const { azure, azurite } = ground;
  const child = startFloorChild(root, azure.environment);
  try {
    await seedVaults(azure, range(0, warmUp + connections));
    const orderOf = orderFrom(ground, trace);
    await child.prepare(orderOf(range(0, warmUp)));
    await child.settle();
    await child.prepare(orderOf(range(warmUp, connections)));
    azure.requests.clear();
    const pids = [child.pid, azurite.pid, process.pid];
    const before = pids.map(processorSeconds);
    const { startedMs, endedMs, receives } = await child.settle();
    const used = pids.map((pid, index) => processorSeconds(pid) - (before[index] ?? NaN));
    return {
      connections,
      seconds: (Math.max(...endedMs) - startedMs) / 1000,
      rate: busyRate(endedMs),
      processorMs: ((used[0] ?? NaN) * 1000) / connections,
      hostProcessorMs: 0,
      allProcessorMs: (used.reduce((sum, each) => sum + each, 0) * 1000) / connections,
      armRequests: ownRequests(azure.requests.records).length / connections,
      // Each phase but the first deletes the message that began it.
      storageOperations: storageSteps(trace) + trace.length - 1 + receives / connections,
    };
  } finally {
    await child.close();
    await ground.close();
  }
}

function orderFrom({ azure, azurite }: Ground, trace: Trace): (indices: readonly number[]) => FloorOrder {
  const principal = azure.identity.systemAssigned;
  const { token } = azure.tokens.issue({ principal, audience: 'https://management.azure.com' });
  const { connectionString } = azurite;
  return (indices) => ({ connectionString, armUrl: azure.armUrl, token, trace, indices });
}

function storageSteps(trace: Trace): number {
  return trace.flatMap(({ steps }) => steps).filter(({ kind }) => kind !== 'arm').length;
}
