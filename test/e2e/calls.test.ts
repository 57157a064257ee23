import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localIdentity, somebodyElse, startLocalAzure, type StartedAzure } from '../../dev/azure';
import { startHost, type RunningHost } from '../../dev/host/start-host';
import type { AuditRecord } from '../../src/audit/audit-record';
import { createStorage } from '../../src/azure/storage/storage';
import { systemClock } from '../../src/base/clock';
import { startAzurite } from '../../dev/lib/azurite';
import { startCountingStorage, type CountingStorage, type Service } from '../../dev/lib/counting-storage';
import { CleanupStack } from '../../dev/lib/cleanup-stack';
import { putResource } from '../../dev/lib/put-resource';
import { until } from '../../dev/lib/until';
import { eventWebhookOf } from '../../dev/lib/webhook';
import { projectRoot } from '../support/repo/project';
import { createStorageClients } from '../../src/azure/storage/clients';

const cleanup = new CleanupStack();
let azure: StartedAzure;
let host: RunningHost;
let storage: CountingStorage;
let records: () => Promise<readonly AuditRecord[]>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postern-calls-'));
  cleanup.push(() => rm(folder, { recursive: true }));
  const azurite = await startAzurite();
  cleanup.push(() => azurite.close());
  storage = await startCountingStorage(azurite);
  cleanup.push(() => storage.close());
  azure = await startLocalAzure({ speed: 20, certFile: join(folder, 'ca.pem') });
  cleanup.push(() => azure.close());
  host = await startHost({
    appDirectory: projectRoot,
    workerPath: join(projectRoot, 'dist/dev/host-worker.mjs'),
    port: 0,
    settings: {
      AzureWebJobsStorage: storage.connectionString,
      POLICY_PATH: join(projectRoot, 'dev/start/policy'),
      POLL_FLOOR_SECONDS: '1',
      // They look at storage by the clock, not because anything happened.
      'AzureWebJobs.sweep.Disabled': 'true',
      'AzureWebJobs.followPolicy.Disabled': 'true',
    },
    env: azure.environment,
  });
  cleanup.push(() => host.close());
  const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
  const { ledger } = createStorage({
    clients: createStorageClients(access, systemClock),
    clock: systemClock,
  });
  records = async () => {
    const all: AuditRecord[] = [];
    for await (const record of ledger.read()) all.push(record);
    return all;
  };
});

afterAll(() => cleanup.close());

const put = (id: string, apiVersion: string, body: object): Promise<void> =>
  putResource(azure, somebodyElse, { id, apiVersion, body });

async function vault(name: string): Promise<string> {
  const id = `/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/${name}`;
  await put(id, '2024-11-01', { location: 'westeurope', tags: { env: 'prod' }, properties: {} });
  return id;
}

/** From a landing zone: the policy approves it. */
async function ask(vaultId: string, name: string): Promise<void> {
  const network =
    '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network';
  const wanted = { privateLinkServiceId: vaultId, groupIds: ['vault'], requestMessage: 'please' };
  await put(`${network}/privateEndpoints/${name}`, '2024-05-01', {
    location: 'westeurope',
    properties: {
      subnet: { id: `${network}/virtualNetworks/hub/subnets/endpoints` },
      manualPrivateLinkServiceConnections: [{ name, properties: wanted }],
    },
  });
}

async function hint(vaultId: string): Promise<void> {
  const operationName = 'Microsoft.KeyVault/vaults/privateEndpointConnections/write';
  const event = {
    id: vaultId,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    subject: vaultId,
    eventTime: new Date().toISOString(),
    data: { operationName, resourceUri: vaultId, status: 'Succeeded' },
    dataVersion: '2',
    topic: '/subscriptions/33333333-3333-4333-8333-333333333333',
  };
  const headers = { 'content-type': 'application/json', 'aeg-event-type': 'Notification' };
  const reply = await fetch(eventWebhookOf(host), { method: 'POST', headers, body: JSON.stringify([event]) });
  expect(reply.status).toBe(202);
}

const appliedIn = async (vaultId: string): Promise<number> =>
  (await records()).filter(({ kind, target }) => kind === 'applied' && target === vaultId).length;

/** Nothing waits in either queue, hidden or not: whatever was asked for has been done. */
async function isQuiet(): Promise<boolean> {
  const put = countOf('queue', 'POST', /^(reviews|operations)\/messages$/);
  return put === countOf('queue', 'DELETE', /^(reviews|operations)\/messages$/);
}

function countOf(service: Service, method: string, resource: RegExp): number {
  return storage.operations.filter(
    (each) =>
      each.service === service && each.method === method && each.status < 300 && resource.test(each.resource),
  ).length;
}

function armCalls(method: string, path: RegExp): number {
  return azure.requests.records.filter(
    (each) => each.principal === localIdentity.objectId && each.method === method && path.test(each.path),
  ).length;
}

test('one hint at five Pending connections: one read before each write, one write each, and no fact that no rule reads', async () => {
  const id = await vault('kv-five');
  const names = [1, 2, 3, 4, 5].map((each) => `pe-five-${each}`);
  for (const name of names) await ask(id, name);
  await until(
    'all are Pending',
    async () => azure.world.targets.get(id.toLowerCase())?.connections.size === 5,
  );
  azure.requests.clear();
  await hint(id);
  await until('all are applied', async () => (await appliedIn(id)) === names.length);
  await until('everything is quiet', isQuiet);
  const lists = armCalls('GET', /kv-five\/privateEndpointConnections\?/);
  expect(armCalls('PUT', /kv-five\/privateEndpointConnections\//)).toBe(5);
  // What proves the end of one write is what the next one leans on.
  const gets = armCalls('GET', /kv-five\/privateEndpointConnections\/pe-/);
  // Each is polled two or three times.
  expect(lists + gets).toBeLessThanOrEqual(1 + 4 * 5);
  // No rule reads a fact of the endpoint.
  expect(armCalls('GET', /privateEndpoints\/pe-five-/)).toBe(0);
  expect(armCalls('GET', /vaults\/kv-five\?/)).toBeLessThanOrEqual(lists);
});

test('with all their events and hints, storage is asked at most 80 times a decision', async () => {
  const id = await vault('kv-counted');
  await until('everything is quiet', isQuiet);
  azure.eventGrid.subscribe({ url: eventWebhookOf(host) });
  storage.clear();
  for (const each of [1, 2, 3, 4, 5]) await ask(id, `pe-counted-${each}`);
  await until('all are applied', async () => (await appliedIn(id)) === 5);
  await until('everything is quiet', isQuiet);
  const asked = storage.operations.filter(({ isIdle }) => !isIdle);
  expect(asked.length).toBeLessThanOrEqual(80 * 5);
});
