import type { ConnectionStore } from '../../../connections/connection-store';
import { isOwnStoreType, type OwnStoreType, type TargetType } from '../../../connections/target-type';
import type { ArmClient } from '../client';

/**
 * Sends each call to the store for its target's type, whose module, SDK or table included, is loaded on first use.
 * `note` is called with what people should know about the calls.
 */
export function createRoutingConnectionStore(
  arm: ArmClient,
  note: (text: string) => void = () => undefined,
): ConnectionStore {
  let table: Promise<ConnectionStore> | undefined;
  const own: Readonly<Record<OwnStoreType, () => Promise<ConnectionStore>>> = {
    'Microsoft.KeyVault/vaults': async () => (await import('./key-vault')).createKeyVaultStore(arm),
    'Microsoft.KeyVault/managedHSMs': async () => (await import('./key-vault')).createManagedHsmStore(arm),
    'Microsoft.ApiManagement/service': async () =>
      (await import('./api-management')).createApiManagementStore(arm),
    'Microsoft.Compute/diskAccesses': async () => (await import('./disk-access')).createDiskAccessStore(arm),
  };
  const storeOf = async (type: TargetType): Promise<ConnectionStore> =>
    isOwnStoreType(type) ? own[type]() : (table ??= openTable(arm, note));
  return {
    list: async (target) => (await storeOf(target.type)).list(target),
    get: async (id) => (await storeOf(id.target.type)).get(id),
    write: async (write, fence) => (await storeOf(write.connection.id.target.type)).write(write, fence),
  };
}

async function openTable(arm: ArmClient, note: (text: string) => void): Promise<ConnectionStore> {
  const [{ createTableStore }, { createWithWireType }] = await Promise.all([
    import('./table/table-store'),
    import('./table/known-version'),
  ]);
  return createTableStore(arm, createWithWireType(note));
}
