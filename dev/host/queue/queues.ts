import { RestError, type QueueClient } from '@azure/storage-queue';
import type { QueueOptions } from '../host-json';
import { StorageClients } from '../storage/clients';
import type { StorageConnection } from '../storage/connection-string';

export interface QueueAddress {
  readonly queueName: string;
  readonly connection: StorageConnection;
}

/** The storage queues of all connections. Watchers are called when this host adds a message. */
export class Queues {
  readonly #clients: StorageClients;
  readonly #watchers = new Map<string, Set<() => void>>();

  constructor(clients: StorageClients = new StorageClients()) {
    this.#clients = clients;
  }

  client({ queueName, connection }: QueueAddress): QueueClient {
    return this.#clients.queues(connection).getQueueClient(queueName);
  }

  /** Calls `wake` after each `enqueue` to that queue, until the returned function is called. */
  watch(address: QueueAddress, wake: () => void): () => void {
    const { url } = this.client(address);
    const watchers = this.#watchers.get(url) ?? new Set();
    this.#watchers.set(url, watchers.add(wake));
    return () => watchers.delete(wake);
  }

  /** Adds raw message text to a queue, and creates the queue if it is missing. */
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

/**
 * Returns whether the message is no longer ours: deleted, or received by another reader after our lock
 * expired.
 */
export function isLockLost(error: unknown): boolean {
  if (isNotFound(error)) return true;
  return error instanceof RestError && error.statusCode === 400 && error.code === 'PopReceiptMismatch';
}

export function encodeMessage(content: Uint8Array, encoding: QueueOptions['messageEncoding']): string {
  const buffer = Buffer.from(content);
  return encoding === 'base64' ? buffer.toString('base64') : buffer.toString('utf8');
}

/** Decodes a message; undefined if it is not in the configured encoding. */
export function decodeMessage(
  rawText: string,
  encoding: QueueOptions['messageEncoding'],
): Uint8Array | undefined {
  if (encoding === 'none') return Buffer.from(rawText);
  const compact = rawText.replace(/[ \t\r\n]/g, '');
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return isBase64 ? Buffer.from(compact, 'base64') : undefined;
}

/**
 * Returns the text of a message.
 * @throws TypeError for invalid UTF-8.
 */
export function textOf(content: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
}
