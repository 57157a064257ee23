import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiManagementClient } from '@azure/arm-apimanagement';
import { ComputeManagementClient } from '@azure/arm-compute';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import {
  localIdentity,
  localSubscriptionId,
  startLocalAzure,
  type StartedAzure,
} from '../../../dev/azure/index';
import { createTestAzure, groupPath, type TestAzure } from '../../support/rigs/local-azure-world';

const nameOf = (id: string): string => id.split('/').at(-1) ?? '';
const approved = { status: 'Approved', description: 'yes' };

/** No retries: a test must see the first answer. */
function optionsOf({ azure }: TestAzure) {
  return { httpClient: azure.httpClient, retryOptions: { maxRetries: 0 } };
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

describe('Azure’s own clients against the local Azure, in one process', () => {
  test('Key Vault: list, get, put and delete of a vault’s connection', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('vault'), { message: 'please' });
    const client = new KeyVaultManagementClient(
      world.azure.credential,
      localSubscriptionId,
      optionsOf(world),
    );
    const connections = client.privateEndpointConnections;
    expect((await all(connections.listByResource('rg1', 'vault-1'))).map((each) => each.id)).toEqual([id]);
    const put = await connections.put('rg1', 'vault-1', nameOf(id), {
      privateLinkServiceConnectionState: approved,
    });
    expect([put.provisioningState, put.privateLinkServiceConnectionState?.status]).toEqual([
      'Updating',
      'Approved',
    ]);
    await world.clock.advance(60);
    const got = await connections.get('rg1', 'vault-1', nameOf(id));
    expect([got.provisioningState, got.privateLinkServiceConnectionState?.description]).toEqual([
      'Succeeded',
      'yes',
    ]);
    const poller = connections.delete('rg1', 'vault-1', nameOf(id), { updateIntervalInMs: 1 });
    await poller.submitted();
    await world.clock.advance(30);
    // The client reads a body that the real service, too, does not send.
    await expect(poller.pollUntilDone()).rejects.toThrow(/reading 'id'/);
    await expect(connections.get('rg1', 'vault-1', nameOf(id))).rejects.toMatchObject({ statusCode: 404 });
  });

  test('Key Vault: the list of a managed HSM has neither names nor types', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('hsm'));
    const client = new KeyVaultManagementClient(
      world.azure.credential,
      localSubscriptionId,
      optionsOf(world),
    );
    const [item] = await all(client.mhsmPrivateEndpointConnections.listByResource('rg1', 'hsm-1'));
    expect([item?.id, item?.name, item?.type]).toEqual([id, undefined, undefined]);
    const got = await client.mhsmPrivateEndpointConnections.get('rg1', 'hsm-1', nameOf(id));
    expect(got.type).toBe('Microsoft.KeyVault/vaults/privateEndpointConnections');
  });

  test('API Management: the client’s own poller follows an approval to its end', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('apim'));
    const client = new ApiManagementClient(world.azure.credential, localSubscriptionId, optionsOf(world));
    const connections = client.privateEndpointConnectionOperations;
    expect((await all(connections.listByService('rg1', 'apim-1'))).map((each) => each.name)).toEqual([
      nameOf(id),
    ]);
    const poller = await connections.beginCreateOrUpdate(
      'rg1',
      'apim-1',
      nameOf(id),
      { id, properties: { privateLinkServiceConnectionState: approved } },
      { updateIntervalInMs: 1 },
    );
    await poller.poll();
    expect(poller.isDone()).toBe(false);
    await world.clock.advance(160);
    await poller.poll();
    expect(poller.isDone()).toBe(true);
    expect(poller.getResult()?.privateLinkServiceConnectionState?.status).toBe('Approved');
    await world.clock.advance(60);
    const removal = await connections.beginDelete('rg1', 'apim-1', nameOf(id), { updateIntervalInMs: 1 });
    await world.clock.advance(130);
    await removal.poll();
    expect(removal.isDone()).toBe(true);
    await expect(connections.getByName('rg1', 'apim-1', nameOf(id))).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  test('disk accesses: the client’s own poller follows an approval and a delete to their ends', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('disk'));
    const client = new ComputeManagementClient(world.azure.credential, localSubscriptionId, optionsOf(world));
    const { diskAccesses } = client;
    const listed = await all(diskAccesses.listPrivateEndpointConnections('rg1', 'disk-1'));
    expect(listed.map((each) => each.id)).toEqual([id]);
    const poller = diskAccesses.updateAPrivateEndpointConnection(
      'rg1',
      'disk-1',
      nameOf(id),
      { privateLinkServiceConnectionState: approved },
      { updateIntervalInMs: 1 },
    );
    await poller.submitted();
    await world.clock.advance(40);
    const done = await poller.pollUntilDone();
    expect(done.privateLinkServiceConnectionState?.status).toBe('Approved');
    const removal = diskAccesses.deleteAPrivateEndpointConnection('rg1', 'disk-1', nameOf(id), {
      updateIntervalInMs: 1,
    });
    await removal.submitted();
    await world.clock.advance(40);
    await removal.pollUntilDone();
    expect(await all(diskAccesses.listPrivateEndpointConnections('rg1', 'disk-1'))).toEqual([]);
  });

  test('a cut connection is an error of the client, with the write done', async () => {
    const world = createTestAzure({
      faults: [
        { method: 'PUT', path: 'privateEndpointConnections', effect: { kind: 'reset', when: 'after' } },
      ],
    });
    const id = await world.connection(await world.target('vault'));
    const client = new KeyVaultManagementClient(
      world.azure.credential,
      localSubscriptionId,
      optionsOf(world),
    );
    const put = client.privateEndpointConnections.put('rg1', 'vault-1', nameOf(id), {
      privateLinkServiceConnectionState: approved,
    });
    await expect(put).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await world.arm('GET', id)).text).toContain('"status":"Approved"');
  });
});

describe('the local Azure over TLS', () => {
  let folder: string;
  let azure: StartedAzure;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-azure-'));
    azure = await startLocalAzure({ speed: 1000, certFile: join(folder, 'ca.pem') });
  });

  afterAll(async () => {
    await azure.close();
    await rm(folder, { recursive: true });
  });

  test('its certificate file is all that a client must trust, and its identity endpoint gives the token', async () => {
    const ca = await readFile(join(folder, 'ca.pem'), 'utf8');
    const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = azure.environment;
    const query = `api-version=2019-08-01&resource=${encodeURIComponent(azure.armUrl)}`;
    const identity = await fetch(`${IDENTITY_ENDPOINT}?${query}`, {
      headers: { 'X-IDENTITY-HEADER': IDENTITY_HEADER },
    });
    const { access_token: token } = (await identity.json()) as { access_token: string };
    const url = `${azure.armUrl}${groupPath}/Microsoft.KeyVault/vaults/v1?api-version=2024-11-01`;
    const body = JSON.stringify({ location: 'westeurope', properties: {} });
    const made = await call({ url, ca, token, method: 'PUT', body });
    expect(made.status).toBe(201);
    const seen = await call({ url, ca, token, method: 'GET' });
    expect([seen.status, seen.text]).toEqual([200, made.text]);
    const onName = await call({ url: url.replace('127.0.0.1', 'localhost'), ca, token, method: 'GET' });
    expect(onName.status).toBe(200);
    expect((await call({ url, ca, token: 'nonsense', method: 'GET' })).status).toBe(401);
    await expect(call({ url, ca: undefined, token, method: 'GET' })).rejects.toThrow(/self-signed/);
  });

  test('a connection that a fault cuts is cut for real', async () => {
    const path = '/subscriptions?api-version=2022-12-01';
    const { token } = azure.tokens.issue({
      principal: localIdentity,
      audience: 'https://management.azure.com',
    });
    const id = azure.faults.add({ path: '^/subscriptions\\?', effect: { kind: 'reset', when: 'before' } });
    const order = { url: azure.armUrl + path, ca: azure.certPem, token, method: 'GET' };
    await expect(call(order)).rejects.toMatchObject({ code: 'ECONNRESET' });
    azure.faults.remove(id);
    expect((await call(order)).status).toBe(200);
  });

  test('a port that is taken is an error, and nothing stays open', async () => {
    const port = Number(new URL(azure.armUrl).port);
    await expect(startLocalAzure({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

function call(order: {
  url: string;
  ca: string | undefined;
  token: string;
  method: string;
  body?: string;
}): Promise<{ status: number | undefined; text: string }> {
  const { url, ca, token, method, body } = order;
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = request(
      url,
      { method, headers, agent: false, ...(ca === undefined ? {} : { ca }) },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (chunk: string) => (text += chunk));
        reply.on('end', () => resolve({ status: reply.statusCode, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
