import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { somebodyElse, startLocalAzure, type StartedAzure } from '../../../dev/azure';
import type { LocalPerson } from '../../../dev/console/people';
import { startProvider, type RunningProvider } from '../../../dev/console/provider';
import { startHost } from '../../../dev/host/start-host';
import { startAzurite } from '../../../dev/lib/azurite';
import { openTogether } from '../../../dev/lib/cleanup-stack';
import { putResource } from '../../../dev/lib/put-resource';
import { eventWebhookOf } from '../../../dev/lib/webhook';
import { createAuditLog } from '../../../src/audit/audit-log';
import type { AuditRecord } from '../../../src/audit/audit-record';
import { createStorageClients } from '../../../src/azure/storage/clients';
import { createStorage, type Storage } from '../../../src/azure/storage/storage';
import { TableConsoleIndex } from '../../../src/azure/storage/tables/console-index';
import { systemClock } from '../../../src/base/clock';
import { createPace } from '../../../src/connections/pace';
import { parseTargetId } from '../../../src/connections/resource-id';
import type { ConsoleIndex } from '../../../src/console/index/console-index';
import { auditWithIndex } from '../../../src/console/index/indexing-audit-log';
import { abandonOperation } from '../../../src/operations/abandon-operation';
import { createFollowUp } from '../../../src/review/queue/follow-up';
import { freePorts, projectRoot } from '../repo/project';

/** The built app under the local host, with a local Azure and a local sign-in service. */
export interface RealApp {
  readonly azure: StartedAzure;
  readonly provider: RunningProvider;
  /** The page's address. */
  readonly url: string;
  /** Creates or changes a vault; returns its id. */
  vault(name: string, tags: Readonly<Record<string, string>>): Promise<string>;
  /** Requests a connection to a vault from a stranger's subscription. */
  ask(vaultId: string, endpoint: string, message: string): Promise<void>;
  statusOf(vaultId: string, endpoint: string): string | undefined;
  ledger(vaultId: string): Promise<readonly AuditRecord[]>;
  /** Plants a connection that its requester has left. */
  leave(vaultId: string, endpoint: string): void;
  /** Gives up the running operation of a connection, as the app does with an alarm that fails again and again. */
  giveUp(vaultId: string, endpoint: string): Promise<void>;
  close(): Promise<void>;
}

const tenantId = '99999999-9999-4999-8999-999999999999';
const clientId = '88888888-8888-4888-8888-888888888888';
const owner = '33333333-3333-4333-8333-333333333333';
const requester = '77777777-7777-4777-8777-777777777777';

/** Starts everything; an approval takes the local Azure about a second. */
export async function startRealApp(people: readonly LocalPerson[], policy: string): Promise<RealApp> {
  return openTogether(async (cleanup) => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-page-'));
    cleanup.push(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'policy.yaml'), policy);
    const azurite = await startAzurite();
    cleanup.push(() => azurite.close());
    const azure = await startLocalAzure({ speed: 20, certFile: join(folder, 'ca.pem') });
    cleanup.push(() => azure.close());
    const port = await freePorts(1);
    const url = `http://127.0.0.1:${port}/console/`;
    const provider = await startProvider({ port: 0, tenantId, clientId, redirectUris: [url], people });
    cleanup.push(() => provider.close());
    const host = await startHost({
      appDirectory: projectRoot,
      workerPath: join(projectRoot, 'dist/dev/host-worker.mjs'),
      port,
      settings: {
        AzureWebJobsStorage: azurite.connectionString,
        FUNCTIONS_WORKER_RUNTIME: 'node',
        POLICY_PATH: join(folder, 'policy.yaml'),
        POLL_FLOOR_SECONDS: '1',
        SWEEP_SCHEDULE: '*/10 * * * * *',
        CONSOLE_CLIENT_ID: clientId,
        CONSOLE_TENANT_ID: tenantId,
        CONSOLE_AUTHORITY: provider.authority,
      },
      env: { ...azure.environment },
      onLog: ({ level, message }) => {
        if (level === 'error' || level === 'critical') console.error(message);
      },
    });
    cleanup.push(() => host.close());
    azure.eventGrid.subscribe({ url: eventWebhookOf(host) });
    const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
    const clients = createStorageClients(access, systemClock);
    const storage = createStorage({ clients, clock: systemClock });
    const index = new TableConsoleIndex(clients.table('console'));
    return {
      ...{ azure, provider, url, close: () => cleanup.close() },
      ...requestsIn(azure),
      giveUp: (vaultId, endpoint) => giveUp(storage, index, { vaultId, endpoint }),
      ledger: async (vaultId) => {
        const records: AuditRecord[] = [];
        for await (const record of storage.ledger.read(vaultId)) records.push(record);
        return records;
      },
    };
  });
}

async function giveUp(
  { operationStore: operations, ledger, reviewQueue: reviews }: Storage,
  index: ConsoleIndex,
  { vaultId, endpoint }: { readonly vaultId: string; readonly endpoint: string },
): Promise<void> {
  const [clock, logger] = [systemClock, { info: () => undefined, warn: console.warn, error: console.error }];
  const telemetry = { emit: () => undefined, flush: () => Promise.resolve() };
  const audit = auditWithIndex(createAuditLog({ ledger, telemetry, logger }), { index, clock, logger });
  const { connectionStates } = await operations.load(parseTargetId(vaultId));
  const row = connectionStates.find(({ endpointKey }) => endpointKey?.endsWith(`/${endpoint}`));
  const operation = row?.operation;
  if (row === undefined || operation === undefined) throw new Error(`${endpoint} has no operation`);
  const call = { version: 1, connectionId: row.connection.id, operationId: operation.id, poll: 0 };
  const onEnd = createFollowUp({ operations, reviews, clock, pace: createPace(1) }).ended;
  await abandonOperation({ operations, audit, clock, onEnd }, call, 'a defect');
}

function requestsIn(azure: StartedAzure): Pick<RealApp, 'vault' | 'ask' | 'statusOf' | 'leave'> {
  const put = (id: string, apiVersion: string, body: object): Promise<void> =>
    putResource(azure, somebodyElse, { id, apiVersion, body });
  return {
    vault: async (name, tags) => {
      const id = `/subscriptions/${owner}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/${name}`;
      await put(id, '2024-11-01', { location: 'westeurope', tags, properties: {} });
      return id;
    },
    ask: async (vaultId, endpoint, message) => {
      const network = `/subscriptions/${requester}/resourceGroups/app/providers/Microsoft.Network`;
      const wanted = { privateLinkServiceId: vaultId, groupIds: ['vault'], requestMessage: message };
      await put(`${network}/privateEndpoints/${endpoint}`, '2024-05-01', {
        location: 'westeurope',
        properties: {
          subnet: { id: `${network}/virtualNetworks/hub/subnets/endpoints` },
          manualPrivateLinkServiceConnections: [{ name: endpoint, properties: wanted }],
        },
      });
    },
    leave: (vaultId, endpoint) =>
      void azure.control.seed({
        targetId: vaultId,
        connectionName: endpoint,
        endpointId: `/subscriptions/${requester}/resourceGroups/app/providers/Microsoft.Network/privateEndpoints/${endpoint}`,
        status: 'Disconnected',
      }),
    statusOf: (vaultId, endpoint) => {
      const connections = azure.world.targets.get(vaultId.toLowerCase())?.connections.values() ?? [];
      return [...connections].find((each) => each.endpointId.endsWith(`/${endpoint}`))?.status;
    },
  };
}
