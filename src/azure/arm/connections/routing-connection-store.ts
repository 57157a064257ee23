import type { ConnectionStore } from '../../../connections/connection-store';
import type { TargetType } from '../../../connections/target-type';
import type { ArmClient } from '../client';

/** Sends each call to the store for its target's type, whose module, SDK included, is loaded on first use. */
export function createRoutingConnectionStore(arm: ArmClient): ConnectionStore {
  const stores: Readonly<Record<TargetType, () => Promise<ConnectionStore>>> = {
    'Microsoft.KeyVault/vaults': async () => (await import('./key-vault')).createKeyVaultStore(arm),
    'Microsoft.KeyVault/managedHSMs': async () => (await import('./key-vault')).createManagedHsmStore(arm),
    'Microsoft.ApiManagement/service': async () =>
      (await import('./api-management')).createApiManagementStore(arm),
    'Microsoft.Compute/diskAccesses': async () => (await import('./disk-access')).createDiskAccessStore(arm),
  };
  return {
    list: async (target) => (await stores[target.type]()).list(target),
    get: async (id) => (await stores[id.target.type]()).get(id),
    write: async (write, fence) => (await stores[write.connection.id.target.type]()).write(write, fence),
  };
}
