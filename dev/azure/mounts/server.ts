import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { LocalReply, LocalRequest } from '../http/message';
import type { Certificate } from './certificate';

export interface RunningServer {
  /** The server's URL, without a trailing slash. */
  readonly url: string;
  /** Closes the server and cuts open connections. */
  close(): Promise<void>;
}

type Handle = (request: LocalRequest) => Promise<LocalReply>;

const host = '127.0.0.1';
const maxBodyBytes = 16 * 1024 * 1024;

/**
 * Serves a handler on loopback, over TLS if there is a certificate. Port 0 takes any free port. Rejects with
 * the system's error (`EADDRINUSE` …) if the port is not available.
 */
export async function startServer(options: {
  readonly handle: Handle;
  readonly port: number;
  readonly certificate?: Certificate | undefined;
}): Promise<RunningServer> {
  const { handle, certificate } = options;
  const scheme = certificate === undefined ? 'http' : 'https';
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void serve(handle, scheme, request, response);
  const server: Server =
    certificate === undefined
      ? createServer(listener)
      : createTlsServer({ cert: certificate.certPem, key: certificate.keyPem }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://${host}:${port}`,
    close: () => closeServer(server),
  };
}

async function serve(
  handle: Handle,
  scheme: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = `${scheme}://${request.headers.host ?? host}${request.url ?? '/'}`;
    const body = await readBody(request);
    const reply = await handle({ method: request.method ?? 'GET', url, headers: headersOf(request), body });
    if (reply.kind === 'reset') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, { ...reply.headers });
    response.end(reply.body);
  } catch (error) {
    // The client is gone or did not send HTTP, so there is no one to answer. Any other error is a bug here.
    if (response.headersSent || request.destroyed) return;
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(
      `The local Azure failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) throw new Error(`The request is longer than ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
