import { seedPending, seedTarget, type SeedType } from '../system/seed';
import { startGround } from '../system/start-system';
import { approveAsAzureCli } from './azure-cli';
import {
  armRequests,
  armRequestsOn,
  targetName,
  tokenRequests,
  type Approved,
  type PeerOrder,
  type PeerSide,
} from './peer';

/** Prepares to approve connections as a script with Azure CLI does: in a loop, or all at once in the background. */
export async function startAzureCli({ mode, types, speed }: PeerOrder): Promise<PeerSide> {
  const { azure, close } = await startGround({ azure: { speed } });
  const approve = async (type: SeedType, targetId: string): Promise<Approved> => {
    const connectionId = seedPending(azure, targetId, `pe-${targetName(type, types)}`);
    const started = azure.clock.seconds();
    await approveAsAzureCli(azure, { type, connectionId, speed });
    const seconds = azure.clock.seconds() - started;
    return { type, armRequests: armRequestsOn(azure, targetId), seconds };
  };
  return {
    run: async () => {
      const targets: { readonly type: SeedType; readonly id: string }[] = [];
      for (const type of types) {
        targets.push({ type, id: await seedTarget(azure, { type, name: targetName(type, types) }) });
      }
      azure.requests.clear();
      const begun = azure.clock.seconds();
      const connections: Approved[] = [];
      if (mode === 'all at once')
        connections.push(...(await Promise.all(targets.map(({ type, id }) => approve(type, id)))));
      else for (const { type, id } of targets) connections.push(await approve(type, id));
      const secondsInAll = azure.clock.seconds() - begun;
      return {
        connections,
        armRequests: armRequests(azure),
        tokenRequests: tokenRequests(azure),
        secondsInAll,
      };
    },
    close,
  };
}
