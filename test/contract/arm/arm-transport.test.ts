import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { generate } from 'selfsigned';
import { createArm } from '../../../src/azure/arm/arm';
import { testTarget, wireConnection } from '../../support/http/scripted-arm';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const vault = testTarget('Microsoft.KeyVault/vaults');

/** The real HTTP client over real TLS, against a server that misbehaves. */
describe('over a real connection', () => {
  let server: Server;
  let origin: string;
  let answer: Answer;
  let requests: IncomingMessage[];
  let trusting: HttpClient;

  beforeAll(async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    server = createServer({ key, cert }, (request, response) => {
      requests.push(request);
      answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    const client = createDefaultHttpClient();
    const tlsSettings = { ca: cert };
    trusting = {
      sendRequest: (request) => {
        request.tlsSettings = tlsSettings;
        request.disableKeepAlive = true;
        return client.sendRequest(request);
      },
    };
  });

  beforeEach(() => {
    requests = [];
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const arm = (requestTimeoutMs = 10_000, httpClient = trusting) =>
    createArm({
      endpoint: origin,
      credential: {
        getToken: () => Promise.resolve({ token: 'secret', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
      },
      requestTimeoutMs,
      httpClient,
    });

  test('a listing is read, and what was sent is what ARM wants', async () => {
    answer = (_request, response) => response.end(JSON.stringify({ value: [wireConnection(vault, 'a')] }));
    const listing = await arm().connections.list(vault);
    expect(listing?.connections).toHaveLength(1);
    expect(
      requests.map(({ method, headers }) => [method, headers.authorization, headers['accept-encoding']]),
    ).toEqual([['GET', 'Bearer secret', undefined]]);
    expect(requests[0]?.headers['x-ms-client-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a body that is written in pieces is whole', async () => {
    answer = (_request, response) => {
      response.write('{"sta');
      setImmediate(() => response.end('tus":"Succeeded"}'));
    };
    await expect(arm().operations.read(`${origin}/x`)).resolves.toMatchObject({ status: 'Succeeded' });
  });

  test('two operation URLs of the longest kind arrive', async () => {
    const long = `${origin}/op?c=${'X'.repeat(8000)}`;
    answer = (_request, response) => {
      response.writeHead(202, { 'azure-asyncoperation': long, location: `${long}Y` });
      response.end();
    };
    await expect(arm().operations.read(`${origin}/x`)).resolves.toMatchObject({ nextUrl: long });
  });

  test('headers without end are unreadable', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'x-long': 'X'.repeat(60_000) });
      response.end();
    };
    await expect(arm().operations.read(`${origin}/x`)).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test('a body without end is cut off at 8 MiB', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x');
    answer = (_request, response) => {
      const pour = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', pour).on('error', () => undefined);
      pour();
    };
    await expect(arm().operations.read(`${origin}/x`)).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test('a connection that drops before the reply is unreachable', async () => {
    answer = (request) => request.socket.destroy();
    await expect(arm().operations.read(`${origin}/x`)).rejects.toMatchObject({ code: 'ARM_UNREACHABLE' });
    expect(requests).toHaveLength(1);
  });

  test('a connection that drops within the body is unreachable', async () => {
    answer = (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"status":', () => request.socket.destroy());
    };
    await expect(arm().operations.read(`${origin}/x`)).rejects.toMatchObject({ code: 'ARM_UNREACHABLE' });
  });

  test.each<[string, Answer]>([
    ['no reply at all', () => undefined],
    ['a body that never ends', (_request, response) => void response.write('{')],
  ])('%s is unreachable after the time that one request has', async (_title, silent) => {
    answer = silent;
    await expect(arm(100).operations.read(`${origin}/x`)).rejects.toMatchObject({ code: 'ARM_UNREACHABLE' });
  });

  test('a redirect is not followed', async () => {
    answer = (_request, response) => {
      response.writeHead(307, { location: `${origin}/elsewhere` });
      response.end();
    };
    await expect(arm().connections.list(vault)).rejects.toMatchObject({ code: 'ARM_UNTRUSTED_URL' });
    expect(requests).toHaveLength(1);
  });

  test('a server whose certificate nobody vouches for gets no request', async () => {
    answer = (_request, response) => response.end('{}');
    await expect(arm(10_000, createDefaultHttpClient()).operations.read(`${origin}/x`)).rejects.toMatchObject(
      {
        code: 'ARM_UNREACHABLE',
      },
    );
    expect(requests).toEqual([]);
  });
});
