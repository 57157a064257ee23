import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { BlobServiceClient, newPipeline as blobPipeline } from '@azure/storage-blob';
import {
  QueueServiceClient,
  newPipeline as queuePipeline,
  type RequestPolicyFactory,
} from '@azure/storage-queue';
import { createHostIdentity } from '../host-identity';
import { settingOf, type Settings } from '../settings';
import type { StorageConnection } from './connection-string';

/** Clients for the storage accounts of all connections, one per account and service. */
export class StorageClients {
  readonly #environment: Settings;
  readonly #queues = new Map<string, QueueServiceClient>();
  readonly #blobs = new Map<string, BlobServiceClient>();

  /**
   * `environment` says where tokens come from (IDENTITY_ENDPOINT) and which authority to trust
   * (NODE_EXTRA_CA_CERTS).
   */
  constructor(environment: Settings = {}) {
    this.#environment = environment;
  }

  queues(connection: StorageConnection): QueueServiceClient {
    return known(this.#queues, connection, () => {
      if (connection.kind === 'connectionString') {
        return QueueServiceClient.fromConnectionString(connection.connectionString);
      }
      const { credential, agent } = this.#identity(connection.clientId);
      const pipeline = queuePipeline(credential);
      pipeline.factories.unshift(sendingBy(agent));
      return new QueueServiceClient(connection.queueServiceUri, pipeline);
    });
  }

  blobs(connection: StorageConnection): BlobServiceClient {
    return known(this.#blobs, connection, () => {
      if (connection.kind === 'connectionString') {
        return BlobServiceClient.fromConnectionString(connection.connectionString);
      }
      const { credential, agent } = this.#identity(connection.clientId);
      const pipeline = blobPipeline(credential);
      pipeline.factories.unshift(sendingBy(agent));
      return new BlobServiceClient(connection.blobServiceUri, pipeline);
    });
  }

  #identity(clientId: string | undefined): {
    readonly credential: ReturnType<typeof createHostIdentity>;
    readonly agent: Agent;
  } {
    const environment = this.#environment;
    const agent = trusting(settingOf(environment, 'NODE_EXTRA_CA_CERTS'));
    return { credential: createHostIdentity({ environment, clientId, agent }), agent };
  }
}

function known<T>(clients: Map<string, T>, connection: StorageConnection, open: () => T): T {
  const key = JSON.stringify(connection);
  const client = clients.get(key) ?? open();
  clients.set(key, client);
  return client;
}

/**
 * Creates an agent that trusts a certificate. Node.js reads NODE_EXTRA_CA_CERTS only at its start; this host
 * may get the file later.
 */
function trusting(caFile: string | undefined): Agent {
  return new Agent({ keepAlive: true, ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }) });
}

function sendingBy(agent: Agent): RequestPolicyFactory {
  return {
    create: (next) => ({
      sendRequest: (request) => {
        request.agent = agent;
        return next.sendRequest(request);
      },
    }),
  };
}
