import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { somebodyElse, startLocalAzure, type StartedAzure } from '../../dev/azure';
import { startHost, type RunningHost } from '../../dev/host/start-host';
import { WorkerProcess } from '../../dev/host/worker/worker-process';
import { startAzurite, type RunningAzurite } from '../../dev/lib/azurite';
import { putResource } from '../../dev/lib/put-resource';
import { until } from '../../dev/lib/until';
import { eventWebhookOf } from '../../dev/lib/webhook';
import { LogCollector } from '../support/rigs/host-under-test';
import { projectRoot } from '../support/repo/project';
import { unpackPackage, type UnpackedPackage } from '../support/rigs/unpacked-package';

const workerPath = join(projectRoot, 'dist/dev/host-worker.mjs');
let app: UnpackedPackage;
let azurite: RunningAzurite;

/** Only what is deployed: no sources, no packages. */
beforeAll(async () => {
  [app, azurite] = await Promise.all([unpackPackage(), startAzurite()]);
});

afterAll(async () => {
  await azurite.close();
  await app.remove();
});

describe('the package', () => {
  test('holds the app, its policy and the licenses, and nothing else', async () => {
    const kinds = [
      /^(host|package)\.json$/,
      /^LICENSE$/,
      /^THIRD-PARTY-LICENSES$/,
      /^policies\/default\.yaml$/,
      /^dist\/app\/(chunks\/)?[\w-]+\.mjs(\.map|\.LEGAL\.txt)?$/,
      /^dist\/console\/(index\.html|assets\/[\w-]+\.(js|css))(\.br|\.gz)?$/,
    ];
    expect(app.paths.filter((path) => !kinds.some((kind) => kind.test(path)))).toEqual([]);
    expect(kinds.filter((kind) => !app.paths.some((path) => kind.test(path)))).toEqual([]);
    const licenses = await readFile(join(app.directory, 'THIRD-PARTY-LICENSES'), 'utf8');
    expect(licenses).toMatch(/^@azure\/identity [\d.]+ \(MIT\)$/m);
    // The page's only package, too.
    expect(licenses).toMatch(/^preact [\d.]+ \(MIT\)$/m);
    expect(licenses).not.toContain('fast-check');
  });

  test('names a main file that it holds, and gives Azure nothing to install or to run', async () => {
    const text = await readFile(join(app.directory, 'package.json'), 'utf8');
    const { main, ...rest } = JSON.parse(text) as Record<string, unknown>;
    expect(app.paths).toContain(main);
    expect(rest).toMatchObject({ name: 'postern', type: 'module' });
    expect(Object.keys(rest)).not.toEqual(expect.arrayContaining([expect.stringMatching(/scripts|depend/i)]));
  });

  test('is the same zip in every time zone, told in one line, beside a folder that holds the same', async () => {
    const again = await unpackPackage({ TZ: 'Asia/Tokyo' });
    const bytes = await Promise.all([again, app].map(({ zipFile }) => readFile(zipFile)));
    expect(bytes[0]!.equals(bytes[1]!)).toBe(true);
    const told = new RegExp(
      `postern\\.zip: ${app.paths.length} files, ${bytes[0]!.length} bytes, sha256 [0-9a-f]{64}$`,
    );
    expect(again.output).toMatch(told);
    const folder = join(again.zipFile, '../package');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toHaveLength(app.paths.length);
    await again.remove();
  });

  test('fits: under two megabytes', async () => {
    expect((await readFile(app.zipFile)).length).toBeLessThan(2_000_000);
  });
});

function startWorker(settings: Record<string, string>, appDirectory = app.directory): Promise<WorkerProcess> {
  return WorkerProcess.start({
    workerPath,
    appDirectory,
    env: { PATH: process.env['PATH'] ?? '', ...settings },
    nodePath: process.execPath,
    nodeArgs: [],
    hostVersion: '4',
    log: () => undefined,
  });
}

async function bindingsWith(settings: Record<string, string>): Promise<unknown[]> {
  const worker = await startWorker(settings);
  await worker.stop(5_000);
  const bindings = worker.functions.map(({ name, bindings: all }) => {
    const [binding] = Object.values(all);
    const { type, queueName, connection, schedule } = binding as Record<string, unknown>;
    return [name, type, queueName ?? schedule, connection];
  });
  return bindings.sort();
}

test('under the worker’s rules the deployed files register their functions with the right bindings', async () => {
  expect(await bindingsWith({ SWEEP_SCHEDULE: '0 0 * * * *' })).toEqual([
    ['followPolicy', 'timerTrigger', '30 * * * * *', undefined],
    ['onAbandonedOperation', 'queueTrigger', 'operations-poison', 'AzureWebJobsStorage'],
    ['onAbandonedReview', 'queueTrigger', 'reviews-poison', 'AzureWebJobsStorage'],
    ['onResourceEvent', 'eventGridTrigger', undefined, undefined],
    ['pollOperation', 'queueTrigger', 'operations', 'AzureWebJobsStorage'],
    ['reviewTarget', 'queueTrigger', 'reviews', 'AzureWebJobsStorage'],
    ['sweep', 'timerTrigger', '0 0 * * * *', undefined],
  ]);
});

test('a schedule that the host could not read does not take the sweep away', async () => {
  expect(await bindingsWith({ SWEEP_SCHEDULE: '0 0/15 * * * ?' })).toContainEqual([
    'sweep',
    'timerTrigger',
    '0 */15 * * * *',
    undefined,
  ]);
});

test('with a topic to tell of outcomes there is one function more', async () => {
  const topic = { EVENT_TOPIC_ENDPOINT: 'https://outcomes.westeurope-1.eventgrid.azure.net/api/events' };
  const [without, withTopic] = [await bindingsWith({}), await bindingsWith(topic)];
  expect(withTopic).toHaveLength(without.length + 1);
  expect(withTopic).toContainEqual(['tellOutcome', 'queueTrigger', 'outcomes', 'AzureWebJobsStorage']);
});

test('the stack of a failure shows the sources’ files and lines', async () => {
  const worker = await startWorker({ ARM_ENDPOINT: 'http://arm' });
  const [timer = ''] = Object.keys(worker.functions.find(({ name }) => name === 'sweep')?.bindings ?? {});
  const inputData = [{ name: timer, data: { json: '{}' } }];
  const traceContext = { traceParent: '', traceState: '', attributes: {} };
  const request = { invocationId: '1', functionId: 'sweep', inputData, triggerMetadata: {}, traceContext };
  const failure: unknown = await worker.invoke('sweep', request).catch((error: unknown) => error);
  await worker.stop(5_000);
  const stack = ((failure as Error).cause as Error).message;
  expect(stack).not.toContain('.mjs');
  const [, file = '', line] = /^ +at .*?\(?(src\/config\/config\.ts):(\d+):\d+\)?$/m.exec(stack) ?? [];
  const source = await readFile(join(projectRoot, file), 'utf8');
  expect(source.split('\n')[Number(line) - 1]).toContain('new ConfigError(');
});

async function withHost(
  settings: Record<string, string>,
  work: (host: RunningHost, logs: LogCollector) => Promise<void>,
  env: Record<string, string> = {},
  appDirectory = app.directory,
): Promise<void> {
  const logs = new LogCollector();
  const host = await startHost({
    appDirectory,
    workerPath,
    port: 0,
    settings: { AzureWebJobsStorage: azurite.connectionString, ...settings },
    env,
    onLog: logs.onLog,
  });
  try {
    await work(host, logs);
  } finally {
    await host.close();
  }
}

describe('started from the zip alone', () => {
  const subscription = '/subscriptions/11111111-1111-4111-8111-111111111111';
  const vaultId = `${subscription}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-packed`;
  const network = `${subscription}/resourceGroups/network/providers/Microsoft.Network`;
  let azure: StartedAzure;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-azure-'));
    azure = await startLocalAzure({ speed: 20, certFile: join(folder, 'ca.pem') });
  });

  afterAll(async () => {
    await azure.close();
    await rm(folder, { recursive: true });
  });

  const put = (id: string, apiVersion: string, body: object): Promise<void> =>
    putResource(azure, somebodyElse, { id, apiVersion, body });

  async function requestConnection(): Promise<void> {
    const wanted = { privateLinkServiceId: vaultId, groupIds: ['vault'], requestMessage: 'please' };
    const location = 'westeurope';
    await put(vaultId, '2024-11-01', { location, tags: { env: 'prod' }, properties: {} });
    await put(`${network}/privateEndpoints/pe-packed`, '2024-05-01', {
      location,
      properties: {
        subnet: { id: `${network}/virtualNetworks/hub/subnets/endpoints` },
        manualPrivateLinkServiceConnections: [{ name: 'pe-packed', properties: wanted }],
      },
    });
  }

  function status(): string | undefined {
    const [connection] = azure.world.targets.get(vaultId.toLowerCase())?.connections.values() ?? [];
    return connection?.status;
  }

  test('the app answers a request because of an event: no timer runs', async () => {
    const settings = {
      POLICY_PATH: join(projectRoot, 'dev/start/policy'),
      POLL_FLOOR_SECONDS: '1',
      'AzureWebJobs.sweep.Disabled': 'true',
      'AzureWebJobs.followPolicy.Disabled': 'true',
    };
    const settle = async (host: RunningHost): Promise<void> => {
      azure.eventGrid.subscribe({ url: eventWebhookOf(host) });
      await requestConnection();
      await until('the connection is approved', () => status() === 'Approved');
    };
    await withHost(settings, settle, azure.environment);
  });
});

async function post(host: RunningHost, event: unknown): Promise<number> {
  const response = await fetch(eventWebhookOf(host), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
    body: JSON.stringify([event]),
  });
  return response.status;
}

test('settings that are wrong are told all at once, where a person sees them, and no event is lost', async () => {
  const settings = { POLL_FLOOR_SECONDS: 'soon', ARM_ENDPOINT: 'http://arm' };
  await withHost(settings, async (host, { lines }) => {
    // 500 makes Event Grid keep the event and deliver it again.
    expect(await post(host, { id: '1', eventType: 'x', subject: '/', data: {} })).toBe(500);
    const told = lines.map(({ message }) => message).join('\n');
    expect(told).toContain('2 settings are wrong');
    expect(told).toContain('POLL_FLOOR_SECONDS must be a number of seconds');
    expect(told).toContain('ARM_ENDPOINT must be an https origin');
  });
});

test('an event that cannot be understood is logged and accepted', async () => {
  await withHost({}, async (host, { lines }) => {
    expect(await post(host, { odd: true })).toBe(202);
    expect(lines.map(({ message }) => message).join('\n')).toContain('Malformed event');
  });
});

test('the shipped policy, the one that is deployed, loads', async () => {
  const { createPolicySource } = await import('../../src/policy/source/policy-source');
  const { FakeClock } = await import('../support/fakes');
  const path = join(app.directory, 'policies');
  const load = await createPolicySource({ path, clock: new FakeClock() }).current();
  expect(load.kind).toBe('loaded');
});

describe('a package with a broken file', () => {
  let broken: string;

  beforeAll(async () => {
    broken = await mkdtemp(join(tmpdir(), 'postern-broken-'));
    await cp(app.directory, broken, { recursive: true });
  });

  afterAll(() => rm(broken, { recursive: true }));

  async function withBroken(path: string, work: () => Promise<void>): Promise<void> {
    await writeFile(join(broken, path), 'throw new Error("half a file");');
    await work();
    await cp(join(app.directory, path), join(broken, path));
  }

  const chunks = (): string[] => app.paths.filter((path) => /^dist\/app\/chunks\/.*\.mjs$/.test(path));

  test('has functions all the same, whichever file it is: its own, or those that tell of it', async () => {
    const told: string[][] = [];
    for (const path of [...chunks(), 'dist/app/failed-start.mjs']) {
      await withBroken(path, async () => {
        const worker = await startWorker({}, broken);
        told.push(worker.functions.map(({ name }) => name).sort());
        await worker.stop(5_000);
      });
    }
    const failed = told.filter((names) => names.join() === 'failedStart,onResourceEvent');
    expect(failed.length).toBeGreaterThan(0);
    const whole = told.filter((names) => names.length === 7);
    expect(failed.length + whole.length).toBe(told.length);
  });

  test('tells of it at once, and refuses events, so that they come again; messages are left in their queues', async () => {
    const path = chunks().find((each) => each.includes('/register-')) ?? '';
    await withBroken(path, async () => {
      const tell = async (host: RunningHost, logs: LogCollector): Promise<void> => {
        const failures = ({ function: name, level }: (typeof logs.lines)[number]): boolean =>
          name === 'failedStart' && level === 'error';
        const [failure] = await logs.until(failures);
        expect(failure?.message).toContain('half a file');
        expect(failure?.message).toContain('Deploy a complete package');
        expect(await post(host, { id: '1', eventType: 'x', subject: '/', data: {} })).toBe(500);
        expect(host.functions).toEqual(['onResourceEvent', 'failedStart']);
      };
      await withHost({}, tell, {}, broken);
    });
  });
});
