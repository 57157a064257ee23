import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import { TableClient, type TransactionAction } from '@azure/data-tables';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { QueueServiceClient, type QueueClient, type QueueSendMessageResponse } from '@azure/storage-queue';
import type { Action, MessageStep, QueueName, Step, TableName } from '../step';
import type { FloorOrder } from './order';

/** The hidden messages of one connection, by the ids of the recorded ones. */
export type HiddenMessages = Map<string, Pick<QueueSendMessageResponse, 'messageId' | 'popReceipt'>>;

/** Longer than any run. */
const hiddenSeconds = 6 * 3600;

export type Clients = Pick<FloorOrder, 'connectionString' | 'armUrl' | 'token'>;

/** Repeats recorded calls with the app's clients. */
export class Replay {
  readonly queues: Readonly<Record<QueueName, QueueClient>>;
  readonly tables: Readonly<Record<TableName, TableClient>>;
  readonly leases: ContainerClient;
  readonly #http = createDefaultHttpClient();
  readonly #held = new Map<string, string>();

  constructor(private readonly clients: Clients) {
    const { connectionString } = clients;
    const queues = QueueServiceClient.fromConnectionString(connectionString);
    const table = (name: TableName): TableClient =>
      TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
    this.leases = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('leases');
    this.queues = {
      reviews: queues.getQueueClient('reviews'),
      operations: queues.getQueueClient('operations'),
    };
    this.tables = { operations: table('operations'), ledger: table('ledger') };
  }

  /** Repeats the calls one after another, as the app made them. Rejects if one is refused. */
  async run(steps: readonly Step[], hidden: HiddenMessages): Promise<void> {
    for (const step of steps) await this.#again(step, hidden);
  }

  async #again(step: Step, hidden: HiddenMessages): Promise<unknown> {
    switch (step.kind) {
      case 'arm':
        // The other side may have just closed an idle connection.
        return this.#callArm(step).catch(() => this.#callArm(step));
      case 'blob create':
        return this.leases.getBlockBlobClient(step.blob).upload('', 0);
      case 'lease acquire':
        return this.#acquire(step.blob);
      case 'lease release':
        return this.leases
          .getBlockBlobClient(step.blob)
          .getBlobLeaseClient(this.#held.get(step.blob))
          .releaseLease();
      case 'lease renew':
        return this.leases
          .getBlockBlobClient(step.blob)
          .getBlobLeaseClient(this.#held.get(step.blob))
          .renewLease();
      case 'row query':
        return this.tables[step.table]
          .listEntities({ queryOptions: { filter: step.filter } })
          .byPage({ maxPageSize: 500 })
          .next();
      case 'row get':
        return this.tables[step.table].getEntity(...step.keys);
      case 'row insert':
        return this.tables[step.table].createEntity(step.row);
      case 'row put':
        return this.tables[step.table].upsertEntity(step.row, 'Replace');
      case 'transaction':
        return this.tables[step.table].submitTransaction(step.actions.map(transactionAction));
      case 'message':
      case 'hidden put':
      case 'hidden again':
      case 'hidden remove':
        return this.#message(step, hidden);
    }
  }

  async #message(step: MessageStep, hidden: HiddenMessages): Promise<void> {
    const queue = this.queues[step.queue];
    if (step.kind === 'message') {
      await queue.sendMessage(step.text, { messageTimeToLive: -1 });
      return;
    }
    if (step.kind === 'hidden put') {
      const options = { messageTimeToLive: -1, visibilityTimeout: hiddenSeconds };
      hidden.set(step.id, await queue.sendMessage(step.text, options));
      return;
    }
    const { messageId, popReceipt } = hidden.get(step.id) ?? {};
    if (messageId === undefined || popReceipt === undefined)
      throw new Error(`The queue ${step.queue} has no such hidden message`);
    if (step.kind === 'hidden remove') {
      hidden.delete(step.id);
      await queue.deleteMessage(messageId, popReceipt);
      return;
    }
    const reply = await queue.updateMessage(messageId, popReceipt, undefined, hiddenSeconds);
    hidden.set(step.id, { messageId, popReceipt: reply.popReceipt ?? popReceipt });
  }

  /** Acquires a lease. The first attempt fails because the blob does not exist yet, as it did for the app. */
  async #acquire(blob: string): Promise<void> {
    const client = this.leases.getBlockBlobClient(blob).getBlobLeaseClient();
    const { leaseId } = await client.acquireLease(60).catch(() => ({ leaseId: undefined }));
    if (leaseId !== undefined) this.#held.set(blob, leaseId);
  }

  async #callArm({ method, path }: Extract<Step, { kind: 'arm' }>): Promise<void> {
    const { armUrl, token } = this.clients;
    const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
    const isPut = method === 'PUT';
    const reply = await this.#http.sendRequest(
      createPipelineRequest({
        url: `${armUrl}${path}`,
        method: method as HttpMethods,
        headers: createHttpHeaders(isPut ? { ...headers, 'content-type': 'application/json' } : headers),
        ...(isPut ? { body: approval } : {}),
      }),
    );
    if (reply.status >= 300) throw new Error(`ARM answered ${reply.status} to ${method} ${path}`);
  }
}

const approval = JSON.stringify({
  properties: {
    privateLinkServiceConnectionState: {
      status: 'Approved',
      description: 'please [Postern approved: landing-zones; ef0b2a68]',
    },
  },
});

function transactionAction([verb, row]: Action): TransactionAction {
  switch (verb) {
    case 'create':
      return ['create', row];
    case 'update':
      return ['update', row, 'Replace', { etag: '*' }];
    case 'upsert':
      return ['upsert', row, 'Replace'];
  }
}
