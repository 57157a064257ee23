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

/** A vault with one Pending connection. */
export interface SeededVault {
  readonly target: string;
  readonly connection: string;
}

/** Creates one Pending connection on each of these vaults, without events. */
export async function seedVaults(
  azure: StartedAzure,
  indices: readonly number[],
): Promise<readonly SeededVault[]> {
  const vaults: SeededVault[] = [];
  for (const index of indices) {
    const { subscription, vault: name } = namesOf(index);
    const target = await seedTarget(azure, { type: 'Microsoft.KeyVault/vaults', name, subscription });
    vaults.push({ target, connection: seedPending(azure, target, `pe-${name}`) });
  }
  return vaults;
}

export function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, offset) => from + offset);
}
