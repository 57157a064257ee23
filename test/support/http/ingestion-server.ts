import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { listenOnLoopback } from '../../../dev/lib/loopback';

export interface Envelope {
  readonly name: string;
  readonly time: string;
  readonly iKey?: string;
  readonly tags: Record<string, string>;
  readonly data: {
    readonly baseType: string;
    readonly baseData: { readonly name: string; readonly properties: Record<string, string> };
  };
}

/** The server's response to a request; `'hang'`: no response. */
export type IngestionAnswer = { readonly status: number; readonly body?: unknown } | 'hang';

export interface IngestionServer {
  readonly connectionString: string;
  /** The server's certificate, which is its own authority. */
  readonly certificate: string;
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  /** All received envelopes, accepted or not. */
  readonly envelopes: Envelope[];
  answer: (envelopes: readonly Envelope[]) => IngestionAnswer;
  close(): Promise<void>;
}

/**
 * Starts a stand-in for Application Insights' ingestion endpoint, with TLS on loopback. It keeps what it
 * receives.
 */
export async function startIngestionServer(): Promise<IngestionServer> {
  const pem = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const server = createServer({ key: pem.private, cert: pem.cert });
  const state: Pick<IngestionServer, 'requests' | 'envelopes' | 'answer'> = {
    requests: [],
    envelopes: [],
    answer: (envelopes) => ({
      status: 200,
      body: { itemsReceived: envelopes.length, itemsAccepted: envelopes.length, errors: [] },
    }),
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answerRequest(state, request, response);
  });
  const port = await listenOnLoopback(server);
  return Object.assign(state, {
    connectionString: `InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://localhost:${port}/`,
    certificate: pem.cert,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

async function answerRequest(
  state: Pick<IngestionServer, 'requests' | 'envelopes' | 'answer'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const envelopes = await readEnvelopes(request);
  state.requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
  state.envelopes.push(...envelopes);
  const answer = state.answer(envelopes);
  if (answer === 'hang') return;
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
}

/** Reads one JSON list, or one JSON object per line. */
async function readEnvelopes(request: IncomingMessage): Promise<Envelope[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
  if (text.startsWith('[')) return JSON.parse(text) as Envelope[];
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Envelope);
}
