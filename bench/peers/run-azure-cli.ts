import { seedPending, seedTarget } from '../system/seed';
import { startGround } from '../system/start-system';
import { approveAsAzureCli } from './azure-cli';
import {
  armRequests,
  armRequestsOn,
  requestedConnections,
  tokenRequests,
  type Approved,
  type RequestedConnection,
  type PeerOrder,
  type PeerRun,
} from './peer';

/** Approves connections as a script with Azure CLI does: in a loop, or all at once in the background. */
export async function runAzureCli({ mode, speed }: PeerOrder): Promise<PeerRun> {
  const ground = await startGround({ azure: { speed } });
  try {
    const { azure } = ground;
    const ids = new Map<RequestedConnection, string>();
    for (const each of requestedConnections) ids.set(each, await seedTarget(azure, each));
    azure.requests.clear();
    const begun = azure.clock.seconds();
    const approve = async (each: RequestedConnection): Promise<Approved> => {
      const targetId = ids.get(each) ?? '';
      const connectionId = seedPending(azure, targetId, `pe-${each.name}`);
      const started = azure.clock.seconds();
      await approveAsAzureCli(azure, { type: each.type, connectionId, speed });
      const seconds = azure.clock.seconds() - started;
      return {
        type: each.type,
        armRequests: armRequestsOn(azure, { type: each.type, id: targetId }),
        seconds,
      };
    };
    const connections: Approved[] = [];
    if (mode === 'all at once') connections.push(...(await Promise.all(requestedConnections.map(approve))));
    else for (const each of requestedConnections) connections.push(await approve(each));
    const secondsInAll = azure.clock.seconds() - begun;
    return {
      connections,
      armRequests: armRequests(azure),
      tokenRequests: tokenRequests(azure),
      secondsInAll,
    };
  } finally {
    await ground.close();
  }
}
