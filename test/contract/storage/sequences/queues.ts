import type { QueueClient } from '@azure/storage-queue';
import fc from 'fast-check';
import { Labels, outcomeOf, type TestedAccount } from './outcome';

/**
 * A step of one of several processes, each of which remembers the receipts that it was given. Messages are
 * meant by the order in which they were sent.
 */
export type QueueStep = { readonly process: number } & (
  | { readonly step: 'create' | 'peek' | 'count' | 'clear' }
  | {
      readonly step: 'send';
      readonly text: string;
      readonly hidden: number | undefined;
      readonly lifetime: number | undefined;
    }
  | { readonly step: 'receive'; readonly count: number | undefined; readonly hidden: number | undefined }
  | {
      readonly step: 'update';
      readonly message: number;
      readonly hidden: number | undefined;
      readonly text: string | undefined;
    }
  | { readonly step: 'delete'; readonly message: number }
  | { readonly step: 'wait'; readonly seconds: number }
);

const process = fc.nat(1);
const message = fc.nat(3);
const text = fc.constantFrom('', 'one', 'Zwei & <drei>', 'eyJ2ZXJzaW9uIjoxfQ==');
// What is hidden stays so until the sequence ends. 604,800 s is the longest time, the last two are refused.
const hidden = fc.constantFrom(undefined, 0, 0, 0, 0, 600, 600, 600, 604_800, 604_801, -1);

const queueStep: fc.Arbitrary<QueueStep> = fc.oneof(
  { withCrossShrink: true },
  {
    weight: 2,
    arbitrary: fc.record({ process, step: fc.constantFrom('create' as const, 'peek', 'count') }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      process,
      step: fc.constant('send' as const),
      text,
      hidden,
      lifetime: fc.constantFrom(undefined, -1, -1, -1, 3_600, 3_600, 600, 0),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      process,
      step: fc.constant('receive' as const),
      count: fc.constantFrom(undefined, 1, 2, 2, 2, 32, 32, 33),
      hidden: fc.constantFrom(undefined, 600, 600, 600, 600, 604_800, 0),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      process,
      step: fc.constant('update' as const),
      message,
      hidden,
      text: fc.option(text, { nil: undefined, freq: 1 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ process, step: fc.constant('delete' as const), message }) },
);

/** Sequences of calls to a queue. Most of them create it and send two messages first; some clear it once. */
export const queueSequences: fc.Arbitrary<readonly QueueStep[]> = fc.noBias(
  fc
    .record({
      chance: fc.nat(9),
      steps: fc.array(queueStep, { minLength: 25, maxLength: 25, size: 'max' }),
      clearAt: fc.option(fc.integer({ min: 5, max: 24 }), { nil: undefined, freq: 1 }),
    })
    .map(({ chance, steps, clearAt }) => {
      const cleared = steps.map((step, index): QueueStep =>
        index === clearAt ? { process: step.process, step: 'clear' } : step,
      );
      return chance === 0 ? cleared : [...beginning, ...cleared];
    }),
);

const beginning: readonly QueueStep[] = [
  { process: 0, step: 'create' },
  { process: 0, step: 'send', text: 'first', hidden: 0, lifetime: -1 },
  { process: 1, step: 'send', text: 'second', hidden: undefined, lifetime: undefined },
];

/** Plays a sequence on a queue that does not exist yet. Returns what each step came to. @throws RepeatedId */
export async function playOnQueue(
  account: TestedAccount,
  name: string,
  steps: readonly QueueStep[],
): Promise<readonly unknown[]> {
  const client = await account.clients.queue(name).use(async (opened) => opened);
  const player = new QueuePlayer(client);
  const outcomes: unknown[] = [];
  for (const step of steps) {
    await account.tick();
    if (step.step === 'wait') await account.wait(step.seconds);
    else outcomes.push(await outcomeOf(() => player.perform(step)));
  }
  return outcomes;
}

interface Receipt {
  readonly messageId: string;
  readonly popReceipt: string;
}

const unknownId = '00000000-0000-4000-8000-ffffffffffff';
const unknownReceipt = 'AgAAAAMAAAAAAAAA';

class QueuePlayer {
  private readonly labels = new Labels();
  private readonly receipts = new Labels();
  private readonly sent: string[] = [];
  /** By process and message id. */
  private readonly held = new Map<string, string>();

  constructor(private readonly client: QueueClient) {}

  async perform(step: Exclude<QueueStep, { step: 'wait' }>): Promise<unknown> {
    switch (step.step) {
      case 'create':
        return (await this.client.createIfNotExists()).succeeded;
      case 'count':
        return (await this.client.getProperties()).approximateMessagesCount;
      case 'clear':
        await this.client.clearMessages();
        return 'cleared';
      case 'peek':
        return (await this.client.peekMessages({ numberOfMessages: 32 })).peekedMessageItems.map((item) =>
          this.shown(item),
        );
      case 'send':
        return this.send(step);
      case 'receive':
        return this.receive(step);
      case 'update':
        return this.update(step);
      case 'delete':
        await this.client.deleteMessage(...this.receiptOf(step.process, step.message));
        return 'deleted';
    }
  }

  private async send({
    process: sender,
    text: body,
    hidden: hiddenFor,
    lifetime,
  }: Extract<QueueStep, { step: 'send' }>) {
    const sent = await this.client.sendMessage(body, {
      ...(hiddenFor === undefined ? {} : { visibilityTimeout: hiddenFor }),
      ...(lifetime === undefined ? {} : { messageTimeToLive: lifetime }),
    });
    this.sent.push(sent.messageId);
    return {
      message: this.labels.made(sent.messageId),
      receipt: this.given(sender, sent),
      ...lifetimeOf(sent),
      hiddenSeconds: secondsBetween(sent.insertedOn, sent.nextVisibleOn),
    };
  }

  private async receive({
    process: receiver,
    count,
    hidden: hiddenFor,
  }: Extract<QueueStep, { step: 'receive' }>) {
    const { receivedMessageItems } = await this.client.receiveMessages({
      ...(count === undefined ? {} : { numberOfMessages: count }),
      ...(hiddenFor === undefined ? {} : { visibilityTimeout: hiddenFor }),
    });
    return receivedMessageItems.map((item) => ({ ...this.shown(item), receipt: this.given(receiver, item) }));
  }

  private async update(step: Extract<QueueStep, { step: 'update' }>) {
    const [messageId, popReceipt] = this.receiptOf(step.process, step.message);
    const reply = await this.client.updateMessage(messageId, popReceipt, step.text, step.hidden);
    return this.given(step.process, { messageId, popReceipt: reply.popReceipt ?? '' });
  }

  private given(process: number, { messageId, popReceipt }: Receipt): string {
    this.held.set(`${process} ${messageId}`, popReceipt);
    return this.receipts.made(`${messageId} ${popReceipt}`);
  }

  /** Returns the receipt that the process was given last for a message, or one that nobody was ever given. */
  private receiptOf(process: number, index: number): [messageId: string, popReceipt: string] {
    const messageId = this.sent[index] ?? unknownId;
    return [messageId, this.held.get(`${process} ${messageId}`) ?? unknownReceipt];
  }

  private shown(item: {
    readonly messageId: string;
    readonly messageText: string;
    readonly dequeueCount: number;
    readonly insertedOn: Date;
    readonly expiresOn: Date;
  }) {
    const { messageText, dequeueCount } = item;
    return { message: this.labels.known(item.messageId), messageText, dequeueCount, ...lifetimeOf(item) };
  }
}

function lifetimeOf({ insertedOn, expiresOn }: { readonly insertedOn: Date; readonly expiresOn: Date }) {
  const isEndless = expiresOn.getUTCFullYear() === 9999;
  return { lifetime: isEndless ? 'endless' : secondsBetween(insertedOn, expiresOn) };
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
