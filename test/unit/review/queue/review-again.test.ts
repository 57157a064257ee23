import {
  isPromise,
  isReviewAhead,
  reviewAgain,
  type ReviewAgain,
} from '../../../../src/review/queue/review-again';
import type { TargetMark } from '../../../../src/operations/operation-store';
import { createFollowUp } from '../../../../src/review/queue/follow-up';
import { requestRetry } from '../../../../src/review/queue/request-retry';
import { connectionIdOf } from '../../../../src/connections/resource-id';
import { sampleConnectionState, sampleOperation, sampleRecord } from '../../../../dev/lib/samples';
import type { Operation } from '../../../../src/operations/operation';
import { createRig, targetIds, type Rig } from '../../../support/rigs/rig';

const now = new Date('2026-01-05T12:00:00.000Z');
const at = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();
const mark = (againAt: string | undefined): TargetMark => ({ nextGeneration: 0, againAt });

test.each([
  [false, undefined],
  [false, at(0)],
  [true, at(1)],
  [true, at(3_602)],
  [false, at(3_603)],
])('it is %s that a review is on its way that is due at %s', (expected, againAt) => {
  expect(isReviewAhead(mark(againAt), now)).toBe(expected);
});

test('a message is the next review itself only if the row names its time', () => {
  const { request } = createRig();
  expect(isPromise(request({ promisedAt: at(5) }), mark(at(5)))).toBe(true);
  expect(isPromise(request({ promisedAt: at(5) }), mark(at(6)))).toBe(false);
  expect(isPromise(request({ promisedAt: at(5) }), mark(undefined))).toBe(false);
  expect(isPromise(request(), mark(undefined))).toBe(false);
  expect(isPromise(request(), mark(at(5)))).toBe(false);
});

describe('another review', () => {
  async function asked(change: Partial<ReviewAgain>): Promise<Rig> {
    const rig = createRig();
    const base = {
      target: rig.target,
      request: rig.request({ attempt: 3, expects: 'any', lookUntil: at(99) }),
      why: 'busy',
      seconds: 60,
    };
    await reviewAgain(rig, { ...base, mark: mark(undefined), ...change });
    return rig;
  }
  const marked = async (rig: Rig): Promise<TargetMark> => rig.operations.load(rig.target);

  test('is one message, which the row names', async () => {
    const rig = await asked({ seconds: 59.5 });
    expect(rig.reviews.pending.map(({ message, delaySeconds }) => [message, delaySeconds])).toEqual([
      [
        {
          version: 1,
          kind: 'target',
          id: rig.target.id,
          hintedAt: at(60),
          because: 'busy',
          attempt: 4,
          traceId: undefined,
          promisedAt: at(60),
        },
        60,
      ],
    ]);
    expect(await marked(rig)).toMatchObject({ againAt: at(60) });
  });

  test('comes within an hour', async () => {
    expect((await asked({ seconds: 9_999 })).reviews.pending).toMatchObject([{ delaySeconds: 3_600 }]);
  });

  test.each([
    [0, 'comes soon enough', at(30), false],
    [0, 'comes two seconds later', at(62), false],
    [1, 'comes three seconds later', at(63), false],
    [1, 'should have come', at(-1), false],
    [0, 'comes soon enough, after a review that is to be saved', at(30), true],
  ])('is %d messages if one %s', async (messages, _, againAt, isReviewed) => {
    const reviewedAt = at(0);
    const rig = await asked({ mark: { ...mark(againAt), reviewedAt }, isReviewed });
    expect(rig.reviews.pending).toHaveLength(messages);
    const saved = messages === 1 || isReviewed;
    expect((await marked(rig)).reviewedAt).toBe(saved ? reviewedAt : undefined);
    expect((await marked(rig)).againAt).toBe(messages === 1 ? at(60) : saved ? againAt : undefined);
  });

  test('follows the one that has come', async () => {
    const { request } = createRig();
    const rig = await asked({ request: request({ promisedAt: at(30) }), mark: mark(at(30)) });
    expect(rig.reviews.pending).toHaveLength(1);
  });

  test('is one of a person, whose request does not wait for others', async () => {
    const { request } = createRig();
    const rig = await asked({ request: request({ origin: 'person' }), mark: mark(at(30)) });
    expect(rig.reviews.pending).toMatchObject([{ message: { origin: 'person' } }]);
    const sweeping = await asked({ request: request({ origin: 'sweep' }) });
    expect(sweeping.reviews.pending[0]?.message).not.toHaveProperty('origin');
  });
});

describe('after an operation has ended', () => {
  const ended = (rig: Rig, change: Partial<Operation> = {}): Operation =>
    sampleOperation({
      state: 'applied',
      startedAt: at(-60),
      decided: sampleRecord({ connection: connectionIdOf(rig.target, 'one').id, traceId: 'abc' }),
      ...change,
    });
  function seeded(rig: Rig, state: Operation['state'] | undefined, reviewedAt?: string): Rig {
    const operation = state && sampleOperation({ state });
    const connection = connectionIdOf(rig.target, 'two');
    rig.operations.seed(rig.target, [sampleConnectionState({ connection, operation })], reviewedAt);
    return rig;
  }

  test.each<[number, string, Operation['state'] | undefined, string | undefined]>([
    [0, 'nothing waits', undefined, undefined],
    [0, 'something else has ended, too', 'failed', undefined],
    [1, 'a planned one waits', 'planned', undefined],
    [0, 'a review came before it', undefined, at(-61)],
    [1, 'a review came when it began', undefined, at(-60)],
    [1, 'a review came after it began', undefined, at(-30)],
  ])('%d reviews follow at once if %s', async (count, _, state, reviewedAt) => {
    const rig = seeded(createRig(), state, reviewedAt);
    await rig.onEnd(ended(rig));
    expect(rig.reviews.pending).toMatchObject(
      Array.from({ length: count }, () => ({
        delaySeconds: 0,
        message: { id: rig.target.id, because: 'next in line', traceId: 'abc' },
      })),
    );
    expect(rig.reviews.pending).toHaveLength(count);
  });

  test('without a start it needs no review of its own', async () => {
    const rig = seeded(createRig(), undefined, at(-30));
    await rig.onEnd(ended(rig, { startedAt: undefined }));
    expect(rig.reviews.pending).toEqual([]);
  });

  test('a target that stays locked is left alone for a minute', async () => {
    const rig = seeded(createRig({ target: targetIds.apiManagement }), 'planned');
    await rig.onEnd(ended(rig));
    expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 60 }]);
  });

  test('its retry is due one second after its time', async () => {
    const rig = createRig();
    const followUp = createFollowUp(rig);
    await followUp.retry(ended(rig, { retryAt: at(900) }));
    await followUp.retry(ended(rig));
    expect(rig.reviews.pending).toMatchObject([
      { delaySeconds: 901, message: { because: 'retry', traceId: 'abc' } },
    ]);
  });

  test('one that names no connection has no target to review', async () => {
    const rig = createRig();
    await rig.onEnd(ended(rig, { decided: sampleRecord({ connection: undefined }), retryAt: at(9) }));
    expect(rig.reviews.pending).toEqual([]);
  });
});

test('a retry that a person requests is recorded, each time, before it is queued', async () => {
  const rig = createRig();
  await requestRetry(rig, rig.target, 'Ada');
  rig.clock.advance(1);
  await requestRetry(rig, rig.target, 'Ada');
  expect(rig.ledger.ofKind('returned')).toMatchObject([
    { target: rig.target.id, reason: 'Ada requested a retry: the target is reviewed again' },
    { at: at(1) },
  ]);
  expect(rig.ledger.ofKind('returned')[0]?.id).toMatch(/^[0-9a-f]{32}\|returned\|2026-01-05T12:00:00.000Z$/);
  expect(rig.reviews.pending[0]?.message).toMatchObject({
    origin: 'person',
    because: 'a person requested a retry',
  });
});

describe('when several reviews are on their way', () => {
  async function after(change: Partial<TargetMark>, seconds: number, request: object = {}) {
    const rig = createRig();
    const asked = { target: rig.target, request: rig.request(request), why: 'busy', seconds };
    await reviewAgain(rig, { ...asked, mark: { ...mark(undefined), ...change } });
    const { againAt, laterAt } = await rig.operations.load(rig.target);
    return { messages: rig.reviews.pending.length, againAt, laterAt };
  }

  test('a sooner one is another message, and the later ones are remembered', async () => {
    const later = { messages: 1, againAt: at(10), laterAt: [at(60), at(90)] };
    expect(await after({ againAt: at(60), laterAt: [at(90)] }, 10)).toEqual(later);
    expect(await after({ againAt: at(-1), laterAt: [at(90), at(60)] }, 10)).toEqual(later);
    expect(await after({ againAt: at(60) }, 10)).toEqual({ ...later, laterAt: [at(60)] });
    expect(await after({ againAt: at(-1) }, 10)).toEqual({ ...later, laterAt: undefined });
  });

  test('the next of them takes the place of the one that has come', async () => {
    const change = { againAt: at(30), laterAt: [at(50), at(90)] };
    const promised = await after(change, 60, { promisedAt: at(30) });
    expect(promised).toEqual({ messages: 0, againAt: at(50), laterAt: [at(90)] });
    const last = await after({ againAt: at(30), laterAt: [at(50)] }, 60, { promisedAt: at(30) });
    expect(last).toEqual({ messages: 0, againAt: at(50), laterAt: undefined });
  });

  test('each of them is a promise', () => {
    const { request } = createRig();
    const several = { ...mark(at(30)), laterAt: [at(90)] };
    expect([30, 90, 91].map((seconds) => isPromise(request({ promisedAt: at(seconds) }), several))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isReviewAhead({ ...mark(undefined), laterAt: [at(90)] }, now)).toBe(true);
    expect(isReviewAhead({ ...mark(at(-1)), laterAt: [at(-1)] }, now)).toBe(false);
  });
});
