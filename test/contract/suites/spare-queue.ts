import type { SpareQueue } from '../../../src/worker/spare-copy';
import type { QueueHarness } from './queues';

export interface SpareHarness extends QueueHarness<SpareQueue> {
  /** Removes all that can be received now, as whoever takes it would. */
  takeAll(): Promise<void>;
}

/** What every queue for spare copies must do. `create` gives an empty one. */
export function spareQueueContract(name: string, create: () => SpareHarness): void {
  const message = { version: 1, because: 'event — „Größe“', spares: 1 };

  describe(`${name} as a queue for spare copies`, () => {
    test('a copy is there but hidden, and gone when it is removed', async () => {
      const { queue, receive, count } = create();
      const copy = await queue.putSpare(message, 40);
      expect(await receive()).toEqual([]);
      expect(await count()).toBe(1);
      await copy.remove();
      expect(await count()).toBe(0);
    });

    test('a copy that is hidden anew can still be removed', async () => {
      const { queue, receive, count } = create();
      const copy = await queue.putSpare(message, 0);
      await copy.hide(40);
      expect(await receive()).toEqual([]);
      await copy.hide(30);
      await copy.remove();
      expect(await count()).toBe(0);
    });

    test('a copy that nobody hides comes out as it was put', async () => {
      const { queue, receive } = create();
      await queue.putSpare(message, 0);
      expect(await receive()).toEqual([message]);
    });

    test('one that was taken is no failure, and stays with whoever took it', async () => {
      const { queue, receive, count } = create();
      const copy = await queue.putSpare(message, 0);
      expect(await receive()).toHaveLength(1);
      await copy.hide(40);
      await copy.remove();
      expect(await count()).toBe(1);
    });

    test('one that is gone is no failure', async () => {
      const { queue, takeAll, count } = create();
      const copy = await queue.putSpare(message, 0);
      await takeAll();
      await copy.hide(40);
      await copy.remove();
      expect(await count()).toBe(0);
    });
  });
}
