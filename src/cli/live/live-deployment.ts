import { createAuditLog } from '../../audit/audit-log';
import { createCredential } from '../../azure/identity/credential';
import { storageAccessFrom } from '../../azure/storage/access';
import { createStorageClients } from '../../azure/storage/clients';
import { createStorage } from '../../azure/storage/storage';
import { createTelemetry } from '../../azure/telemetry/telemetry';
import { systemClock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import { type Environment, readConfig, silenceExporterStatistics } from '../../config/config';
import type { Deployment } from '../operators/deployment';

/** Creates access to a running Postern through its storage account. @throws PosternError CONFIG_INVALID */
export function createLiveDeployment(options: {
  readonly environment: Environment;
  /** Name of the person who runs the tool, for the audit. */
  readonly person: string;
  readonly logger: Logger;
}): Deployment {
  silenceExporterStatistics();
  const config = readConfig(options.environment);
  const { hasManagedIdentity, clientId } = config;
  const credential = createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
  const storage = createStorage({
    clients: createStorageClients(storageAccessFrom(config), systemClock),
    clock: systemClock,
  });
  const telemetry = createTelemetry({
    connectionString: config.telemetryConnectionString,
    credential: config.telemetryUsesIdentity ? credential : undefined,
    logger: options.logger,
    clock: systemClock,
  });
  return {
    operations: storage.operationStore,
    limits: storage.limits,
    listStore: storage.listStore,
    reviews: storage.reviewQueue,
    ledger: storage.ledger,
    audit: createAuditLog({ ledger: storage.ledger, telemetry, logger: options.logger }),
    clock: systemClock,
    person: options.person,
  };
}
