import type { StartedAzure } from '../../dev/azure';
import { seedPending, seedTarget } from '../system/seed';

/** The longer they take, the less does a write wait for its end: Azure answers at once. */
export const instantVaults = { timings: { 'Microsoft.KeyVault/vaults': { approveSeconds: 0 } } };

/** So few that ARM's limits for a subscription are never near: 10 writes and 25 reads a second. */
const targetsPerSubscription = 20;

/** The names of one connection's target: all of equal length, so that one can stand for another. */
export interface TargetNames {
  readonly subscription: string;
  readonly vault: string;
}

export function namesOf(index: number): TargetNames {
  const subscription = Math.floor(index / targetsPerSubscription);
  return {
    subscription: `${(0x10000000 + subscription).toString(16)}-3333-4333-8333-333333333333`,
    vault: `kv-${String(index).padStart(7, '0')}`,
  };
}

/** One Pending connection on each of these vaults. Resolves to the ids of the vaults. */
export async function seedVaults(
  azure: StartedAzure,
  indices: readonly number[],
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const index of indices) {
    const { subscription, vault: name } = namesOf(index);
    const id = await seedTarget(azure, { type: 'Microsoft.KeyVault/vaults', name, subscription });
    seedPending(azure, id, `pe-${name}`);
    ids.push(id);
  }
  return ids;
}

export function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, offset) => from + offset);
}
