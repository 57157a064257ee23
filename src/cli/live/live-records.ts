import { createCredential } from '../../azure/identity/credential';
import type { StorageAccess } from '../../azure/storage/access';
import { createStorageClients } from '../../azure/storage/clients';
import { ExistingOnly } from '../../azure/storage/on-demand';
import { defaultStorageNames } from '../../azure/storage/storage';
import { TableLedger } from '../../azure/storage/tables/ledger';
import { TableOperationStore } from '../../azure/storage/tables/operation-store';
import { TablePolicyMemory } from '../../azure/storage/tables/policy-memory';
import { systemClock } from '../../base/clock';
import { type Environment, readArmConfig, readStorageConfig } from '../../config/config';
import type { ConnectionRecords } from '../show/connection-records';

/**
 * Creates read access to a deployment's records, with the signed-in identity. Returns `undefined` if no storage is set.
 * @throws PosternError CONFIG_INVALID
 */
export function createLiveRecords(environment: Environment): ConnectionRecords | undefined {
  const access = storageAccessOf(environment);
  if (access === undefined) return undefined;
  const clients = createStorageClients(access, systemClock);
  const { operationsTable, ledgerTable } = defaultStorageNames;
  const table = (name: string) => new ExistingOnly(clients.table(name), `table ${name}`);
  const ledger = new TableLedger(table(ledgerTable));
  const memory = new TablePolicyMemory(table(operationsTable));
  return {
    operations: new TableOperationStore(table(operationsTable)),
    history: (connection, most) => ledger.readConnection(connection, most),
    policyDigest: () => memory.read(),
  };
}

/** Returns how a tool reaches the storage of a deployment; `undefined` if it is not set. @throws PosternError CONFIG_INVALID */
export function storageAccessOf(environment: Environment): StorageAccess | undefined {
  const storage = readStorageConfig(environment);
  if (storage === undefined || storage.kind === 'connectionString') return storage;
  const { clientId, ...services } = storage;
  const { hasManagedIdentity } = readArmConfig(environment);
  const credential = createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
  return { ...services, credential };
}
