import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificate } from '../../../dev/azure/mounts/certificate';
import { StorageClients } from '../../../dev/host/storage/clients';
import type { StorageConnection } from '../../../dev/host/storage/connection-string';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { buildWorker, startSample, type BuiltWorker } from '../../support/rigs/host-under-test';

let folder: string;
let azurite: RunningAzurite;
let worker: BuiltWorker;
let identity: Server;
let env: Record<string, string>;
const asked: (string | undefined)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-identity-'));
  const { certPem, keyPem } = await createCertificate();
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(certFile, certPem), writeFile(keyFile, keyPem)]);
  [azurite, worker] = await Promise.all([startAzurite({ tls: { certFile, keyFile } }), buildWorker()]);
  identity = createServer(({ url = '', headers }, reply) => {
    const query = new URL(url, 'http://identity').searchParams;
    asked.push(query.get('client_id') ?? 'system');
    const isRight = headers['x-identity-header'] === 'secret' && query.get('api-version') === '2019-08-01';
    const expires = Math.floor(Date.now() / 1000) + 3600;
    const token = { access_token: tokenFor(query.get('resource') ?? ''), expires_on: String(expires) };
    reply.writeHead(isRight ? 200 : 401).end(JSON.stringify(token));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => identity.once('listening', resolve));
  env = {
    IDENTITY_ENDPOINT: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/token`,
    IDENTITY_HEADER: 'secret',
    NODE_EXTRA_CA_CERTS: certFile,
  };
});

afterAll(async () => {
  identity.close();
  await Promise.all([azurite.close(), worker.remove()]);
  await rm(folder, { recursive: true });
});

test('queues and timers work by identity alone, with no key in the settings', async () => {
  const uriOf = (port: number): string => `https://127.0.0.1:${port}/devstoreaccount1`;
  const uris = { blob: uriOf(azurite.blobPort), queue: uriOf(azurite.queuePort) };
  const connection: StorageConnection = {
    kind: 'identity',
    blobServiceUri: uris.blob,
    queueServiceUri: uris.queue,
    clientId: undefined,
  };
  const clients = new StorageClients(env);
  const work = clients.queues(connection).getQueueClient('work-identity');
  await work.create();
  const { host, logs } = await startSample('triggers', {
    workerPath: worker.workerPath,
    settings: {
      AzureWebJobsStorage__blobServiceUri: uris.blob,
      AzureWebJobsStorage__queueServiceUri: uris.queue,
      AzureWebJobsStorage__clientId: 'the-client',
      OTHER__blobServiceUri: uris.blob,
      OTHER__queueServiceUri: uris.queue,
      AzureFunctionsWebHost__hostid: 'the-host',
      SUFFIX: 'identity',
      SCHEDULE: '0 0 0 29 2 *',
    },
    env,
  });
  try {
    await work.sendMessage(Buffer.from('"by identity"').toString('base64'));
    expect((await logs.logged('onWork'))[0]).toMatchObject({ message: 'by identity' });
  } finally {
    await host.close();
  }
  expect((await work.getProperties()).approximateMessagesCount).toBe(0);
  const container = clients.blobs(connection).getContainerClient('azure-webjobs-hosts');
  expect(await container.getBlobClient('timers/the-host/Host.Functions.onTime/status').exists()).toBe(true);
  expect(asked).toContain('the-client');
});

test('an identity that gives no token is a clear error', async () => {
  const nowhere = `https://127.0.0.1:${azurite.blobPort}/devstoreaccount1`;
  const start = startSample('triggers', {
    workerPath: worker.workerPath,
    settings: {
      AzureWebJobsStorage__blobServiceUri: nowhere,
      AzureWebJobsStorage__queueServiceUri: nowhere,
      OTHER__blobServiceUri: nowhere,
      OTHER__queueServiceUri: nowhere,
      SUFFIX: 'identity',
      SCHEDULE: '0 0 0 29 2 *',
    },
    env: { ...env, IDENTITY_HEADER: 'wrong' },
  });
  await expect(start).rejects.toThrow('The identity endpoint answered 401.');
});

/** Nobody signs it: Azurite looks at what it says only. */
function tokenFor(audience: string): string {
  const now = Math.floor(Date.now() / 1000);
  const tenant = '00000000-0000-4000-8000-000000000000';
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${tenant}/`,
    nbf: now - 60,
    iat: now - 60,
    exp: now + 3600,
  };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.c2ln`;
}
