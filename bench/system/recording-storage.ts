import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { RunningAzurite } from '../../dev/lib/azurite';
import { listenOnLoopback } from '../../dev/lib/loopback';

/** A request to storage. */
export interface StorageRequest {
  readonly service: 'blob' | 'queue' | 'table';
  readonly method: string;
  /** Path and query without the account. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The status of the response. */
  readonly status: number;
  /** The size of the response's body. */
  readonly answerBytes: number;
  /** The id of the message that the request put into a queue. */
  readonly messageId?: string;
  /** The ids of the messages that the request received from a queue. */
  readonly received?: readonly string[];
  /** True for a read of a queue that found no message. */
  readonly isIdle: boolean;
  /** The time of the request, in milliseconds since 1970. */
  readonly startedMs: number;
}

export interface RecordingStorage {
  readonly connectionString: string;
  /** All requests, in order of completion. */
  readonly requests: StorageRequest[];
  close(): Promise<void>;
}

/** Starts a proxy in front of Azurite that keeps every request with its body. */
export async function startRecordingStorage(azurite: RunningAzurite): Promise<RecordingStorage> {
  const requests: StorageRequest[] = [];
  const listeners = await Promise.all(
    (['blob', 'queue', 'table'] as const).map(async (service) => {
      const towards = azurite[`${service}Port`];
      const server = createServer((from, to) => void pass({ service, towards, from, to, requests }));
      return { server, towards, port: await listenOnLoopback(server) };
    }),
  );
  return {
    requests,
    connectionString: listeners.reduce(
      (text, { towards, port }) => text.replace(`:${towards}/`, `:${port}/`),
      azurite.connectionString,
    ),
    close: async () => {
      for (const { server } of listeners) {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      }
    },
  };
}

interface Passing {
  readonly service: StorageRequest['service'];
  readonly towards: number;
  readonly from: IncomingMessage;
  readonly to: ServerResponse;
  readonly requests: StorageRequest[];
}

async function pass({ service, towards, from, to, requests }: Passing): Promise<void> {
  const startedMs = Date.now();
  const { method = 'GET', url = '/', headers } = from;
  try {
    const body = await bytesOf(from);
    const onward = request({ host: '127.0.0.1', port: towards, method, path: url, headers });
    onward.end(body);
    const [reply] = (await once(onward, 'response')) as [IncomingMessage];
    const answer = await bytesOf(reply);
    const status = reply.statusCode ?? 0;
    const isReceive = service === 'queue' && method === 'GET' && url.includes('/messages');
    const isIdle = isReceive && !answer.includes('<QueueMessage>');
    requests.push({
      service,
      method,
      path: url.replace(/^\/[^/?]+/, ''),
      headers: headers as Record<string, string>,
      body: body.toString('utf8'),
      status,
      answerBytes: answer.length,
      ...(service === 'queue' && method === 'POST'
        ? { messageId: messageIdsIn(answer.toString('utf8'))[0] ?? '' }
        : {}),
      ...(isReceive ? { received: messageIdsIn(answer.toString('utf8')) } : {}),
      isIdle,
      startedMs,
    });
    to.writeHead(status, reply.rawHeaders);
    to.end(answer);
  } catch {
    to.destroy();
  }
}

/** Reads the ids of `<QueueMessagesList><QueueMessage><MessageId>…`. */
function messageIdsIn(answer: string): readonly string[] {
  return [...answer.matchAll(/<MessageId>([^<]*)<\/MessageId>/g)].map(([, id = '']) => id);
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
