import type { Alarm, AlarmCall } from '../../../src/operations/alarm';
import { outcomeFrom } from '../../../src/outcomes/outcome-event';
import type { OutcomeMessage, OutcomeQueue } from '../../../src/outcomes/outcome-queue';
import type { ReviewQueue, ReviewRequest } from '../../../src/review/queue/review-request';
import { sampleConnection, sampleRecord, sampleTarget } from '../../../dev/lib/samples';

export interface QueueHarness<Port> {
  readonly queue: Port;
  /** Takes what can be received now, decoded as the trigger would. */
  receive(): Promise<readonly unknown[]>;
  /** How many messages there are, hidden ones included. */
  count(): Promise<number>;
}

const request: ReviewRequest = {
  version: 1,
  kind: 'target',
  id: sampleTarget().id,
  hintedAt: '2026-01-05T12:00:00.000Z',
  because: 'event — „Größe“',
  expects: 'any',
  lookUntil: '2026-01-05T12:20:00.000Z',
  attempt: 0,
  traceId: '0af7651916cd43dd8448eb211c80319c',
};

const call: AlarmCall = { version: 1, connectionId: sampleConnection().id, operationId: 'd1.1', poll: 3 };

/** What every reviews queue must do. `create` gives an empty one. */
export function reviewQueueContract(name: string, create: () => QueueHarness<ReviewQueue>): void {
  describe(`${name} as a reviews queue`, () => {
    delayedQueueContract(create, (queue, delaySeconds) => queue.put(request, delaySeconds), request);

    test('a message that no queue would take is refused', async () => {
      const { queue, count } = create();
      const tooLong = { ...request, because: 'x'.repeat(49 * 1024) };
      await expect(queue.put(tooLong, 0)).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
      expect(await count()).toBe(0);
    });
  });
}

/** What every alarm must do. `create` gives a silent one. */
export function alarmContract(name: string, create: () => QueueHarness<Alarm>): void {
  describe(`${name} as an alarm`, () => {
    const ring = async (queue: Alarm, delaySeconds: number): Promise<void> =>
      void (await queue.ring(call, delaySeconds));
    delayedQueueContract(create, ring, call);

    test('one that was set is moved, and removed', async () => {
      const { queue, count } = create();
      const set = await queue.ring(call, 60);
      await set.hide(30);
      expect(await count()).toBe(1);
      await set.remove();
      expect(await count()).toBe(0);
      await set.hide(30);
      await set.remove();
      expect(await count()).toBe(0);
    });
  });
}

/** What every outcomes queue must do. `create` gives an empty one. */
export function outcomeQueueContract(name: string, create: () => QueueHarness<OutcomeQueue>): void {
  const events = [sampleRecord()].flatMap((record) => outcomeFrom(record) ?? []);
  const outcomes: OutcomeMessage = { version: 1, events, attempt: 2, refusals: 1 };
  describe(`${name} as an outcomes queue`, () => {
    delayedQueueContract(create, (queue, delaySeconds) => queue.put(outcomes, delaySeconds), outcomes);
  });
}

function delayedQueueContract<Port>(
  create: () => QueueHarness<Port>,
  send: (queue: Port, delaySeconds: number) => Promise<void>,
  message: unknown,
): void {
  test('a message without delay can be received at once', async () => {
    const { queue, receive } = create();
    await send(queue, 0);
    expect(await receive()).toEqual([message]);
  });

  test.each([30, 45.5, 604_800])('a message with a delay of %s s is there but hidden', async (delay) => {
    const { queue, receive, count } = create();
    await send(queue, delay);
    expect(await receive()).toEqual([]);
    expect(await count()).toBe(1);
  });

  test.each([-1, 604_801, Number.NaN, Number.POSITIVE_INFINITY])(
    'a delay of %s s is refused',
    async (delay) => {
      const { queue, count } = create();
      await expect(send(queue, delay)).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
      expect(await count()).toBe(0);
    },
  );
}
