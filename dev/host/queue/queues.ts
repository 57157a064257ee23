import { RestError, type QueueClient } from '@azure/storage-queue';
import type { QueueOptions } from '../host-json';
import { StorageClients } from '../storage/clients';
import type { StorageConnection } from '../storage/connection-string';

export interface QueueAddress {
  readonly queueName: string;
  readonly connection: StorageConnection;
}

/** The storage queues of all connections, and who wants to know at once when this host has put something in. */
export class Queues {
  readonly #clients: StorageClients;
  readonly #watchers = new Map<string, Set<() => void>>();

  constructor(clients: StorageClients = new StorageClients()) {
    this.#clients = clients;
  }

  client({ queueName, connection }: QueueAddress): QueueClient {
    return this.#clients.queues(connection).getQueueClient(queueName);
  }

  /** Calls `wake` after each `enqueue` to that queue; the returned function ends that. */
  watch(address: QueueAddress, wake: () => void): () => void {
    const { url } = this.client(address);
    const watchers = this.#watchers.get(url) ?? new Set();
    this.#watchers.set(url, watchers.add(wake));
    return () => watchers.delete(wake);
  }

  /** Puts raw message text into a queue and creates the queue if it is missing. */
  async enqueue(address: QueueAddress, rawText: string): Promise<void> {
    const client = this.client(address);
    try {
      await client.sendMessage(rawText);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await client.createIfNotExists();
      await client.sendMessage(rawText);
    }
    for (const wake of this.#watchers.get(client.url) ?? []) wake();
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

/** True when the message is no longer ours: deleted, or taken by somebody else after our lock ran out. */
export function isLockLost(error: unknown): boolean {
  if (isNotFound(error)) return true;
  return error instanceof RestError && error.statusCode === 400 && error.code === 'PopReceiptMismatch';
}

export function encodeMessage(content: Uint8Array, encoding: QueueOptions['messageEncoding']): string {
  const buffer = Buffer.from(content);
  return encoding === 'base64' ? buffer.toString('base64') : buffer.toString('utf8');
}

/** The bytes of a message as it stands in the queue; undefined when it is not in the agreed encoding. */
export function decodeMessage(
  rawText: string,
  encoding: QueueOptions['messageEncoding'],
): Uint8Array | undefined {
  if (encoding === 'none') return Buffer.from(rawText);
  const compact = rawText.replace(/[ \t\r\n]/g, '');
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return isBase64 ? Buffer.from(compact, 'base64') : undefined;
}

/** The text of a message's bytes. Throws a TypeError for what is not UTF-8. */
export function textOf(content: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
}
