import { isExpectationMet } from '../../../../src/review/queue/expectation';
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
