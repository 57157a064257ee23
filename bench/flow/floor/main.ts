import type { DequeuedMessageItem } from '@azure/storage-queue';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordedIndex, type Step, type Trace } from '../step';
import { indexIn, messageFor, stepsFor } from '../substitute';
import type { FloorMessage, FloorOrder, FloorResult } from './order';
import { Replay } from './replay';

/**
 * The floor: no decision, no parsing and no state. It makes only the calls recorded from the app, with the
 * app's clients, as many at once as the host allows, and never waits.
 */
process.on('message', (message: FloorOrder | 'go') => {
  if (message !== 'go') void prepareAndSettle(message);
});

/** The value in host.json. */
const batchSize = 16;
const newBatchThreshold = 8;
const sendsAtOnce = 25;

async function prepareAndSettle(order: FloorOrder): Promise<void> {
  const replay = new Replay(order);
  await makeStorage(replay);
  const work = new Map(order.indices.map((index) => [index, workFor(order.trace, index)]));
  sendToParent({ kind: 'ready' });
  await once(process, 'message');
  sendToParent(await settle(replay, work));
}

function sendToParent(message: FloorMessage): void {
  process.send?.(message);
}

/** Prepared calls, which are not part of the measurement. */
interface Work {
  readonly request: string;
  readonly review: readonly Step[];
  readonly poll: readonly Step[];
}

function workFor({ request, review, poll }: Trace, index: number): Work {
  return {
    request: messageFor(request, recordedIndex, index),
    review: stepsFor(review, recordedIndex, index),
    poll: stepsFor(poll, recordedIndex, index),
  };
}

async function settle(replay: Replay, work: ReadonlyMap<number, Work>): Promise<FloorResult> {
  const endedMs: number[] = [];
  const isOver = (): boolean => endedMs.length === work.size;
  const again = (half: 'review' | 'poll', message: DequeuedMessageItem): Promise<void> =>
    replay.run(work.get(indexIn(message.messageText))?.[half] ?? []);
  const startedMs = Date.now();
  const [, ...receives] = await Promise.all([
    send(replay, [...work.values()]),
    listen(replay, 'reviews', isOver, (message) => again('review', message)),
    listen(replay, 'operations', isOver, async (message) => {
      await again('poll', message);
      endedMs.push(Date.now());
    }),
  ]);
  return { kind: 'settled', startedMs, endedMs, receives: receives[0] + receives[1] };
}

async function makeStorage({ leases, tables, queues }: Replay): Promise<void> {
  await leases.createIfNotExists();
  for (const table of Object.values(tables)) await table.createTable();
  for (const queue of Object.values(queues)) await queue.createIfNotExists();
}

async function send(replay: Replay, work: readonly Work[]): Promise<void> {
  const queue = replay.queues.reviews;
  for (let from = 0; from < work.length; from += sendsAtOnce) {
    const some = work.slice(from, from + sendsAtOnce);
    await Promise.all(some.map(({ request }) => queue.sendMessage(request, { messageTimeToLive: -1 })));
  }
}

/**
 * Reads a queue as the host does, but without pauses. Resolves to the number of reads that found messages.
 */
async function listen(
  replay: Replay,
  queue: 'reviews' | 'operations',
  isOver: () => boolean,
  work: (message: DequeuedMessageItem) => Promise<void>,
): Promise<number> {
  let receives = 0;
  const client = replay.queues[queue];
  const inWork = new Set<Promise<void>>();
  const take = async (message: DequeuedMessageItem): Promise<void> => {
    await work(message);
    await client.deleteMessage(message.messageId, message.popReceipt);
  };
  while (!isOver()) {
    if (inWork.size > newBatchThreshold) {
      await Promise.race(inWork);
      continue;
    }
    const { receivedMessageItems: messages } = await client.receiveMessages({
      numberOfMessages: batchSize,
      visibilityTimeout: 600,
    });
    for (const message of messages) {
      const done: Promise<void> = take(message).finally(() => inWork.delete(done));
      inWork.add(done);
    }
    if (messages.length === 0) await sleep(20);
    else receives += 1;
  }
  await Promise.all(inWork);
  return receives;
}
