import type { TableClient } from '@azure/data-tables';
import type { ContainerClient } from '@azure/storage-blob';
import type { QueueClient } from '@azure/storage-queue';
import type { Clock } from '../../base/clock';
import type { StorageAccess } from './access';
import { OnDemand } from './on-demand';

/** Opens tables, queues and containers. Each SDK is loaded when the first of its kind is used. */
export interface StorageClients {
  table(name: string): OnDemand<TableClient>;
  queue(name: string): OnDemand<QueueClient>;
  container(name: string): OnDemand<ContainerClient>;
}

const maxRetries = 3;
const retryDelayMs = 400;
const maxRetryDelayMs = 3_000;

const retryOptions = {
  maxTries: maxRetries + 1,
  retryDelayInMs: retryDelayMs,
  maxRetryDelayInMs: maxRetryDelayMs,
};

/** Creates the access to tables, queues and containers. Nothing is loaded or sent before first use. */
export function createStorageClients(access: StorageAccess, clock: Clock): StorageClients {
  return {
    table: (name) =>
      new OnDemand({
        clock,
        open: () => openTable(access, name),
        create: (client, options) => client.createTable(options),
        missingCode: 'TableNotFound',
      }),
    queue: (name) =>
      new OnDemand({
        clock,
        open: () => openQueue(access, name),
        create: (client, options) => client.createIfNotExists(options),
        missingCode: 'QueueNotFound',
      }),
    container: (name) =>
      new OnDemand({
        clock,
        open: () => openContainer(access, name),
        create: (client, options) => client.createIfNotExists(options),
        missingCode: 'ContainerNotFound',
      }),
  };
}

async function openTable(access: StorageAccess, name: string): Promise<TableClient> {
  const { TableClient } = await import('@azure/data-tables');
  const options = {
    retryOptions: { maxRetries, retryDelayInMs: retryDelayMs, maxRetryDelayInMs: maxRetryDelayMs },
  };
  if (access.kind === 'identity') {
    return new TableClient(access.tableServiceUri, name, access.credential, options);
  }
  const allowInsecureConnection = speaksPlainHttp(access.connectionString);
  return TableClient.fromConnectionString(access.connectionString, name, {
    ...options,
    allowInsecureConnection,
  });
}

/** Tells whether a connection string demands plain http, as Azurite's does. */
function speaksPlainHttp(connectionString: string): boolean {
  return /(?:^|;)\s*(?:DefaultEndpointsProtocol=http\s*(?:;|$)|TableEndpoint=http:|UseDevelopmentStorage=true)/i.test(
    connectionString,
  );
}

async function openQueue(access: StorageAccess, name: string): Promise<QueueClient> {
  const { QueueServiceClient } = await import('@azure/storage-queue');
  const options = { retryOptions };
  const service =
    access.kind === 'identity'
      ? new QueueServiceClient(access.queueServiceUri, access.credential, options)
      : QueueServiceClient.fromConnectionString(access.connectionString, options);
  return service.getQueueClient(name);
}

async function openContainer(access: StorageAccess, name: string): Promise<ContainerClient> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const options = { retryOptions };
  const service =
    access.kind === 'identity'
      ? new BlobServiceClient(access.blobServiceUri, access.credential, options)
      : BlobServiceClient.fromConnectionString(access.connectionString, options);
  return service.getContainerClient(name);
}
