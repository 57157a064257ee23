import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HostError, messageOf } from '../errors';
import type { HostReply, HostRequest } from './http-reply';
import type { HostLog } from '../log-line';

export interface HttpServerOptions {
  /** The port; 0 selects any free port. */
  readonly port: number;
  readonly answer: (request: HostRequest) => Promise<HostReply>;
  readonly log: HostLog;
}

export interface RunningHttpServer {
  readonly port: number;
  /** Accepts no new requests and waits at most `graceMs` for running ones. */
  close(graceMs: number): Promise<void>;
}

/** Listens on loopback only. Rejects with HOST_PORT_BUSY if another program uses the port. */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
  const server = createServer((incoming, outgoing) => {
    answerRequest(options, incoming, outgoing).catch((error: unknown) => {
      options.log({ level: 'error', category: 'host', message: `A request failed: ${messageOf(error)}` });
      outgoing.destroy();
    });
  });
  await listen(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) => close(server, graceMs),
  };
}

async function answerRequest(
  options: HttpServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const host = incoming.headers.host ?? `127.0.0.1:${options.port}`;
  const reply = await options.answer({
    method: incoming.method ?? 'GET',
    url: new URL(`http://${host}${incoming.url ?? '/'}`),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  });
  outgoing.writeHead(reply.status, reply.headers);
  outgoing.end(reply.body);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === 'EADDRINUSE';
      const problem = isBusy ? `port ${port} is in use by another program` : error.message;
      reject(
        new HostError('HOST_PORT_BUSY', `The Functions host cannot listen: ${problem}.`, { cause: error }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
