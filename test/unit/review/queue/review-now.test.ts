import { PosternError } from '../../../../src/base/errors';
import { createReviewNow, type ReviewNow } from '../../../../src/review/queue/review-now';
import type { ReviewRequest } from '../../../../src/review/queue/review-request';
import type { TakeRequest } from '../../../../src/review/take-request';
import { FakeClock, FakeReviewQueue } from '../../../support/fakes';
import { sampleTarget } from '../../../../dev/lib/samples';

function requestFor(name = 'kv-shared', more: Partial<ReviewRequest> = {}): ReviewRequest {
  const id = sampleTarget().id.replace(/[^/]+$/, name);
  const hintedAt = '2026-01-05T12:00:00.000Z';
  return { version: 1, kind: 'target', id, hintedAt, because: 'event', attempt: 0, ...more };
}

interface Started {
  readonly request: ReviewRequest;
  list(): void;
  end(): void;
  fail(error: Error): void;
}

function rig() {
  const clock = new FakeClock();
  const reviews = new FakeReviewQueue(clock);
  const started: Started[] = [];
  const errors: string[] = [];
  const takeRequest: TakeRequest = (request, handling) =>
    new Promise((resolve, reject) => {
      expect(handling?.isFresh).toBe(true);
      const list = (): void => handling?.beforeListing?.();
      started.push({ request, list, end: resolve, fail: reject });
    });
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (line: string) => void errors.push(line),
  };
  const reviewNow: ReviewNow = createReviewNow({ takeRequest, reviews, clock, logger: log });
  return { clock, reviews, started, errors, reviewNow };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('the first hint is answered at once, without a message', async () => {
  const { reviews, started, reviewNow } = rig();
  const answered = reviewNow(requestFor());
  await turn();
  expect(started.map(({ request }) => request)).toEqual([requestFor()]);
  started[0]?.end();
  await answered;
  expect(reviews.history).toEqual([]);
});

test('hints that come before the connections are listed are answered by the same review', async () => {
  const { reviews, started, reviewNow } = rig();
  const burst = [reviewNow(requestFor()), reviewNow(requestFor()), reviewNow(requestFor('KV-SHARED'))];
  await turn();
  started[0]?.list();
  started[0]?.end();
  await Promise.all(burst);
  expect(started).toHaveLength(1);
  expect(reviews.history).toEqual([]);
});

test('a hint that comes later, or announces something else, waits until the burst is over', async () => {
  const { reviews, started, reviewNow } = rig();
  const first = reviewNow(requestFor());
  await turn();
  await reviewNow(requestFor('kv-shared', { expects: 'any', lookUntil: '2026-01-05T12:20:00.000Z' }));
  started[0]?.list();
  await reviewNow(requestFor());
  started[0]?.end();
  await first;
  await reviewNow(requestFor());
  expect(reviews.pending.map(({ delaySeconds }) => delaySeconds)).toEqual([2, 2, 2]);
  expect(started).toHaveLength(1);
});

test('hints that joined a review which listed nothing are queued', async () => {
  const { reviews, started, reviewNow } = rig();
  const burst = [reviewNow(requestFor()), reviewNow(requestFor())];
  await turn();
  started[0]?.end();
  await Promise.all(burst);
  expect(reviews.pending).toMatchObject([{ delaySeconds: 2 }]);
});

test('two seconds later the next hint is answered at once again', async () => {
  const { clock, reviews, started, reviewNow } = rig();
  const first = reviewNow(requestFor());
  await turn();
  started[0]?.end();
  await first;
  clock.advance(2);
  void reviewNow(requestFor());
  await turn();
  expect(started).toHaveLength(2);
  expect(reviews.history).toEqual([]);
});

test('beyond two dozen at once, hints wait in the queue', async () => {
  const { reviews, started, reviewNow } = rig();
  const all = Array.from({ length: 30 }, (_, index) => reviewNow(requestFor(`kv-${index}`)));
  await turn();
  expect(started).toHaveLength(24);
  for (const { end } of started) end();
  await Promise.all(all);
  expect(reviews.pending.map(({ delaySeconds }) => delaySeconds)).toEqual([2, 2, 2, 2, 2, 2]);
});

test('what fails is queued, and the log says why', async () => {
  const { reviews, started, errors, reviewNow } = rig();
  const answered = reviewNow(requestFor());
  await turn();
  started[0]?.fail(new Error('a bug'));
  await answered;
  expect(reviews.pending).toMatchObject([{ message: requestFor(), delaySeconds: 2 }]);
  expect(errors).toEqual([expect.stringContaining('a bug')]);
});

test('what can be neither answered nor queued fails, so that Event Grid delivers the event again', async () => {
  const { reviews, started, reviewNow } = rig();
  const away = new PosternError('STORE_UNAVAILABLE', 'away');
  reviews.failNext(away);
  const burst = [reviewNow(requestFor()), reviewNow(requestFor())];
  await turn();
  started[0]?.fail(away);
  await expect(burst[0]).rejects.toThrow('away');
  await burst[1];
  expect(reviews.pending).toMatchObject([{ delaySeconds: 2 }]);
});
