import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { RunningAzurite } from './azurite';
import { listenOnLoopback } from './loopback';

/** One storage operation, as an account is billed for it. */
export interface StorageOperation {
  readonly service: Service;
  readonly method: string;
  /** The resource without the account and without the name of a single entity, message or blob. */
  readonly resource: string;
  /** The HTTP status of the response. */
  readonly status: number;
  /** True for a read of a queue that found no message, as an idle host makes. */
  readonly isIdle: boolean;
}

export type Service = 'blob' | 'queue' | 'table';

export interface CountingStorage {
  readonly connectionString: string;
  /** All operations since the last `clear`. A transaction is one operation, however many rows it has. */
  readonly operations: readonly StorageOperation[];
  clear(): void;
  close(): Promise<void>;
}

/** Starts a proxy in front of Azurite that records every request. */
export async function startCountingStorage(azurite: RunningAzurite): Promise<CountingStorage> {
  const operations: StorageOperation[] = [];
  const listeners = await Promise.all(
    (['blob', 'queue', 'table'] as const).map((service) =>
      startListener(service, azurite[`${service}Port`], (operation) => operations.push(operation)),
    ),
  );
  const connectionString = listeners.reduce(
    (text, listener) => text.replace(`:${listener.targetPort}/`, `:${listener.port}/`),
    azurite.connectionString,
  );
  return {
    connectionString,
    operations,
    clear: () => void operations.splice(0),
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}

interface Listener {
  readonly port: number;
  readonly targetPort: number;
  close(): Promise<void>;
}

async function startListener(
  service: Service,
  targetPort: number,
  note: (operation: StorageOperation) => void,
): Promise<Listener> {
  const server = createServer((from, to) => pass(service, targetPort, { from, to, note }));
  const port = await listenOnLoopback(server);
  return {
    port,
    targetPort,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Passing {
  readonly from: IncomingMessage;
  readonly to: ServerResponse;
  readonly note: (operation: StorageOperation) => void;
}

function pass(service: Service, port: number, { from, to, note }: Passing): void {
  const { method = 'GET', url = '/', headers } = from;
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
    const parts: Buffer[] = [];
    reply.on('data', (part: Buffer) => parts.push(part));
    reply.on('error', () => to.destroy());
    reply.on('end', () => {
      const body = Buffer.concat(parts);
      const { statusCode: status = 502 } = reply;
      note({
        service,
        method,
        resource: resourceOf(url),
        status,
        isIdle: isIdle({ service, method, url, body }),
      });
      to.writeHead(status, reply.rawHeaders);
      to.end(body);
    });
  });
  onward.on('error', () => to.destroy());
  from.on('error', () => onward.destroy());
  from.pipe(onward);
}

/**
 * Shortens a URL: `/account/reviews/messages/ID?…` → `reviews/messages`;
 * `/account/operations(PartitionKey=…)` → `operations`.
 */
function resourceOf(url: string): string {
  const [path = ''] = url.split('?');
  const [, , first = '', second] = path.split('/');
  const container = decodeURIComponent(first).replace(/\(.*/, '');
  return second === 'messages' ? `${container}/messages` : container;
}

function isIdle(seen: {
  readonly service: Service;
  readonly method: string;
  readonly url: string;
  readonly body: Buffer;
}): boolean {
  const isReceive = seen.service === 'queue' && seen.method === 'GET' && seen.url.includes('/messages');
  return isReceive && !seen.body.includes('<QueueMessage>');
}
