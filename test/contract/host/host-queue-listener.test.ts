import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { HostError } from '../../../dev/host/errors';
import type { HostedFunction } from '../../../dev/host/functions';
import type { QueueOptions } from '../../../dev/host/host-json';
import type { Invoke, Occasion } from '../../../dev/host/invoker';
import type { HostLogLine } from '../../../dev/host/log-line';
import { QueueListener } from '../../../dev/host/queue/queue-listener';
import { Queues } from '../../../dev/host/queue/queues';
import type { StorageConnection } from '../../../dev/host/storage/connection-string';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';

let azurite: RunningAzurite;
let client: QueueClient;
let names = 0;

const defaults: QueueOptions = {
  batchSize: 16,
  newBatchThreshold: 8,
  maxDequeueCount: 5,
  maxPollingIntervalMs: 200,
  visibilityTimeoutMs: 0,
  messageEncoding: 'none',
};

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.close());

beforeEach(async () => {
  client = queue(`listened-${names++}`);
  await client.create();
});

test('a full batch is in work at once, and more are read only below the threshold', async () => {
  const gate = createGate();
  const listener = listen({ batchSize: 3, newBatchThreshold: 1 }, gate.invoke);
  for (let index = 0; index < 6; index += 1) await client.sendMessage(`m${index}`);
  listener.start();
  await gate.entered(3);
  expect(gate.texts).toHaveLength(3);
  gate.open(2);
  await gate.entered(6);
  expect(gate.peak).toBe(4);
  gate.open(6);
  await listener.stop();
  expect(await countOf(client)).toBe(0);
});

test('a failed message stays hidden for the visibility timeout', async () => {
  const gate = createGate();
  const listener = listen({ visibilityTimeoutMs: 3_600_000 }, gate.invoke);
  await client.sendMessage('fail');
  listener.start();
  await gate.entered(1);
  gate.open(1);
  await listener.stop();
  expect((await client.receiveMessages()).receivedMessageItems).toEqual([]);
  expect(await countOf(client)).toBe(1);
});

test('a message that came too often is poison without a run', async () => {
  const gate = createGate();
  await client.sendMessage('weary');
  await client.receiveMessages({ visibilityTimeout: 1 });
  const logs = listenUntilPoison({ maxDequeueCount: 1 }, gate.invoke);
  await logs;
  expect(gate.texts).toEqual([]);
  const poison = await queue(`${client.name}-poison`).receiveMessages();
  expect(poison.receivedMessageItems[0]?.messageText).toBe('weary');
});

describe('a queue that is itself for poison', () => {
  beforeEach(async () => {
    client = queue(`listened-${names++}-poison`);
    await client.create();
    await client.sendMessage('fail');
  });

  test('keeps what fails locked for the whole lock, whatever the visibility timeout', async () => {
    const gate = createGate();
    const listener = listen({ visibilityTimeoutMs: 0, maxDequeueCount: 5 }, gate.invoke);
    listener.start();
    await gate.entered(1);
    gate.open(1);
    await listener.stop();
    expect(await countOf(client)).toBe(1);
    expect((await client.receiveMessages()).receivedMessageItems).toEqual([]);
  });

  test('gives it out again when the lock is over, five times in all', async () => {
    const gate = createGate();
    const lines: HostLogLine[] = [];
    const listener = listen({ maxDequeueCount: 5 }, gate.invoke, { lockSeconds: 1, lines });
    gate.open(100);
    listener.start();
    // The sixth delivery is not invoked.
    const isLeft = (): boolean =>
      lines.filter(({ message }) => message.includes('no poison queue')).length > 5;
    while (!isLeft()) await untilVisibleAfter(1_000);
    await listener.stop();
    expect(gate.texts).toEqual(Array(5).fill('fail'));
    expect(await countOf(client)).toBe(1);
  });
});

test('base64 of what is not UTF-8 fails before the function is called, like any failure', async () => {
  const gate = createGate();
  const raw = Buffer.from([0x7b, 0xff, 0x7d]).toString('base64');
  await client.sendMessage(raw);
  await listenUntilPoison({ messageEncoding: 'base64', maxDequeueCount: 2 }, gate.invoke);
  expect(gate.texts).toEqual([]);
  const poison = await queue(`${client.name}-poison`).receiveMessages();
  expect(poison.receivedMessageItems[0]?.messageText).toBe(raw);
});

test.each([
  ['ends well', 'slow'],
  ['fails', 'fail'],
])('after the end of the host, what %s changes nothing: its message stays locked', async (_, text) => {
  const gate = createGate();
  const listener = listen({ visibilityTimeoutMs: 0, maxDequeueCount: 1 }, gate.invoke, { lockSeconds: 3600 });
  await client.sendMessage(text);
  listener.start();
  await gate.entered(1);
  listener.abandon();
  gate.open(1);
  await listener.stop();
  expect(await countOf(client)).toBe(1);
  expect((await client.receiveMessages()).receivedMessageItems).toEqual([]);
});

test('the lock is renewed while the function runs, and the message is deleted with the new receipt', async () => {
  const gate = createGate();
  const lines: HostLogLine[] = [];
  const listener = listen({}, gate.invoke, { lockSeconds: 4, renewalMs: 500, lines });
  await client.sendMessage('slow');
  listener.start();
  await gate.entered(1);
  // Longer than the first lock: without a renewal the listener would have read the message again.
  await untilVisibleAfter(5_000);
  gate.open(1);
  await listener.stop();
  expect(gate.texts).toEqual(['slow']);
  expect(await countOf(client)).toBe(0);
  expect(lines).toEqual([]);
});

test('a message that somebody else deleted meanwhile is let go', async () => {
  const gate = createGate();
  const lines: HostLogLine[] = [];
  const listener = listen({}, gate.invoke, { lines });
  await client.sendMessage('gone');
  listener.start();
  await gate.entered(1);
  await client.clearMessages();
  gate.open(1);
  await listener.stop();
  expect(lines.map(({ message }) => message)[0]).toContain('is no longer ours');
});

test('what this host enqueues wakes the listener from a long pause', async () => {
  const gate = createGate();
  const queues = new Queues();
  const listener = listen({ maxPollingIntervalMs: 3_600_000 }, gate.invoke, { queues });
  listener.start();
  await queues.enqueue({ queueName: client.name, connection: connection() }, 'hello');
  await gate.entered(1);
  gate.open(1);
  await listener.stop();
  expect(gate.texts).toEqual(['hello']);
});

interface Gate {
  invoke: Invoke;
  texts: string[];
  /** The most invocations that were in work at the same time. */
  peak: number;
  entered(count: number): Promise<void>;
  /** Lets `count` invocations end; those with the text `fail` fail. */
  open(count: number): void;
}

/** An invoker whose invocations stay in work until they are let go. */
function createGate(): Gate {
  const waiting: (() => void)[] = [];
  let changed: () => void = () => undefined;
  let inWork = 0;
  let credit = 0;
  const gate: Gate = {
    texts: [],
    peak: 0,
    invoke: async (_target: HostedFunction, occasion: Occasion) => {
      const text = occasion.data.string ?? '';
      gate.texts.push(text);
      inWork += 1;
      gate.peak = Math.max(gate.peak, inWork);
      changed();
      if (credit > 0) credit -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      inWork -= 1;
      if (text === 'fail') throw new HostError('HOST_INVOCATION_FAILED', 'refused');
      return {};
    },
    entered: async (count) => {
      while (gate.texts.length < count) await new Promise<void>((resolve) => (changed = resolve));
    },
    open: (count) => {
      credit += count;
      while (credit > 0 && waiting.length > 0) {
        credit -= 1;
        waiting.shift()?.();
      }
    },
  };
  return gate;
}

interface Extras {
  lockSeconds?: number;
  renewalMs?: number;
  lines?: HostLogLine[];
  queues?: Queues;
  onLine?: (message: string) => void;
}

function listen(options: Partial<QueueOptions>, invoke: Invoke, extras: Extras = {}): QueueListener {
  const trigger = {
    kind: 'queue',
    name: 'message',
    queueName: client.name,
    connection: connection(),
  } as const;
  const { lockSeconds, renewalMs, lines, queues } = extras;
  return new QueueListener({
    target: { name: 'worker', trigger, queueOutputs: [], disabled: false },
    trigger,
    queues: queues ?? new Queues(),
    options: { ...defaults, ...options },
    invoke,
    log: (line) => {
      lines?.push({ time: '', ...line });
      extras.onLine?.(line.message);
    },
    ...(lockSeconds === undefined ? {} : { lockSeconds }),
    ...(renewalMs === undefined ? {} : { renewalMs }),
  });
}

async function listenUntilPoison(options: Partial<QueueOptions>, invoke: Invoke): Promise<void> {
  let listener: QueueListener | undefined;
  await new Promise<void>((resolve) => {
    const onLine = (message: string): void => {
      if (message.includes('-poison')) resolve();
    };
    listener = listen(options, invoke, { onLine });
    listener.start();
  });
  await listener?.stop();
}

/** Waits for the emulator's clock: a marker message that becomes visible after that time. */
async function untilVisibleAfter(milliseconds: number): Promise<void> {
  const marker = queue(`marker-${names++}`);
  await marker.create();
  await marker.sendMessage('now', { visibilityTimeout: Math.ceil(milliseconds / 1000) });
  while ((await marker.receiveMessages()).receivedMessageItems.length === 0);
}

function connection(): StorageConnection {
  return { kind: 'connectionString', connectionString: azurite.connectionString };
}

function queue(name: string): QueueClient {
  return QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(name);
}

async function countOf(queueClient: QueueClient): Promise<number> {
  return (await queueClient.getProperties()).approximateMessagesCount ?? -1;
}
