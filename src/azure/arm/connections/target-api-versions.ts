import { isOwnStoreType, type OwnStoreType, type TargetType } from '../../../connections/target-type';

/** The api-versions that targets with a store of their own are read and written with, unless a setting replaces them. */
export const targetApiVersions = {
  // Pinned to the version of the recorded traffic: each release of the SDK may bring a later default.
  'Microsoft.KeyVault/vaults': '2024-11-01',
  'Microsoft.KeyVault/managedHSMs': '2024-11-01',
  'Microsoft.ApiManagement/service': '2024-05-01',
  // The SDK's disk access operations have this version built in.
  'Microsoft.Compute/diskAccesses': '2025-01-02',
} as const satisfies Record<OwnStoreType, string>;

/** Returns the api-version to read a target itself with. */
export async function targetApiVersionOf(type: TargetType): Promise<string> {
  if (isOwnStoreType(type)) return targetApiVersions[type];
  const { wireTypeOf } = await import('./table/wire-type');
  const { targetApiVersion, apiVersion } = await wireTypeOf(type);
  return targetApiVersion ?? apiVersion;
}
