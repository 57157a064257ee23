import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient, type BlockBlobClient } from '@azure/storage-blob';
import { localIdentity, somebodyElse, startLocalAzure, type StartedAzure } from '../../../dev/azure';
import { startHost, type RunningHost, type StartHostOptions } from '../../../dev/host/start-host';
import type { AuditRecord } from '../../../src/audit/audit-record';
import { createStorage, type Storage } from '../../../src/azure/storage/storage';
import { systemClock } from '../../../src/base/clock';
import { parseTargetId } from '../../../src/connections/resource-id';
import type { Operation } from '../../../src/operations/operation';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { LogCollector } from './host-under-test';
import { projectRoot } from '../repo/project';
import { startRelay, type Relay } from '../http/relay';
import { openTogether } from '../../../dev/lib/cleanup-stack';
import { putResource } from '../../../dev/lib/put-resource';
import { eventWebhookOf } from '../../../dev/lib/webhook';
import { createStorageClients } from '../../../src/azure/storage/clients';

/** The whole local system, with a relay that can be cut in front of each of Postern's dependencies. */
export interface FragileSystem {
  readonly azure: StartedAzure;
  readonly azurite: RunningAzurite;
  readonly host: RunningHost;
  readonly logs: LogCollector;
  readonly relays: Record<'blob' | 'queue' | 'table' | 'arm' | 'ingestion', Relay>;
  readonly policy: { put(): Promise<void>; remove(): Promise<void> };
  /** Creates a vault and returns its id. */
  vault(name: string): Promise<string>;
  /** Requests a connection from a landing zone; the policy approves it. */
  ask(vaultId: string, endpoint: string): Promise<void>;
  statusOf(vaultId: string, endpoint: string): string | undefined;
  operations(vaultId: string): Promise<readonly Operation[]>;
  /** Returns all records, or those of one target. */
  ledger(target?: string): Promise<readonly AuditRecord[]>;
  /** Ends the app's host in the given way, and starts another one with the same storage and address. */
  restart(end: (host: RunningHost) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const owner = '33333333-3333-4333-8333-333333333333';
const landingZone = '11111111-1111-4111-8111-111111111111';

/** Returns more settings of the app. */
type MoreSettings = (azure: StartedAzure) => Record<string, string>;

/**
 * Starts the system. An approval takes three seconds, and a message that fails three times is poison. While
 * no worker runs, every invocation fails at once.
 */
export async function startFragileSystem(
  more: MoreSettings = () => ({}),
  hostOptions: Partial<StartHostOptions> = {},
): Promise<FragileSystem> {
  return openTogether(async (cleanup) => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-fragile-'));
    cleanup.push(() => rm(folder, { recursive: true, force: true }));
    const azurite = await startAzurite();
    cleanup.push(() => azurite.close());
    const azure = await startLocalAzure({
      speed: 20,
      certFile: join(folder, 'ca.pem'),
      timings: { 'Microsoft.KeyVault/vaults': { approveSeconds: 60 } },
    });
    cleanup.push(() => azure.close());
    const relays = await startRelays(azurite, azure);
    cleanup.push(() => Promise.all(Object.values(relays).map((relay) => relay.close())));
    const policy = policyIn(azurite);
    await policy.put();
    const logs = new LogCollector();
    const start = (again: Partial<StartHostOptions> = {}): Promise<RunningHost> =>
      startApp({ azurite, azure, relays, logs, more, hostOptions: { ...hostOptions, ...again } });
    let host = await start();
    cleanup.push(() => host.close());
    azure.eventGrid.subscribe({ url: eventWebhookOf(host) });
    const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
    const storage = createStorage({ clients: createStorageClients(access, systemClock), clock: systemClock });
    const restart: FragileSystem['restart'] = async (end) => {
      await end(host);
      host = await start({ port: host.port, keys: { eventGrid: host.systemKey } });
    };
    return {
      ...{ azure, azurite, logs, relays, policy, restart, close: () => cleanup.close() },
      ...reading(storage),
      ...asking(azure),
      get host() {
        return host;
      },
    };
  });
}

async function startRelays(azurite: RunningAzurite, azure: StartedAzure): Promise<FragileSystem['relays']> {
  const armPort = Number(new URL(azure.armUrl).port);
  return {
    blob: await startRelay(azurite.blobPort),
    queue: await startRelay(azurite.queuePort),
    table: await startRelay(azurite.tablePort),
    arm: await startRelay(armPort),
    ingestion: await startRelay(armPort),
  };
}

function startApp({
  azurite,
  azure,
  relays,
  logs,
  more,
  hostOptions,
}: Pick<FragileSystem, 'azurite' | 'azure' | 'relays' | 'logs'> & {
  readonly more: MoreSettings;
  readonly hostOptions: Partial<StartHostOptions>;
}): Promise<RunningHost> {
  const storage = azurite.connectionString
    .replace(`:${azurite.blobPort}/`, `:${relays.blob.port}/`)
    .replace(`:${azurite.queuePort}/`, `:${relays.queue.port}/`)
    .replace(`:${azurite.tablePort}/`, `:${relays.table.port}/`);
  const ingestion = `https://127.0.0.1:${relays.ingestion.port}/`;
  return startHost({
    appDirectory: projectRoot,
    workerPath: join(projectRoot, 'dist/dev/host-worker.mjs'),
    port: 0,
    onLog: logs.onLog,
    ...hostOptions,
    settings: {
      AzureWebJobsStorage: storage,
      POLICY_PATH: `http://127.0.0.1:${relays.blob.port}/devstoreaccount1/policies`,
      POLL_FLOOR_SECONDS: '1',
      SWEEP_SCHEDULE: '*/5 * * * * *',
      AzureFunctionsJobHost__extensions__queues__visibilityTimeout: '00:00:05',
      AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '3',
      ...more(azure),
    },
    env: {
      ...azure.environment,
      ARM_ENDPOINT: `https://127.0.0.1:${relays.arm.port}`,
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${localIdentity.appId};IngestionEndpoint=${ingestion};LiveEndpoint=${ingestion}`,
    },
  });
}

function policyIn(azurite: RunningAzurite): FragileSystem['policy'] {
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'policies',
  );
  const blob = (): BlockBlobClient => container.getBlockBlobClient('policy.yaml');
  return {
    put: async () => {
      const text = await readFile(join(projectRoot, 'dev/start/policy/demonstration.yaml'));
      await container.createIfNotExists();
      await blob().upload(text, text.length);
    },
    remove: async () => {
      await blob().delete();
    },
  };
}

function reading(storage: Storage): Pick<FragileSystem, 'operations' | 'ledger'> {
  return {
    operations: async (vaultId) => {
      const { connectionStates } = await storage.operationStore.load(parseTargetId(vaultId));
      return connectionStates.flatMap(({ operation }) => operation ?? []);
    },
    ledger: async (target) => {
      const records: AuditRecord[] = [];
      for await (const record of storage.ledger.read(target)) records.push(record);
      return records;
    },
  };
}

function asking(azure: StartedAzure): Pick<FragileSystem, 'vault' | 'ask' | 'statusOf'> {
  const put = (id: string, apiVersion: string, body: object): Promise<void> =>
    putResource(azure, somebodyElse, { id, apiVersion, body });
  const endpointId = (name: string): string =>
    `/subscriptions/${landingZone}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/${name}`;
  return {
    vault: async (name) => {
      const id = `/subscriptions/${owner}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/${name}`;
      await put(id, '2024-11-01', { location: 'westeurope', tags: { env: 'prod' }, properties: {} });
      return id;
    },
    ask: async (vaultId, endpoint) => {
      const subnet = endpointId(endpoint).replace(
        /privateEndpoints.*/,
        'virtualNetworks/hub/subnets/endpoints',
      );
      const wanted = { privateLinkServiceId: vaultId, groupIds: ['vault'], requestMessage: 'please' };
      await put(endpointId(endpoint), '2024-05-01', {
        location: 'westeurope',
        properties: {
          subnet: { id: subnet },
          manualPrivateLinkServiceConnections: [{ name: endpoint, properties: wanted }],
        },
      });
    },
    statusOf: (vaultId, endpoint) => {
      const connections = azure.world.targets.get(vaultId.toLowerCase())?.connections.values() ?? [];
      return [...connections].find((each) => each.endpointId.endsWith(`/${endpoint}`))?.status;
    },
  };
}
