import type { QueueClient } from '@azure/storage-queue';
import type { StorageClients } from './clients';
import { type CallOptions, ExistingOnly, StorageMissing } from './on-demand';

export interface InspectedPart {
  readonly service: 'blob' | 'queue' | 'table';
  readonly name: string;
}

export type InspectedState =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'present';
      readonly messages?: number | undefined;
      /** ISO 8601. */
      readonly oldestAt?: string | undefined;
    };

/**
 * Creates the inspection of parts of a storage account, which creates nothing and takes no message. @throws
 * PosternError STORE_UNAVAILABLE while inspecting.
 */
export function createStorageInspection(clients: StorageClients): {
  inspect(part: InspectedPart): Promise<InspectedState>;
} {
  return {
    async inspect(part) {
      try {
        return await inspectPart(clients, part);
      } catch (error) {
        if (error instanceof StorageMissing) return { kind: 'missing' };
        throw error;
      }
    },
  };
}

async function inspectPart(
  clients: StorageClients,
  { service, name }: InspectedPart,
): Promise<InspectedState> {
  switch (service) {
    case 'blob': {
      const container = new ExistingOnly(clients.container(name), `container ${name}`);
      await container.use((client, options) =>
        client.listBlobsFlat(options).byPage({ maxPageSize: 1 }).next(),
      );
      return { kind: 'present' };
    }
    case 'table': {
      const table = new ExistingOnly(clients.table(name), `table ${name}`);
      await table.use((client, { abortSignal }) =>
        client.listEntities({ abortSignal }).byPage({ maxPageSize: 1 }).next(),
      );
      return { kind: 'present' };
    }
    case 'queue':
      return new ExistingOnly(clients.queue(name), `queue ${name}`).use(inspectQueue);
  }
}

/**
 * Counts a queue's messages and finds the oldest. Peeked messages stay in the queue; hidden ones cannot be
 * seen.
 */
async function inspectQueue(queue: QueueClient, options: CallOptions): Promise<InspectedState> {
  const { peekedMessageItems } = await queue.peekMessages({ ...options, numberOfMessages: 32 });
  const { approximateMessagesCount } = await queue.getProperties(options);
  const oldest = peekedMessageItems
    .map(({ insertedOn }) => insertedOn.toISOString())
    .sort()
    .at(0);
  return { kind: 'present', messages: approximateMessagesCount ?? 0, oldestAt: oldest };
}
