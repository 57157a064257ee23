import { createSimulatedAccount } from '../../../../../dev/explore/storage/account';
import type { SimulatedQueue } from '../../../../../dev/explore/storage/queue/queue';
import { refusalOf } from './refusal';

const start = Date.parse('2026-01-05T12:00:00.000Z');

test('a judge sees all messages, the hidden ones included, in the order in which they become visible', () => {
  const { queue, pass } = createdQueue();
  queue.send('hidden', { visibilitySeconds: 60, lifetimeSeconds: -1 });
  queue.send('visible');
  queue.receive({ visibilitySeconds: 30 });
  pass(1);
  queue.send('later', { visibilitySeconds: 29 });
  expect(queue.snapshot()).toMatchObject([
    { text: 'visible', dequeueCount: 1, visibleAtMs: start + 30_000, insertedAtMs: start },
    { text: 'later', dequeueCount: 0, visibleAtMs: start + 30_000, expiresAtMs: start + 604_801_000 },
    { text: 'hidden', dequeueCount: 0, visibleAtMs: start + 60_000, expiresAtMs: Number.POSITIVE_INFINITY },
  ]);
});

test('a queue tells when its next message can be received', () => {
  const { queue, pass } = createdQueue();
  expect(queue.nextVisibleMs()).toBeUndefined();
  queue.send('late', { visibilitySeconds: 60 });
  queue.send('soon', { visibilitySeconds: 10 });
  expect(queue.nextVisibleMs()).toBe(start + 10_000);
  pass(9.999);
  expect(queue.receive()).toEqual([]);
  pass(0.001);
  expect(queue.receive()).toMatchObject([{ text: 'soon' }]);
  expect(queue.nextVisibleMs()).toBe(start + 40_000);
});

test('a snapshot stays as it was', () => {
  const { queue } = createdQueue();
  queue.send('one');
  const before = queue.snapshot();
  const copy = structuredClone(before);
  queue.receive();
  queue.clear();
  expect(before).toEqual(copy);
});

test('the number of changes grows with every change, and with nothing else', () => {
  const { queue, pass } = createdQueue();
  const changes = (work: () => unknown): boolean => {
    const before = queue.changeCount;
    work();
    return queue.changeCount > before;
  };
  expect(changes(() => queue.send('one', { lifetimeSeconds: 100 }))).toBe(true);
  expect(changes(() => queue.peek())).toBe(false);
  expect(changes(() => queue.receive())).toBe(true);
  expect(changes(() => queue.receive())).toBe(false);
  expect(changes(() => expect(() => queue.delete('none', 'none')).toThrow())).toBe(false);
  const [message] = queue.snapshot();
  const { messageId = '', popReceipt = '' } = message ?? {};
  expect(changes(() => queue.update(messageId, popReceipt, { text: 'two', visibilitySeconds: 5 }))).toBe(
    true,
  );
  pass(100);
  expect(changes(() => queue.count())).toBe(true);
  expect(queue.snapshot()).toEqual([]);
});

test('an expired message is gone for all calls, and one without end stays', () => {
  const { queue, pass } = createdQueue();
  const short = queue.send('short', { lifetimeSeconds: 2 });
  queue.send('endless', { lifetimeSeconds: -1 });
  queue.send('a week');
  pass(2);
  expect(queue.count()).toBe(2);
  expect(queue.peek(32).map(({ text }) => text)).toEqual(['endless', 'a week']);
  expect(refusalOf(() => queue.delete(short.messageId, short.popReceipt))).toEqual({
    httpStatus: 404,
    code: 'MessageNotFound',
  });
  pass(7 * 86_400);
  expect(queue.snapshot().map(({ text }) => text)).toEqual(['endless']);
  pass(100 * 365 * 86_400);
  expect(queue.receive()).toMatchObject([{ text: 'endless' }]);
});

test('a message keeps its text when none is given, and takes an empty one', () => {
  const { queue } = createdQueue();
  const { messageId, popReceipt } = queue.send('one');
  const kept = queue.update(messageId, popReceipt, { text: undefined, visibilitySeconds: 0 });
  expect(queue.peek()).toMatchObject([{ text: 'one' }]);
  queue.update(messageId, kept.popReceipt, { text: '', visibilitySeconds: 0 });
  expect(queue.peek()).toMatchObject([{ text: '' }]);
});

test('a text holds 64 KiB in UTF-8', () => {
  const { queue } = createdQueue();
  queue.send('x'.repeat(65_536));
  queue.send('€'.repeat(21_845));
  const tooLarge = { httpStatus: 413, code: 'RequestBodyTooLarge' };
  expect(refusalOf(() => queue.send('x'.repeat(65_537)))).toEqual(tooLarge);
  expect(refusalOf(() => queue.send('€'.repeat(21_846)))).toEqual(tooLarge);
  const { messageId, popReceipt } = queue.send('one');
  const longer = { text: 'x'.repeat(65_537), visibilitySeconds: 0 };
  expect(refusalOf(() => queue.update(messageId, popReceipt, longer))).toEqual(tooLarge);
});

test.each([0, 33])('%d messages cannot be asked for', (count) => {
  const { queue } = createdQueue();
  expect(refusalOf(() => queue.receive({ count }))).toEqual({
    httpStatus: 400,
    code: 'OutOfRangeQueryParameterValue',
  });
  expect(refusalOf(() => queue.peek(count))).toEqual({
    httpStatus: 400,
    code: 'OutOfRangeQueryParameterValue',
  });
});

function createdQueue(): { queue: SimulatedQueue; pass: (seconds: number) => void } {
  let nowMs = start;
  const queue = createSimulatedAccount({ now: () => nowMs, random: () => 0.5 }).queue('queue');
  queue.create();
  return { queue, pass: (seconds) => (nowMs += seconds * 1000) };
}
