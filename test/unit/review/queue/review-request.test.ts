import { PosternError } from '../../../../src/base/errors';
import { askForReview, parseReviewRequest, requeued } from '../../../../src/review/queue/review-request';
import { sampleTarget } from '../../../../dev/lib/samples';
import { FakeClock, FakeReviewQueue } from '../../../support/fakes';

const request = {
  version: 1,
  kind: 'target',
  id: sampleTarget().id,
  hintedAt: '2026-01-05T13:00:00.000+01:00',
  origin: 'sweep',
  because: 'event',
  expects: 'any',
  lookUntil: '2026-01-05T12:20:00+02:00',
  promisedAt: '2026-01-05T14:01:00+02:00',
  attempt: 0,
  traceId: '0af7651916cd43dd8448eb211c80319c',
} as const;

test('a message of the reviews queue is read as it was written, by an event as well as by a person', () => {
  expect(parseReviewRequest(request)).toEqual(request);
  const { origin, expects, lookUntil, promisedAt, traceId, ...least } = request;
  expect([origin, expects, lookUntil, promisedAt, traceId]).not.toContain(undefined);
  expect(parseReviewRequest(least)).toEqual(least);
  for (const kind of ['target', 'endpoint']) expect(parseReviewRequest({ ...request, kind }).kind).toBe(kind);
  for (const by of ['sweep', 'first sweep', 'person']) {
    expect(parseReviewRequest({ ...request, origin: by }).origin).toBe(by);
  }
});

test.each<[keyof typeof request, unknown]>([
  ['version', 2],
  ['kind', 'connection'],
  ['id', ''],
  ['id', `/${'x'.repeat(2048)}`],
  ['hintedAt', 'yesterday'],
  ['hintedAt', undefined],
  ['origin', 'somebody'],
  ['because', 'x'.repeat(101)],
  ['expects', 'x'.repeat(2049)],
  ['lookUntil', 'soon'],
  ['promisedAt', 'soon'],
  ['attempt', -1],
  ['attempt', 0.5],
])('a message is refused for its %s, by name', (field, value) => {
  const parse = (): unknown => parseReviewRequest({ ...request, [field]: value });
  expect(parse).toThrow(PosternError);
  expect(parse).toThrow(new RegExp(`^reviews message: .* at ${field}$`));
});

test.each(['', 'a b', 'a'.repeat(101), ' a', 'a ', 7])(
  'a trace id that is none is left out: %j',
  (traceId) => {
    expect(parseReviewRequest({ ...request, traceId }).traceId).toBeUndefined();
  },
);

test('a request counts from its delivery on', async () => {
  const clock = new FakeClock();
  const reviews = new FakeReviewQueue(clock);
  const ask = { target: sampleTarget(), because: 'sweep', traceId: 'abc' };
  await askForReview({ reviews, clock }, ask);
  await askForReview({ reviews, clock }, { ...ask, origin: 'sweep', delaySeconds: 15 });
  const common = {
    version: 1,
    kind: 'target',
    id: ask.target.id,
    attempt: 0,
    because: 'sweep',
    traceId: 'abc',
  };
  expect(reviews.pending.map(({ message, delaySeconds }) => [message, delaySeconds])).toEqual([
    [{ ...common, hintedAt: '2026-01-05T12:00:00.000Z' }, 0],
    [{ ...common, origin: 'sweep', hintedAt: '2026-01-05T12:00:15.000Z' }, 15],
  ]);
  expect(requeued(request, 'busy', 60, clock.now())).toEqual({
    ...request,
    because: 'busy',
    attempt: 1,
    hintedAt: '2026-01-05T12:01:00.000Z',
  });
});
