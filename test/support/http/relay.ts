import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '../../../dev/lib/loopback';

/** Stands between a client and a server on loopback, and can be cut. */
export interface Relay {
  readonly port: number;
  /** How many connections were refused. */
  readonly refused: number;
  /** Ends every connection and refuses new ones, until `mend`. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

export async function startRelay(targetPort: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let refused = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (isCut) {
      refused += 1;
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1');
    keep(upstream);
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const port = await listenOnLoopback(server);
  return {
    port,
    get refused() {
      return refused;
    },
    cut: () => {
      isCut = true;
      endAll();
    },
    restore: () => {
      isCut = false;
    },
    close: async () => {
      server.close();
      endAll();
      await once(server, 'close');
    },
  };
}
