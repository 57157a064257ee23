import fc from 'fast-check';
import type { Expectation } from '../../../../src/operations/operation-store';
import {
  isExpectationMet,
  isExpected,
  stillExpected,
  withExpectation,
} from '../../../../src/review/queue/expectation';
import type { ReviewRequest } from '../../../../src/review/queue/review-request';
import { goneStatus } from '../../../../src/operations/operation';

const endpointKey = '/subscriptions/a/…/privateendpoints/pe-1';
const lookUntil = '2026-03-01T12:20:00.000Z';
const during = '2026-03-01T12:03:00.000Z';
// Twenty minutes before the end of the search, and one more for an event that comes late.
const earliest = '2026-03-01T11:59:00.000Z';
const tooEarly = '2026-03-01T11:58:59.999Z';
const before = '2026-03-01T11:00:00.000Z';
const one = { endpointKey, status: 'Pending', firstSeen: before };

describe('what a hint announced', () => {
  test.each([
    ['nothing', undefined, [], true],
    ['an endpoint that no connection names', endpointKey, [{ ...one, endpointKey: 'another' }], false],
    ['an endpoint that waits', endpointKey, [one], true],
    ['an endpoint that was decided since', endpointKey, [{ ...one, status: 'Rejected' }], true],
    [
      'an endpoint whose connection went away since the event',
      endpointKey,
      [{ ...one, status: goneStatus, firstSeen: during }],
      true,
    ],
    [
      'an endpoint whose connection went away long ago and is asked for anew',
      endpointKey,
      [{ ...one, status: goneStatus }],
      false,
    ],
    ['any, and one waits', 'any', [one], true],
    ['any, and one was decided since', 'any', [{ ...one, status: 'Approved', firstSeen: during }], true],
    [
      'any, and one was decided at its earliest',
      'any',
      [{ ...one, status: 'Approved', firstSeen: earliest }],
      true,
    ],
    [
      'any, and one was decided right before that',
      'any',
      [{ ...one, status: 'Approved', firstSeen: tooEarly }],
      false,
    ],
    ['any, and all were decided long ago', 'any', [{ ...one, status: 'Approved' }], false],
  ])('%s', (_title, expects, connectionStates, reconciled) => {
    expect(isExpectationMet({ expects, lookUntil }, connectionStates)).toBe(reconciled);
  });
});

describe('the announced connections of a target', () => {
  const now = new Date('2026-03-01T12:00:00.000Z');
  const until = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();
  const hint = (expects: string, seconds = 1200) => ({ expects, lookUntil: until(seconds) });
  const request: ReviewRequest = {
    version: 1,
    kind: 'target',
    id: '/subscriptions/x',
    hintedAt: now.toISOString(),
    because: 'event',
    attempt: 0,
  };

  test('are told apart as long as there are few, and none is displaced by many', () => {
    const hints = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 1200 })));
    fc.assert(
      fc.property(hints, (drawn) => {
        let expected: readonly Expectation[] = [];
        for (const [name, seconds] of drawn) {
          const before = expected;
          expected = withExpectation({ expected }, hint(`pe-${name}`, seconds));
          expect(expected.length).toBeLessThanOrEqual(12);
          expect(
            isExpected({ expected, nextGeneration: 0 }, { ...request, ...hint(`pe-${name}`, seconds) }),
          ).toBe(true);
          for (const each of before) {
            const { endpoint = 'unnamed', until: lookUntil } = each;
            expect(
              isExpected({ expected, nextGeneration: 0 }, { ...request, expects: endpoint, lookUntil }),
            ).toBe(true);
          }
        }
      }),
    );
  });

  test('are left as they are by a hint that announces nothing, or only once', () => {
    const expected = [{ endpoint: 'a', until: until(60) }];
    expect(withExpectation({ expected }, {})).toBe(expected);
    expect(withExpectation({ expected }, { expects: 'b' })).toBe(expected);
    expect(withExpectation({ expected }, hint('a', 60))).toBe(expected);
    expect(withExpectation({ expected }, hint('a', 61))).toEqual([{ endpoint: 'a', until: until(61) }]);
    expect(withExpectation({}, hint('a', 60))).toEqual(expected);
    expect(isExpected({ expected, nextGeneration: 0 }, request)).toBe(false);
    expect(isExpected({ nextGeneration: 0 }, { ...request, ...hint('a') })).toBe(false);
  });

  const look = (...expected: Expectation[]) =>
    stillExpected(expected, { now, connectionStates: [{ ...one, endpointKey: 'seen' }], firstSeconds: 10 });

  test.each([
    [10, 1200],
    [10, 1190],
    [30, 1170],
    [239, 961],
    [240, 960],
    [240, 400],
    [100, 100],
    [10, 10],
  ])('are looked for in %s s, at the end at the latest, if %s s are left', (seconds, left) => {
    const expectation = { endpoint: 'a', until: until(left) };
    expect(look(expectation)).toEqual({ expected: [expectation], seconds, ended: 0 });
  });

  test('are forgotten when they were seen, and given up when their time is over', () => {
    expect(look({ endpoint: 'seen', until: until(600) })).toEqual({
      expected: [],
      seconds: undefined,
      ended: 0,
    });
    expect(look({ endpoint: 'a', until: until(9) })).toEqual({ expected: [], seconds: undefined, ended: 1 });
    const [old, young] = [{ until: until(300) }, { endpoint: 'a', until: until(1180) }];
    expect(look(old, young, { endpoint: 'b', until: until(1) })).toEqual({
      expected: [old, young],
      seconds: 20,
      ended: 1,
    });
  });
});
