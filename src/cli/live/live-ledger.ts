import { createCredential } from '../../azure/identity/credential';
import type { StorageAccess } from '../../azure/storage/access';
import { createStorageClients } from '../../azure/storage/clients';
import { ExistingOnly } from '../../azure/storage/on-demand';
import { defaultStorageNames } from '../../azure/storage/storage';
import { recordFromRow } from '../../azure/storage/tables/ledger-row';
import { queryRows, type Row } from '../../azure/storage/tables/query';
import { systemClock } from '../../base/clock';
import { describeError, hasCode } from '../../base/errors';
import { type Environment, readArmConfig, readStorageConfig } from '../../config/config';
import type { LedgerItem, LedgerReader } from '../report/report-host';

/**
 * Creates a reader of the ledger, with the storage key or the signed-in identity; connects with the first read.
 * Returns `undefined` if the settings name no storage.
 * @throws PosternError CONFIG_INVALID
 */
export function createLiveLedger(environment: Environment): LedgerReader | undefined {
  const access = accessFrom(environment);
  if (access === undefined) return undefined;
  const { ledgerTable } = defaultStorageNames;
  const clients = createStorageClients(access, systemClock);
  const table = new ExistingOnly(clients.table(ledgerTable), `table ${ledgerTable}`);
  return {
    async *read() {
      for await (const row of queryRows(table, undefined, 1_000)) yield itemFrom(row);
    },
  };
}

function itemFrom(row: Row): LedgerItem {
  try {
    return { kind: 'record', record: recordFromRow(row) };
  } catch (error) {
    if (!hasCode(error, 'STORE_UNREADABLE')) throw error;
    return { kind: 'unreadable', problem: describeError(error) };
  }
}

function accessFrom(environment: Environment): StorageAccess | undefined {
  const storage = readStorageConfig(environment);
  if (storage === undefined || storage.kind === 'connectionString') return storage;
  const { clientId, ...services } = storage;
  const { hasManagedIdentity } = readArmConfig(environment);
  return {
    ...services,
    credential: createCredential({ identityEndpointPresent: hasManagedIdentity, clientId }),
  };
}
