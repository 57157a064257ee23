import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localIdentity, startLocalAzure, type RequestRecord, type StartedAzure } from '../../dev/azure';
import { startHost, type RunningHost } from '../../dev/host/start-host';
import { plannedConnections, seedWorld } from '../../dev/start/world';
import type { AuditRecord } from '../../src/audit/audit-record';
import { createStorage } from '../../src/azure/storage/storage';
import { systemClock } from '../../src/base/clock';
import { startAzurite, type RunningAzurite } from '../../dev/lib/azurite';
import { projectRoot } from '../support/repo/project';
import { createStorageClients } from '../../src/azure/storage/clients';

let folder: string;
let azurite: RunningAzurite;
let azure: StartedAzure;
const hosts: RunningHost[] = [];

/** Two instances of the app on one storage account; half of all events are lost, many come twice and late. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-crash-'));
  azurite = await startAzurite();
  azure = await startLocalAzure({
    speed: 40,
    certFile: join(folder, 'ca.pem'),
    eventGrid: { disturbance: { dropProbability: 0.5, duplicateProbability: 0.3, delaySeconds: [0, 120] } },
    faults: [
      {
        method: 'PUT|DELETE',
        path: 'privateEndpointConnections/',
        principal: localIdentity.objectId,
        probability: 0.15,
        effect: { kind: 'reset', when: 'after' },
      },
      {
        path: 'privateEndpointConnections',
        principal: localIdentity.objectId,
        probability: 0.1,
        effect: { kind: 'status', status: 503 },
      },
      {
        path: 'privateEndpointConnections',
        principal: localIdentity.objectId,
        probability: 0.1,
        effect: { kind: 'status', status: 429, retryAfterSeconds: 1 },
      },
    ],
  });
  hosts.push(await start(), await start());
  const [first] = hosts;
  azure.eventGrid.subscribe({
    url: `${first?.url}/runtime/webhooks/eventgrid?functionName=onResourceEvent&code=${first?.systemKey}`,
  });
});

afterAll(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  await azure.close();
  await azurite.close();
  await rm(folder, { recursive: true, force: true });
});

function start(): Promise<RunningHost> {
  return startHost({
    appDirectory: projectRoot,
    workerPath: join(projectRoot, 'dist/dev/host-worker.mjs'),
    port: 0,
    settings: {
      AzureWebJobsStorage: azurite.connectionString,
      POLICY_PATH: join(projectRoot, 'dev/start/policy'),
      POLL_FLOOR_SECONDS: '1',
      SWEEP_SCHEDULE: '*/5 * * * * *',
      // While no worker is there, a delivery is burnt each time.
      AzureFunctionsJobHost__extensions__queues__visibilityTimeout: '00:00:01',
      AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '30',
    },
    env: { ...azure.environment },
  });
}

function statusOf({ targetId, endpointId }: (typeof plannedConnections)[number]): string {
  const target = azure.world.targets.get(targetId.toLowerCase());
  const all = [...(target?.connections.values() ?? [])];
  return all.find((each) => each.endpointId.toLowerCase() === endpointId.toLowerCase())?.status ?? 'gone';
}

/** Nobody hurries here: the connection that a person approves in the demonstration is Postern's own. */
const wanted = {
  approved: 'Approved',
  rejected: 'Rejected',
  deleted: 'gone',
  held: 'Pending',
  superseded: 'Approved',
};

async function ledger(): Promise<readonly AuditRecord[]> {
  const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
  const records: AuditRecord[] = [];
  for await (const record of createStorage({
    clients: createStorageClients(access, systemClock),
    clock: systemClock,
  }).ledger.read())
    records.push(record);
  return records;
}

function isSettled(records: readonly AuditRecord[]): boolean {
  const ended = records.filter(({ id }) => id.endsWith('|end')).map(({ decisionId }) => decisionId);
  const open = records.filter(
    ({ kind, effect, decisionId }) => kind === 'decided' && effect !== 'hold' && !ended.includes(decisionId),
  );
  return open.length === 0 && plannedConnections.every((each) => statusOf(each) === wanted[each.ending]);
}

test('workers that are killed again and again, lost events and lost replies change nothing but the time it takes', async () => {
  await seedWorld(azure);
  let records: readonly AuditRecord[] = [];
  for (let round = 0; round < 150 && !isSettled(records); round += 1) {
    await sleep(1_000);
    if (round < 12) hosts[round % 2]?.kill('SIGKILL');
    records = await ledger();
  }
  expect(Object.fromEntries(plannedConnections.map((each) => [each.label, statusOf(each)]))).toEqual(
    Object.fromEntries(plannedConnections.map((each) => [each.label, wanted[each.ending]])),
  );
  expect(isSettled(records)).toBe(true);
  expect(decidedTwice(records)).toEqual([]);
  expect(unwanted(azure.requests.records)).toEqual([]);
  expect(overlapping(azure.requests.records)).toEqual([]);
}, 240_000);

function decidedTwice(records: readonly AuditRecord[]): readonly string[] {
  const ids = records.filter(({ kind }) => kind === 'decided').map(({ decisionId }) => decisionId ?? '');
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function isOurWrite({ principal, tookEffect }: RequestRecord): boolean {
  return principal === localIdentity.objectId && tookEffect !== undefined;
}

const effects: Readonly<Record<string, string>> = {
  approved: 'approve',
  superseded: 'approve',
  rejected: 'reject',
  deleted: 'delete',
};

/** Writes that took effect and that policy did not want. */
function unwanted(records: readonly RequestRecord[]): readonly string[] {
  return records.filter(isOurWrite).flatMap(({ connection, tookEffect }) => {
    const name = connection?.split('/').at(-1) ?? '';
    const target = connection?.split('/').at(-3) ?? '';
    const same = plannedConnections.filter(({ label }) => label.startsWith(`${target}/`));
    const matches = same.filter(({ label }) => name.startsWith(label.split('/')[1] ?? '-'));
    const known = matches.length > 0 ? matches : same;
    return known.some(({ ending }) => effects[ending] === tookEffect) ? [] : [`${tookEffect} ${connection}`];
  });
}

/** Pairs of our writes to one target of which one began before the other was answered. */
function overlapping(records: readonly RequestRecord[]): readonly string[] {
  const writes = records.filter(
    (record) => /^(PUT|DELETE)$/.test(record.method) && record.principal === localIdentity.objectId,
  );
  return writes.flatMap((one) =>
    writes
      .filter((other) => other.target === one.target && other.sequence > one.sequence)
      .filter((other) => other.startedRealMs < (one.endedRealMs ?? Infinity))
      .map((other) => `${one.target}: ${one.sequence} and ${other.sequence}`),
  );
}
