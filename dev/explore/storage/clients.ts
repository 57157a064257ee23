import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { StorageClients } from '../../../src/azure/storage/clients';
import { OnDemand } from '../../../src/azure/storage/on-demand';
import type { Clock } from '../../../src/base/clock';
import type { SimulatedAccount } from './account';
import { asContainerClient, SimulatedContainerClient } from './blob/client';
import type { StorageCall } from './call';
import { asQueueClient, SimulatedQueueClient } from './queue/client';
import { asTableClient, SimulatedTableClient } from './table/client';

export interface SimulatedClientsOptions {
  readonly account: SimulatedAccount;
  /** Carries every call of these clients; so each instance of the app can have its own troubles. */
  readonly call: StorageCall;
  /** The clock of the instance that uses the clients. */
  readonly clock: Clock;
}

/** Creates the app's access to a simulated account. */
export function createSimulatedClients({ account, call, clock }: SimulatedClientsOptions): StorageClients {
  return {
    table: (name) =>
      new OnDemand({
        clock,
        open: async () => asTableClient(new SimulatedTableClient(name, account.table(name), call)),
        create: (client, options) => client.createTable(options),
        missingCode: 'TableNotFound',
      }),
    queue: (name) =>
      new OnDemand({
        clock,
        open: async () => queueClient(account, call, name),
        create: (client, options) => client.createIfNotExists(options),
        missingCode: 'QueueNotFound',
      }),
    container: (name) =>
      new OnDemand({
        clock,
        open: async () => containerClient(account, call, name),
        create: (client, options) => client.createIfNotExists(options),
        missingCode: 'ContainerNotFound',
      }),
  };
}

/** The services as a Functions host uses them. */
export interface SimulatedServices {
  readonly queues: Pick<QueueServiceClient, 'getQueueClient'>;
  readonly blobs: Pick<BlobServiceClient, 'getContainerClient'>;
}

/** Creates a host's access to a simulated account. */
export function createSimulatedServices(account: SimulatedAccount, call: StorageCall): SimulatedServices {
  return {
    queues: { getQueueClient: (name) => queueClient(account, call, name) },
    blobs: { getContainerClient: (name) => containerClient(account, call, name) },
  };
}

function queueClient(account: SimulatedAccount, call: StorageCall, name: string): QueueClient {
  return asQueueClient(new SimulatedQueueClient(name, account.queue(name), call));
}

function containerClient(account: SimulatedAccount, call: StorageCall, name: string): ContainerClient {
  const { ids } = account;
  return asContainerClient(
    new SimulatedContainerClient({ name, container: account.container(name), ids, call }),
  );
}
