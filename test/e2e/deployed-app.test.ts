import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostLogLine } from '../../dev/host/log-line';
import { startHost, type RunningHost } from '../../dev/host/start-host';
import { WorkerProcess } from '../../dev/host/worker-process';
import { startAzurite, type RunningAzurite } from '../support/azurite';
import { projectRoot } from '../support/project';

const workerPath = join(projectRoot, 'dist/dev/host-worker.mjs');
let appDirectory: string;
let azurite: RunningAzurite;

/** Only what is deployed: no sources, no packages. */
beforeAll(async () => {
  appDirectory = await mkdtemp(join(tmpdir(), 'postern-app-'));
  for (const part of ['host.json', 'package.json', 'dist/app', 'policies']) {
    await cp(join(projectRoot, part), join(appDirectory, part), { recursive: true });
  }
  azurite = await startAzurite();
});

afterAll(async () => {
  await azurite.close();
  await rm(appDirectory, { recursive: true });
});

function environment(settings: Record<string, string>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', ...settings };
}

test('under the worker’s rules the deployed files register seven functions with the right bindings', async () => {
  const worker = await WorkerProcess.start({
    workerPath,
    appDirectory,
    env: environment({ SWEEP_SCHEDULE: '0 0 * * * *' }),
    nodePath: process.execPath,
    nodeArgs: [],
    hostVersion: '4',
    log: () => undefined,
  });
  await worker.stop(5_000);
  const bindings = worker.functions.map(({ name, bindings: all }) => {
    const [binding] = Object.values(all);
    const { type, queueName, connection, schedule } = binding as Record<string, unknown>;
    return [name, type, queueName ?? schedule, connection];
  });
  expect(bindings.sort()).toEqual([
    ['followPolicy', 'timerTrigger', '0 * * * * *', undefined],
    ['onAbandonedOperation', 'queueTrigger', 'operations-poison', 'AzureWebJobsStorage'],
    ['onAbandonedReview', 'queueTrigger', 'reviews-poison', 'AzureWebJobsStorage'],
    ['onResourceEvent', 'eventGridTrigger', undefined, undefined],
    ['pollOperation', 'queueTrigger', 'operations', 'AzureWebJobsStorage'],
    ['reviewTarget', 'queueTrigger', 'reviews', 'AzureWebJobsStorage'],
    ['sweep', 'timerTrigger', '0 0 * * * *', undefined],
  ]);
});

async function withHost(
  settings: Record<string, string>,
  work: (host: RunningHost, lines: HostLogLine[]) => Promise<void>,
): Promise<void> {
  const lines: HostLogLine[] = [];
  const host = await startHost({
    appDirectory,
    workerPath,
    port: 0,
    settings: { AzureWebJobsStorage: azurite.connectionString, ...settings },
    onLog: (line) => lines.push(line),
  });
  try {
    await work(host, lines);
  } finally {
    await host.close();
  }
}

async function post(host: RunningHost, event: unknown): Promise<number> {
  const url = `${host.url}/runtime/webhooks/eventgrid?functionName=onResourceEvent&code=${host.systemKey}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
    body: JSON.stringify([event]),
  });
  return response.status;
}

test('settings that are wrong are told all at once, where a person sees them, and no event is lost', async () => {
  const settings = { POLL_FLOOR_SECONDS: 'soon', ARM_ENDPOINT: 'http://arm' };
  await withHost(settings, async (host, lines) => {
    // 500 makes Event Grid keep the event and deliver it again.
    expect(await post(host, { id: '1', eventType: 'x', subject: '/', data: {} })).toBe(500);
    const told = lines.map(({ message }) => message).join('\n');
    expect(told).toContain('2 settings are wrong');
    expect(told).toContain('POLL_FLOOR_SECONDS must be a number of seconds');
    expect(told).toContain('ARM_ENDPOINT must be an https origin');
  });
});

test('an event that cannot be understood is logged and accepted', async () => {
  await withHost({}, async (host, lines) => {
    expect(await post(host, { odd: true })).toBe(202);
    expect(lines.map(({ message }) => message).join('\n')).toContain('Malformed event');
  });
});

test('the shipped policy, the one that is deployed, loads', async () => {
  const { createPolicySource } = await import('../../src/policy/policy-source');
  const { FakeClock } = await import('../support/fakes');
  const load = await createPolicySource({
    path: join(appDirectory, 'policies'),
    clock: new FakeClock(),
  }).current();
  expect(load.kind).toBe('loaded');
});

test('an entry point that throws is a loud failure, not an app without functions', async () => {
  const broken = await mkdtemp(join(tmpdir(), 'postern-broken-'));
  await cp(appDirectory, broken, { recursive: true });
  await writeFile(join(broken, 'dist/app/functions.mjs'), 'throw new Error("half a file");');
  const start = startHost({
    appDirectory: broken,
    workerPath,
    port: 0,
    settings: { AzureWebJobsStorage: azurite.connectionString },
  });
  await expect(start).rejects.toThrow('half a file');
  await rm(broken, { recursive: true });
});
