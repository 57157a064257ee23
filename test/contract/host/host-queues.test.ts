import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { BlobServiceClient } from '@azure/storage-blob';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import {
  buildWorker,
  startSample,
  type BuiltWorker,
  type LogCollector,
} from '../../support/rigs/host-under-test';
import type { RunningHost } from '../../../dev/host/start-host';

let azurite: RunningAzurite;
let worker: BuiltWorker;
let host: RunningHost;
let logs: LogCollector;
let work: QueueClient;

beforeAll(async () => {
  [azurite, worker] = await Promise.all([
    startAzurite({ accounts: ['mainaccount', 'otheraccount'] }),
    buildWorker(),
  ]);
});

afterAll(() => Promise.all([azurite.close(), worker.remove()]));

beforeEach(async () => {
  const suffix = `q${suffixes++}`;
  work = queue('mainaccount', `work-${suffix}`);
  ({ host, logs } = await startSample('triggers', {
    workerPath: worker.workerPath,
    settings: settings(suffix),
  }));
});

afterEach(() => host.close());

let suffixes = 0;

/** A host that gives a message more than five tries. */
async function patient(): Promise<void> {
  await host.close();
  const suffix = `q${suffixes++}`;
  work = queue('mainaccount', `work-${suffix}`);
  const maxDequeueCount = { AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '10000' };
  ({ host, logs } = await startSample('triggers', {
    workerPath: worker.workerPath,
    settings: { ...settings(suffix), ...maxDequeueCount },
  }));
}

test('a message reaches the handler with its metadata, its own properties over the built-in ones', async () => {
  await work.createIfNotExists();
  await work.sendMessage(base64({ id: 'mine', count: 2, urgent: true, tags: ['left out'] }));
  const [seen] = await logs.logged('onWork');
  expect(seen?.['message']).toEqual({ id: 'mine', count: 2, urgent: true, tags: ['left out'] });
  const metadata = seen?.['metadata'] as Record<string, unknown>;
  expect(metadata).toMatchObject({ id: 'mine', count: 2, urgent: 'True', dequeueCount: 1 });
  expect(metadata['queueTrigger']).toMatchObject({ id: 'mine' });
  expect(metadata['insertionTime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  expect(metadata['tags']).toBeUndefined();
});

test('a queue that is made later is found, and text that is JSON arrives parsed', async () => {
  await work.createIfNotExists();
  await work.sendMessage(base64('123'));
  expect((await logs.logged('onWork'))[0]).toMatchObject({ message: 123, type: 'number' });
  await host.close();
  expect(await countOf(work)).toBe(0);
});

test('what a handler returns and sets goes to the output queues, one message for each element', async () => {
  await work.createIfNotExists();
  const orders = [{ at: '2024-01-01T00:00:00.100Z' }, 'two'];
  await work.sendMessage(base64({ orders, result: 'replace me' }));
  await logs.logged('onWork');
  await host.close();
  const returned = await textsIn(queue('otheraccount', 'returned'));
  expect(returned).toEqual(['replaced, started true']);
  const ordered = await textsIn(queue('mainaccount', work.name.replace('work', 'orders')));
  expect(ordered).toEqual([JSON.stringify(orders[0], null, 2), 'two']);
  expect(await countOf(work)).toBe(0);
});

test('a message whose function fails comes again and goes to the poison queue after the fifth time', async () => {
  await work.createIfNotExists();
  const raw = base64({ fail: true });
  await work.sendMessage(raw);
  await logs.until(({ message }) => message.includes('-poison'));
  const counts = (await logs.logged('onWork')).map((one) => dequeueCountOf(one));
  expect(counts).toEqual([1, 2, 3, 4, 5]);
  const poison = await queue('mainaccount', `${work.name}-poison`).receiveMessages();
  expect(poison.receivedMessageItems.map(({ messageText }) => messageText)).toEqual([raw]);
  expect(await countOf(work)).toBe(0);
});

test('a message that is not base64 goes to the poison queue unread', async () => {
  await work.createIfNotExists();
  await work.sendMessage('plain, text');
  await logs.until(({ message }) => message.includes('-poison'));
  expect(await logs.logged('onWork', 0)).toEqual([]);
  const poison = await queue('mainaccount', `${work.name}-poison`).receiveMessages();
  expect(poison.receivedMessageItems[0]?.messageText).toBe('plain, text');
});

test('a worker that crashes is replaced, its message comes again, and its last words are lost', async () => {
  await patient();
  await work.createIfNotExists();
  const first = host.pid;
  await work.sendMessage(base64({ crash: true }));
  const seen = await logs.logged('onWork');
  // Until there is a worker again, deliveries are burnt.
  expect(dequeueCountOf(seen[0] ?? {})).toBeGreaterThan(1);
  expect(host.pid).not.toBe(first);
  expect(logs.lines.some(({ message }) => message.includes('Unhandled rejection'))).toBe(true);
  await host.close();
  expect(await countOf(work)).toBe(0);
});

test('a worker that is killed is replaced, and HTTP functions go on', async () => {
  const first = host.pid;
  host.kill('SIGKILL');
  await logs.until(({ message }) => message.includes('took over'));
  const reply = await fetch(`${host.url}/api/environment`);
  expect(reply.status).toBe(200);
  expect(host.pid).not.toBe(first);
});

test('closing runs the appTerminate hooks and ends the worker', async () => {
  const { pid } = host;
  await host.close();
  await host.close();
  expect(await host.ended).toBe('stopped');
  expect(logs.lines.some(({ message }) => message === 'terminated, started true')).toBe(true);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a timer leaves its status in the blob of the host', async () => {
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  const names: string[] = [];
  for await (const { name } of blobs.getContainerClient('azure-webjobs-hosts').listBlobsFlat())
    names.push(name);
  expect(names).toContain('timers/the-host/Host.Functions.onTime/status');
});

function settings(suffix: string): Record<string, string> {
  return {
    AzureWebJobsStorage: azurite.connectionString,
    OTHER: azurite.connectionStringFor('otheraccount'),
    AzureFunctionsWebHost__hostid: 'the-host',
    SUFFIX: suffix,
    SCHEDULE: '0 0 0 29 2 *',
  };
}

function queue(account: string, name: string): QueueClient {
  const connectionString = azurite.connectionStringFor(account);
  return QueueServiceClient.fromConnectionString(connectionString).getQueueClient(name);
}

function base64(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
}

async function countOf(client: QueueClient): Promise<number> {
  return (await client.getProperties()).approximateMessagesCount ?? -1;
}

async function textsIn(client: QueueClient): Promise<string[]> {
  const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 32 });
  return receivedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString('utf8'));
}

function dequeueCountOf(logged: Record<string, unknown>): unknown {
  return (logged['metadata'] as Record<string, unknown>)['dequeueCount'];
}
