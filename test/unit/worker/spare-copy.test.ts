import { PosternError } from '../../../src/base/errors';
import { createWithSpareCopy, type Delivery, type SpareQueue } from '../../../src/worker/spare-copy';
import { systemClock } from '../../../src/base/clock';

/** A queue that knows when each of its copies comes out. */
class FakeSpareQueue implements SpareQueue {
  readonly put: unknown[] = [];
  readonly visibleAt: number[] = [];
  removed = 0;
  isAway = false;

  async putSpare(message: unknown, hiddenSeconds: number) {
    this.meet();
    const index = this.put.push(message) - 1;
    this.visibleAt[index] = Date.now() + hiddenSeconds * 1000;
    return {
      hide: async (seconds: number) => {
        this.meet();
        this.visibleAt[index] = Date.now() + seconds * 1000;
      },
      remove: async () => {
        this.meet();
        this.removed += 1;
      },
    };
  }

  private meet(): void {
    if (this.isAway) throw new PosternError('STORE_UNAVAILABLE', 'storage is away');
  }
}

const message = { version: 1, kind: 'target' };
let queue: FakeSpareQueue;
let warnings: string[];

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  queue = new FakeSpareQueue();
  warnings = [];
});

afterEach(() => {
  jest.useRealTimers();
});

const logger = {
  info: () => undefined,
  warn: (text: string) => void warnings.push(text),
  error: () => undefined,
};

function take(
  delivery: Partial<Delivery>,
  work: (message: unknown) => Promise<void> = async () => undefined,
): Promise<void> {
  return createWithSpareCopy({ logger, clock: systemClock })(
    { queue, message, deliveries: 1, ...delivery },
    work,
  );
}

test('while a message is in work, a copy of it waits in the queue; afterwards there is none', async () => {
  let end: () => void = () => undefined;
  const seen: unknown[] = [];
  const working = take({}, (own) => {
    seen.push(own);
    return new Promise((resolve) => (end = resolve));
  });
  await jest.advanceTimersByTimeAsync(0);
  expect(seen).toEqual([message]);
  expect(queue.put).toEqual([{ ...message, spares: 1 }]);
  expect(queue.removed).toBe(0);
  end();
  await working;
  expect(queue.removed).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});

test('however long the work takes, the copy comes out only when nobody hides it any more, within a minute', async () => {
  void take({}, () => new Promise(() => undefined));
  for (let second = 0; second < 300; second += 1) {
    await jest.advanceTimersByTimeAsync(1_000);
    const comesIn = (queue.visibleAt[0] ?? 0) - Date.now();
    // Longer than a dead process holds the lease of a target, and the restart takes its time, too.
    expect(comesIn).toBeGreaterThan(30_000);
    expect(comesIn).toBeLessThanOrEqual(40_000);
  }
});

test('when the work fails, the host gives the message back, and the copy is removed all the same', async () => {
  await expect(take({}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(queue.removed).toBe(1);
});

test('the mark of a copy does not reach the work', async () => {
  const seen: unknown[] = [];
  await take({ message: { ...message, spares: 1 } }, async (own) => void seen.push(own));
  expect(seen).toEqual([message]);
  expect(queue.put).toEqual([{ ...message, spares: 2 }]);
});

test.each<[string, Partial<Delivery>]>([
  ['that was given back before', { deliveries: 2 }],
  ['that is a copy of a copy: one that ends the process must not become many', { message: { spares: 2 } }],
  ['that is no message of ours', { message: 'plain, text' }],
  ['that is a list', { message: [message] }],
  ['that is nothing', { message: null }],
])('a message %s gets no copy', async (_, delivery) => {
  let runs = 0;
  await take(delivery, async () => void (runs += 1));
  expect(runs).toBe(1);
  expect(queue.put).toEqual([]);
});

test('a mark that is nobody’s counts as none', async () => {
  for (const spares of [-5, 'many', null]) await take({ message: { ...message, spares } });
  expect(queue.put).toEqual([1, 2, 3].map(() => ({ ...message, spares: 1 })));
});

test('without the queue, the work is done all the same, and the log says that there was no copy', async () => {
  queue.isAway = true;
  let runs = 0;
  await take({}, async () => void (runs += 1));
  expect(runs).toBe(1);
  expect(warnings).toEqual([expect.stringContaining('STORE_UNAVAILABLE')]);
});

test('a copy that cannot be removed comes out once more, and that is all', async () => {
  await take({}, async () => void (queue.isAway = true));
  expect(queue.put).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('could not be stored, renewed or deleted')]);
});
