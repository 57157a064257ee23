import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCredential } from '../../../../src/azure/identity/credential';

/** The identity endpoint that App Service gives to its apps. One for all tests: the SDK remembers the first it finds. */
describe('where the platform has an identity endpoint', () => {
  const requests: IncomingMessage[] = [];
  let server: Server;

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(request);
      const expiresOn = Math.floor(Date.now() / 1000) + 3600;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          access_token: 'from-the-platform',
          expires_on: `${expiresOn}`,
          token_type: 'Bearer',
        }),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    process.env['IDENTITY_ENDPOINT'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`;
    process.env['IDENTITY_HEADER'] = 'the-header';
  });

  afterAll(async () => {
    delete process.env['IDENTITY_ENDPOINT'];
    delete process.env['IDENTITY_HEADER'];
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const lastAsked = () => new URL(requests.at(-1)?.url ?? '', 'http://x').searchParams;

  test('the named managed identity is asked for a token for ARM', async () => {
    const clientId = '33333333-3333-3333-3333-333333333333';
    const credential = createCredential({ identityEndpointPresent: true, clientId });
    const token = await credential.getToken('https://arm.test:8443/.default');
    expect(token?.token).toBe('from-the-platform');
    expect(lastAsked().get('resource')).toBe('https://arm.test:8443');
    expect(lastAsked().get('client_id')).toBe(clientId);
    expect(requests.at(-1)?.headers['x-identity-header']).toBe('the-header');
  });

  test("the app's own identity is asked when none is named", async () => {
    await createCredential({ identityEndpointPresent: true }).getToken('https://other.test/.default');
    expect(lastAsked().get('resource')).toBe('https://other.test');
    expect(lastAsked().has('client_id')).toBe(false);
  });
});
