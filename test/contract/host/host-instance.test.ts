import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import type { RunningHost, StartHostOptions } from '../../../dev/host/start-host';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import {
  buildWorker,
  startSample,
  type BuiltWorker,
  type LogCollector,
} from '../../support/rigs/host-under-test';

let azurite: RunningAzurite;
let worker: BuiltWorker;
let host: RunningHost;
let logs: LogCollector;
let work: QueueClient;
let suffixes = 0;

beforeAll(async () => {
  [azurite, worker] = await Promise.all([startAzurite(), buildWorker()]);
});

afterAll(() => Promise.all([azurite.close(), worker.remove()]));

afterEach(() => host.crash());

const hour = 3_600_000;

describe('when a worker crashes as often as the budget allows', () => {
  test('the host restarts, at the same address and with the same keys', async () => {
    await start({ crashBudget: { crashes: 2, withinMs: hour }, recycleMs: 1 });
    const { url, masterKey } = host;
    await crash();
    await said('took over');
    const second = host.pid;
    await crash();
    await said('the host restarts');
    await logs.until(({ message }) => message.includes('functions loaded'), 2);
    expect(host.pid).not.toBe(second);
    expect((await fetch(`${url}/admin/host/status?code=${masterKey}`)).status).toBe(200);
    await send({ result: 'after' });
    expect((await logs.logged('onWork'))[0]).toMatchObject({ message: { result: 'after' } });
  });

  test('what is longer ago than its time does not count', async () => {
    await start({ crashBudget: { crashes: 2, withinMs: -1 } });
    for (let crashes = 1; crashes <= 3; crashes += 1) {
      await crash();
      await said('took over', crashes);
    }
    expect(logs.lines.some(({ level }) => level === 'critical')).toBe(false);
  });

  test('nobody answers meanwhile, and it can be closed', async () => {
    await start({ crashBudget: { crashes: 1, withinMs: hour }, recycleMs: hour });
    await crash();
    while ((await fetch(`${host.url}/api/environment`)).status !== 503);
    await host.close();
    expect(await host.ended).toBe('stopped');
  });
});

test('while there is no worker, what comes fails at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gate-'));
  const gate = join(folder, 'open');
  try {
    await writeFile(gate, '');
    const settings = { FAILURE: 'gate', GATE: gate, AzureWebJobsStorage: azurite.connectionString };
    ({ host, logs } = await startSample('failing', { workerPath: worker.workerPath, settings }));
    expect((await fetch(`${host.url}/api/fine`)).status).toBe(204);
    await rm(gate);
    await crash();
    await said('ended unexpectedly');
    expect((await fetch(`${host.url}/api/fine`)).status).toBe(500);
    await said('Did not find any initialized language workers');
    await writeFile(gate, '');
    await said('took over');
    expect((await fetch(`${host.url}/api/fine`)).status).toBe(204);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('an invocation that takes longer than functionTimeout', () => {
  const settings = {
    AzureFunctionsJobHost__functionTimeout: '00:00:01',
    // Without a worker, deliveries are burnt one after the other.
    AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '10000',
  };

  test('fails and ends its worker; what else that worker had hangs until its own timeout', async () => {
    await start({ settings, timeoutGraceMs: 1 });
    const first = host.pid;
    await send({ hold: 'one' });
    await send({ hold: 'two' });
    await said('Timeout value', 2);
    await said('took over');
    expect(host.pid).not.toBe(first);
    expect(logs.lines.filter(({ message }) => message.includes('ended during the invocation'))).toEqual([]);
    expect(logs.lines.filter(({ level }) => level === 'critical')).toEqual([]);
  });

  test('is what it takes to miss a worker that ended with exit code 0', async () => {
    await start({ settings, timeoutGraceMs: 1 });
    await send({ exit: true });
    await said('exited with code 0');
    expect(logs.lines.some(({ message }) => message.includes('took over'))).toBe(false);
    await said('took over');
    const lines = logs.lines.map(({ message }) => message);
    const at = (text: string): number => lines.findIndex((line) => line.includes(text));
    expect(at('took over')).toBeGreaterThan(at('Timeout value'));
    const again = (await logs.logged('onWork')).at(-1) as { metadata: { dequeueCount: number } };
    expect(again.metadata.dequeueCount).toBeGreaterThan(1);
  });
});

describe('a host that is closed', () => {
  test('takes messages while it lets the others end', async () => {
    await start({});
    await send({ hold: 'on' });
    await logs.logged('onWork');
    const closing = host.close();
    await send({ release: true });
    await closing;
    expect(await logs.logged('onWork', 0)).toHaveLength(2);
    expect(await countOf(work)).toBe(0);
    expect(logs.lines.some(({ message }) => message.startsWith('terminated'))).toBe(true);
  });

  test('cuts off what does not end in time, and hands nothing back', async () => {
    await start({ graceMs: 200 });
    await send({ hold: 'on' });
    await logs.logged('onWork');
    const { pid } = host;
    await host.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await countOf(work)).toBe(1);
    expect((await work.receiveMessages()).receivedMessageItems).toEqual([]);
    expect(logs.lines.some(({ message }) => message.startsWith('terminated'))).toBe(false);
  });
});

test('a host that is killed runs no hooks', async () => {
  await start({});
  const { pid } = host;
  await host.crash();
  expect(await host.ended).toBe('crashed');
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(logs.lines.some(({ message }) => message.startsWith('terminated'))).toBe(false);
});

test('the locks of messages are as long as a test wants', async () => {
  await start({ queueTimes: { lockSeconds: 1, renewalMs: hour } });
  await send({ hold: 'on' });
  // Nobody renews the lock, so the message comes again while the first try is still in work.
  const seen = await logs.logged('onWork', 2);
  expect(seen.map(({ metadata }) => (metadata as { dequeueCount: number }).dequeueCount)).toEqual([1, 2]);
});

async function start(options: Partial<StartHostOptions>): Promise<void> {
  const suffix = `life${suffixes++}`;
  const service = QueueServiceClient.fromConnectionString(azurite.connectionString);
  work = service.getQueueClient(`work-${suffix}`);
  await work.create();
  ({ host, logs } = await startSample('triggers', {
    workerPath: worker.workerPath,
    ...options,
    settings: {
      AzureWebJobsStorage: azurite.connectionString,
      OTHER: azurite.connectionString,
      SUFFIX: suffix,
      SCHEDULE: '0 0 0 29 2 *',
      ...options.settings,
    },
  }));
}

async function crash(): Promise<void> {
  const ended = logs.lines.filter(({ message }) => message.includes('ended unexpectedly')).length;
  host.kill('SIGKILL');
  await said('ended unexpectedly', ended + 1);
}

async function said(text: string, times = 1): Promise<void> {
  await logs.until(({ message }) => message.includes(text), times);
}

async function send(message: unknown): Promise<void> {
  await work.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'));
}

async function countOf(client: QueueClient): Promise<number> {
  return (await client.getProperties()).approximateMessagesCount ?? -1;
}
