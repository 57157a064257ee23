// With all that the app has loaded by then, so that the bundler does not cut that into more chunks.
import './composition';
import type { AuditLog } from './audit/audit-log';
import type { StorageClients } from './azure/storage/clients';
import { TableConsoleIndex } from './azure/storage/tables/console-index';
import type { ConsoleIndex } from './console/index/console-index';
import { auditWithIndex, type IndexingPorts } from './console/index/indexing-audit-log';

/** The table of the index. It may be deleted: it grows back within a day. */
export const consoleTable = 'console';

/** Creates the index in the app's storage account. */
export function createConsoleIndex(clients: StorageClients): ConsoleIndex {
  return new TableConsoleIndex(clients.table(consoleTable));
}

/** Adds the console's index to the audit log. */
export function composeIndexing(
  audit: AuditLog,
  { clients, ...ports }: Omit<IndexingPorts, 'index'> & { readonly clients: StorageClients },
): AuditLog {
  return auditWithIndex(audit, { ...ports, index: createConsoleIndex(clients) });
}
