import type { StartedAzure } from '../../dev/azure';
import { seedPending, seedTarget } from '../system/seed';

/** Options for an Azure whose writes end at once, so that no time is spent waiting for them. */
export const instantVaults = { timings: { 'Microsoft.KeyVault/vaults': { approveSeconds: 0 } } };

/** Few enough to stay far below ARM's limits for a subscription: 10 writes and 25 reads per second. */
const targetsPerSubscription = 20;

/** The names of one connection's target. All have equal length, so that they can replace each other. */
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

/** Creates one Pending connection on each of these vaults. Resolves to the vaults' ids. */
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
