import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChaosPlan } from '../plan/plan';
import type { Requester } from '../plan/expected-answers';

/** The requesters about whom the policy of `--beside` says what the policy of chaos says. */
const known: ReadonlySet<Requester> = new Set([
  'trusted',
  'stranger',
  'asker',
  'banned',
  'withdrawn',
  'leftover',
  'revoked',
  'approved',
]);

/** Leaves the requesters out whose facts an earlier version does not know. */
export function planBeside(plan: ChaosPlan): ChaosPlan {
  const connections = plan.connections.filter(({ requester }) => known.has(requester));
  const kept = new Set(connections.map(({ endpointId }) => endpointId));
  return {
    ...plan,
    connections,
    foreignActions: plan.foreignActions.filter(({ endpointId }) => kept.has(endpointId)),
  };
}

/** Writes the policy that both builds understand to a folder. */
export async function writePolicyBeside(root: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile(join(root, 'dev/chaos/beside/policy/chaos.yaml'), join(folder, 'chaos.yaml'));
}
