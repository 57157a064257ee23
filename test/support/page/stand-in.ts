import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { createConsole, type Console } from '../../../src/console/console';
import { createDiskAssets } from '../../../src/console/http/disk-assets';
import type { LocalPerson } from '../../../dev/console/people';
import { startProvider, type RunningProvider } from '../../../dev/console/provider';
import { projectRoot } from '../repo/project';
import { createPageWorld, type PageWorld, routesOf } from './world';

/** A running stand-in: the app's own page, headers and check of tokens, over a world that the test makes. */
export interface StandIn {
  readonly world: PageWorld;
  /** The page's address. */
  readonly url: string;
  readonly provider: RunningProvider;
  /** Paths of all requests, without their headers. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

const tenantId = '99999999-9999-4999-8999-999999999999';
const clientId = '88888888-8888-4888-8888-888888888888';

/** Starts a stand-in with its own sign-in service, both on loopback. */
export async function startStandIn(
  people: readonly LocalPerson[],
  options: { readonly accessTokenSeconds?: number } = {},
): Promise<StandIn> {
  const world = createPageWorld();
  const requests: string[] = [];
  let answer: Console | undefined = undefined;
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    if (answer === undefined) outgoing.destroy();
    else void respond(answer, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${origin}/console/`;
  const provider = await startProvider({
    port: 0,
    tenantId,
    clientId,
    redirectUris: [url],
    people,
    ...options,
  });
  const silent = (): void => undefined;
  answer = createConsole({
    settings: { clientId, tenantId, authority: provider.authority, url },
    clock: systemClock,
    logger: { info: silent, warn: console.warn, error: console.error },
    assets: createDiskAssets(join(projectRoot, 'dist/console')),
    fetchKeys: (address) => fetch(address),
    routes: routesOf(world),
  });
  return {
    world,
    url,
    provider,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await provider.close();
    },
  };
}

async function respond(answer: Console, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { status, headers, body } = await answer({
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', `http://${incoming.headers.host}`),
    header: (name) => incoming.headers[name.toLowerCase()]?.toString(),
    body: () => Promise.resolve(Buffer.concat(chunks)),
  });
  outgoing.writeHead(status, headers).end(body);
}
