import { RestError, TableClient, TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { setTimeout as sleep } from 'node:timers/promises';

export type DumpedRow = Readonly<Record<string, unknown>>;

/** Everything in a storage account of the emulator. */
export interface StorageDump {
  /** The rows of each table, without their versions. */
  readonly tables: Readonly<Record<string, readonly DumpedRow[]>>;
  /** The texts of the messages of each queue, as they were sent. */
  readonly queues: Readonly<Record<string, readonly string[]>>;
  /** The blobs of each container, by name. */
  readonly blobs: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const insecure = { allowInsecureConnection: true } as const;
/** How long messages are waited for that are hidden: alarms of the next polls and later reviews. */
const hiddenMs = 45_000;

/** Reads everything that is in a storage account. Takes its queue messages, also those that become visible within 45 s. */
export async function dumpStorage(connectionString: string): Promise<StorageDump> {
  const tables: Record<string, readonly DumpedRow[]> = {};
  for await (const { name = '' } of TableServiceClient.fromConnectionString(
    connectionString,
    insecure,
  ).listTables())
    tables[name] = await rowsOf(connectionString, name);
  return { tables, blobs: await blobsIn(connectionString), queues: await messagesIn(connectionString) };
}

/** Reads the rows of a table, or none if there is no such table yet. */
export async function rowsOf(connectionString: string, table: string): Promise<readonly DumpedRow[]> {
  const rows: DumpedRow[] = [];
  try {
    for await (const row of TableClient.fromConnectionString(
      connectionString,
      table,
      insecure,
    ).listEntities()) {
      const { etag: _etag, timestamp: _timestamp, ...columns } = row;
      rows.push(columns);
    }
  } catch (error) {
    if (!(error instanceof RestError) || error.statusCode !== 404) throw error;
  }
  return rows;
}

/** Sends a message to a queue, which is created if it is not there. */
export async function sendText(connectionString: string, queue: string, text: string): Promise<void> {
  const client = QueueServiceClient.fromConnectionString(connectionString).getQueueClient(queue);
  await client.createIfNotExists();
  await client.sendMessage(text);
}

async function messagesIn(connectionString: string): Promise<StorageDump['queues']> {
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const queues: Record<string, string[]> = {};
  for await (const { name } of service.listQueues()) queues[name] = [];
  for (let waitedMs = 0; waitedMs <= hiddenMs; waitedMs += 3_000) {
    for (const [name, texts] of Object.entries(queues)) {
      const options = { numberOfMessages: 32, visibilityTimeout: 600 };
      const { receivedMessageItems } = await service.getQueueClient(name).receiveMessages(options);
      texts.push(...receivedMessageItems.map(({ messageText }) => messageText));
    }
    await sleep(3_000);
  }
  return queues;
}

async function blobsIn(connectionString: string): Promise<StorageDump['blobs']> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const containers: Record<string, Record<string, string>> = {};
  for await (const { name } of service.listContainers()) {
    const container = service.getContainerClient(name);
    const blobs: Record<string, string> = {};
    for await (const blob of container.listBlobsFlat())
      blobs[blob.name] = (await container.getBlobClient(blob.name).downloadToBuffer()).toString('base64');
    containers[name] = blobs;
  }
  return containers;
}
