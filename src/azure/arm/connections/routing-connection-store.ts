import type { ConnectionStore } from '../../../connections/connection-store';
import type { TargetType } from '../../../connections/target-type';
import { createApiManagementStore } from './api-management';
import type { ArmClient } from '../client';
import { createDiskAccessStore } from './disk-access';
import { createKeyVaultStore, createManagedHsmStore } from './key-vault';

/** Sends every call to the store of its target's type. No SDK is loaded before a target of its kind is used. */
export function createRoutingConnectionStore(arm: ArmClient): ConnectionStore {
  const stores: Readonly<Record<TargetType, ConnectionStore>> = {
    'Microsoft.KeyVault/vaults': createKeyVaultStore(arm),
    'Microsoft.KeyVault/managedHSMs': createManagedHsmStore(arm),
    'Microsoft.ApiManagement/service': createApiManagementStore(arm),
    'Microsoft.Compute/diskAccesses': createDiskAccessStore(arm),
  };
  return {
    list: (target) => stores[target.type].list(target),
    get: (id) => stores[id.target.type].get(id),
    write: (write, fence) => stores[write.connection.id.target.type].write(write, fence),
  };
}
