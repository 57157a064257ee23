import type { DequeuedMessageItem } from '@azure/storage-queue';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordedIndex, type Phase, type QueueName, type Step, type Trace } from '../step';
import { indexIn, stepsFor } from '../substitute';
import { eventsAtOnce, pooled } from '../../system/pooled';
import type { FloorMessage, FloorOrder, FloorResult } from './order';
import { Replay, type HiddenMessages } from './replay';

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

/** The prepared calls of one connection, which are not part of the measurement. */
interface Work {
  readonly first: readonly Step[];
  /** The phases that each queue's messages begin, in their order. */
  readonly rest: Readonly<Record<QueueName, (readonly Step[])[]>>;
  /** The hidden messages that it has put so far. */
  readonly hidden: HiddenMessages;
  left: number;
}

function workFor(trace: Trace, index: number): Work {
  const steps = ({ steps: recorded }: Phase): readonly Step[] => stepsFor(recorded, recordedIndex, index);
  const of = (queue: QueueName): (readonly Step[])[] =>
    trace.filter(({ trigger }) => trigger === queue).map(steps);
  return {
    first: trace.filter(({ trigger }) => trigger === undefined).flatMap(steps),
    rest: { reviews: of('reviews'), operations: of('operations') },
    hidden: new Map(),
    left: trace.length,
  };
}

async function settle(replay: Replay, work: ReadonlyMap<number, Work>): Promise<FloorResult> {
  const endedMs: number[] = [];
  const isOver = (): boolean => endedMs.length === work.size;
  const run = async (mine: Work, steps: readonly Step[]): Promise<void> => {
    await replay.run(steps, mine.hidden);
    mine.left -= 1;
    if (mine.left === 0) endedMs.push(Date.now());
  };
  const take =
    (queue: QueueName) =>
    async ({ messageText }: DequeuedMessageItem): Promise<void> => {
      const mine = work.get(indexIn(messageText));
      const steps = mine?.rest[queue].shift();
      if (mine === undefined || steps === undefined)
        throw new Error(`Nobody waits for this message in ${queue}`);
      await run(mine, steps);
    };
  const startedMs = Date.now();
  const [, ...receives] = await Promise.all([
    pooled([...work.values()], eventsAtOnce, (mine) => run(mine, mine.first)),
    listen(replay, 'reviews', isOver, take('reviews')),
    listen(replay, 'operations', isOver, take('operations')),
  ]);
  return { kind: 'settled', startedMs, endedMs, receives: receives[0] + receives[1] };
}

async function makeStorage({ leases, tables, queues }: Replay): Promise<void> {
  await leases.createIfNotExists();
  for (const table of Object.values(tables)) await table.createTable();
  for (const queue of Object.values(queues)) await queue.createIfNotExists();
}

/**
 * Reads a queue as the host does, but without pauses. Resolves to the number of reads that found messages.
 */
async function listen(
  replay: Replay,
  queue: QueueName,
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
