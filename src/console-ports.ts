import type { AuditLog } from './audit/audit-log';
import type { StorageClients } from './azure/storage/clients';
import type { Logger } from './base/logger';
import type { ConsoleSettings } from './config/config';
import type { Console } from './console/console';
import type { IndexingPorts } from './console/index/indexing-audit-log';
import type { ReadPorts } from './console/question/read-target';
import type { ConnectionHistory } from './console/routes/history';
import type { MePorts } from './console/routes/me';
import type { OperationStore } from './operations/operation-store';
import type { Platform } from './platform';
import type { LiftPorts } from './review/limits/lift-limit';

/** What the console shares with the rest of the app. */
export interface ConsolePorts extends MePorts, Omit<ReadPorts, 'operations'>, LiftPorts {
  readonly settings: ConsoleSettings;
  readonly platform: Pick<Platform, 'httpClient' | 'storage'>;
  readonly operations: OperationStore;
  readonly history: ConnectionHistory;
  /** The app's folder. */
  readonly directory: string;
  readonly logger: Logger;
}

/** How the parts of the console are loaded: with their first use, and never by an app without it. */
export interface ConsoleLoader {
  /** Loads what answers requests. */
  page(): Promise<{ composeConsole(ports: ConsolePorts): Console }>;
  /** Loads what keeps the index along with the audit log. */
  index(): Promise<{
    composeIndexing(
      audit: AuditLog,
      ports: Omit<IndexingPorts, 'index'> & { readonly clients: StorageClients },
    ): AuditLog;
  }>;
}
