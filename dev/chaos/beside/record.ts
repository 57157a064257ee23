import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { somebodyElse, startLocalAzure, type StartedAzure } from '../../azure';
import { startHost } from '../../host/start-host';
import { appRoles } from '../../lib/app-roles';
import { startAzurite } from '../../lib/azurite';
import { openTogether } from '../../lib/cleanup-stack';
import { putResource } from '../../lib/put-resource';
import { until } from '../../lib/until';
import { eventWebhookOf } from '../../lib/webhook';
import { buildRelease } from './build-release';
import { dumpStorage, rowsOf, sendText, type StorageDump } from './storage-dump';

/** What a release had written when it was killed. */
export interface Recording extends StorageDump {
  readonly commit: string;
  readonly recordedAt: string;
  readonly policy: string;
  /** The connections in Azure at that moment, by id. */
  readonly connections: Readonly<Record<string, RecordedConnection>>;
}

export interface RecordedConnection {
  readonly status: string;
  readonly description: string | undefined;
  readonly endpointId: string;
}

/** A policy that versions from 0.1.0 on understand. */
const policy = `version: 1
mode: enforce
lists:
  landingZones: [11111111-1111-4111-8111-111111111111]
  guests: [77777777-7777-4777-8777-777777777777]
limits:
  rejects: { perHour: 0 }
rules:
  - name: landing-zones
    effect: approve
    when: endpoint.subscriptionId in lists.landingZones
  - name: guests
    effect: approve
    when: endpoint.subscriptionId in lists.guests
    approvals: { expireAfter: 12m }
  - name: silent
    effect: reject
    when: connection.message == ""
  - name: aged
    on: [Disconnected]
    effect: delete
    when: connection.firstSeen < now - duration("168h")
`;

/** What five deliveries of a message that nobody can read leave in the poison queue, in the encoding of 0.1.0. */
const noMessage = Buffer.from('no message of ours').toString('base64');

const shared = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/shared/providers';
const vault = `${shared}/Microsoft.KeyVault/vaults/kv-one`;
const other = `${shared}/Microsoft.KeyVault/vaults/kv-two`;
const gateway = `${shared}/Microsoft.ApiManagement/service/apim-one`;
const zone = '11111111-1111-4111-8111-111111111111';
const guest = '77777777-7777-4777-8777-777777777777';
const stranger = '99999999-9999-4999-8999-999999999999';

/** Connections: their target, name, requester, status and message. */
const first = [[other, 'guest', guest, 'Pending', 'for a while']] as const;
const then = [
  [gateway, 'slow', zone, 'Pending', 'please'],
  [gateway, 'behind', zone, 'Pending', 'please'],
  [gateway, 'last', zone, 'Pending', 'please'],
  [vault, 'silent', stranger, 'Pending', ''],
  [vault, 'asker', stranger, 'Pending', 'call us'],
  [vault, 'retired', zone, 'Disconnected', 'old'],
] as const;

/**
 * Runs the app of a commit in the local Azure until its rows hold one of each kind, kills it, and writes what it has left
 * in storage to a file.
 */
export async function recordRelease(root: string, commit: string, file: string): Promise<Recording> {
  return openTogether(async (cleanup) => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-record-'));
    cleanup.push(() => rm(folder, { recursive: true, force: true }));
    const appDirectory = await buildRelease(root, commit, join(folder, 'app'));
    const policyPath = join(folder, 'policy');
    await mkdir(policyPath);
    await writeFile(join(policyPath, 'policy.yaml'), policy);
    const { connectionString, close } = await startAzurite();
    cleanup.push(close);
    const azure = await startLocalAzure({ speed: 5, certFile: join(folder, 'ca.pem'), roles: appRoles });
    cleanup.push(() => azure.close());
    const host = await startHost({
      appDirectory,
      workerPath: join(root, 'dist/dev/host-worker.mjs'),
      port: 0,
      settings: {
        AzureWebJobsStorage: connectionString,
        FUNCTIONS_WORKER_RUNTIME: 'node',
        POLICY_PATH: policyPath,
        POLL_FLOOR_SECONDS: '1',
        SWEEP_SCHEDULE: '*/5 * * * * *',
      },
      env: { ...azure.environment },
    });
    cleanup.push(() => host.close());
    azure.eventGrid.subscribe({ url: eventWebhookOf(host) });
    await sendText(connectionString, 'reviews-poison', noMessage);
    await plant(azure, first);
    const isThere =
      (...wanted: readonly Kind[]) =>
      async (): Promise<boolean> => {
        const found = await kindsOf(connectionString);
        return wanted.every((kind) => found.has(kind));
      };
    await until('the guest is approved', isThere('timed'));
    await until('the poison message is recorded', isThere('poisoned', 'swept'));
    await plant(azure, then);
    await until('a write runs while another waits', isThere(...kinds), { seconds: 240, everyMs: 100 });
    await host.crash();
    // The host of a later version finds one, too.
    await sendText(connectionString, 'reviews-poison', noMessage);
    const dump = await dumpStorage(connectionString);
    const recording = {
      commit,
      recordedAt: new Date().toISOString(),
      policy,
      connections: connectionsIn(azure),
      ...dump,
    };
    await writeFile(file, `${JSON.stringify(recording, undefined, 1)}\n`);
    await cleanup.close();
    return recording;
  });
}

async function plant(
  azure: StartedAzure,
  connections: readonly (readonly [string, string, string, string, string])[],
): Promise<void> {
  for (const [targetId, connectionName, subscription, status, description] of connections) {
    const body = { location: 'westeurope', properties: {} };
    await putResource(azure, somebodyElse, { id: targetId, apiVersion: '2024-05-01', body });
    const endpointId = `/subscriptions/${subscription}/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/pe-${connectionName}`;
    azure.control.seed({ targetId, connectionName, endpointId, status, description });
  }
}

const kinds = ['timed', 'running', 'planned', 'limited', 'held', 'poisoned', 'swept'] as const;
type Kind = (typeof kinds)[number];

async function kindsOf(connectionString: string): Promise<ReadonlySet<Kind>> {
  const found = new Set<Kind>();
  for (const row of await rowsOf(connectionString, 'operations')) {
    if (row['approvalEndsAt'] !== undefined) found.add('timed');
    const state = row['operationState'];
    if (state === 'running' || state === 'planned' || state === 'limited') found.add(state);
    if (row['decisionId'] !== undefined && row['operation'] === undefined) found.add('held');
  }
  for (const { kind } of await rowsOf(connectionString, 'ledger')) {
    if (kind === 'abandoned') found.add('poisoned');
    if (kind === 'swept') found.add('swept');
  }
  return found;
}

function connectionsIn(azure: StartedAzure): Recording['connections'] {
  const all = [...azure.world.targets.values()].flatMap(({ connections }) => [...connections.values()]);
  return Object.fromEntries(
    all.map(({ id, status, description, endpointId }) => [id, { status, description, endpointId }]),
  );
}
