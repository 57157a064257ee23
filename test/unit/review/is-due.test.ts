import { createPace } from '../../../src/connections/pace';
import { goneStatus, type ConnectionState, type Operation } from '../../../src/operations/operation';
import type { TargetState } from '../../../src/operations/operation-store';
import { needsNoReview, overdueIn, wasSeen } from '../../../src/review/is-due';
import type { ReviewRequest } from '../../../src/review/queue/review-request';
import { createRig } from '../../support/rigs/rig';
import {
  sampleConnection,
  sampleConnectionState,
  sampleOperation,
  sampleRecord,
  sampleTarget,
} from '../../../dev/lib/samples';

const now = new Date('2026-01-05T12:00:00Z');
const at = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();
const request: ReviewRequest = {
  version: 1,
  kind: 'target',
  id: sampleTarget().id,
  hintedAt: at(-600),
  because: 'event',
  attempt: 1,
};
const limit = { state: 'held', lifts: 0, heldAt: at(-900) } as const;

function rowsOf(...operations: (Partial<Operation> | undefined)[]): readonly ConnectionState[] {
  return operations.map((change, index) =>
    sampleConnectionState({
      connection: sampleConnection(`conn-${index}`),
      operation: change && sampleOperation(change),
    }),
  );
}

function stateOf(change: Partial<TargetState>): TargetState {
  return { connectionStates: [], nextGeneration: 0, reviewedAt: at(-60), ...change };
}

describe('a request', () => {
  const running = { state: 'running' } as const;
  const planned = { state: 'planned', ticket: undefined } as const;
  const cases: readonly [boolean, string, Partial<TargetState>, Partial<ReviewRequest>][] = [
    [true, 'that an event caused before the last review', {}, {}],
    [false, 'that a person made', {}, { origin: 'person' }],
    [false, 'of a target that was never reviewed', { reviewedAt: undefined }, {}],
    [false, 'whose review began in the future: a wrong clock', { reviewedAt: at(3600) }, {}],
    [true, 'that came a second before it', {}, { hintedAt: at(-61) }],
    [false, 'that came after the last review', {}, { hintedAt: at(-30) }],
    [false, 'that came within a second before it: clocks differ', {}, { hintedAt: at(-60.5) }],
    [true, 'while a write runs and another waits for it', { connectionStates: rowsOf(running, planned) }, {}],
    [false, 'while a planned write waits for nothing', { connectionStates: rowsOf(undefined, planned) }, {}],
    [true, 'while a limit holds the write', { connectionStates: rowsOf({ ...planned, limit }) }, {}],
    [
      false,
      'while records are missing in the ledger',
      { connectionStates: rowsOf({ ...running, untold: [sampleRecord()] }) },
      {},
    ],
    [true, 'while the next review is on its way', { againAt: at(60), connectionStates: rowsOf(planned) }, {}],
    [false, 'whose next review did not come', { againAt: at(-1) }, {}],
    [false, 'whose next review is too far away to be true', { againAt: at(4000) }, {}],
    [false, 'that announced an endpoint that was not there', {}, { expects: '/subscriptions/x' }],
    [
      true,
      'that announced an endpoint that was there',
      { connectionStates: rowsOf(undefined) },
      { expects: rowsOf(undefined)[0]!.endpointKey },
    ],
    [
      true,
      'that announced what the next review looks for',
      { againAt: at(60), expected: [{ endpoint: '/subscriptions/x', until: at(600) }] },
      { expects: '/subscriptions/x', lookUntil: at(600) },
    ],
    [
      false,
      'that announced what nobody looks for any more',
      { againAt: at(-1), expected: [{ endpoint: '/subscriptions/x', until: at(600) }] },
      { expects: '/subscriptions/x', lookUntil: at(600) },
    ],
    [
      true,
      'that announced what is looked for no longer',
      {},
      { expects: '/subscriptions/x', lookUntil: at(0) },
    ],
    [
      false,
      'that announced what is looked for no longer, and came after the last review',
      {},
      { expects: '/subscriptions/x', lookUntil: at(0), hintedAt: at(-30) },
    ],
    [false, 'that announced what may still come', {}, { expects: '/subscriptions/x', lookUntil: at(1) }],
    [false, 'that is the next review itself', { againAt: at(0) }, { promisedAt: at(0) }],
    [true, 'that was the next review until a later one came', { againAt: at(60) }, { promisedAt: at(0) }],
    [true, 'that was the next review of what is done', {}, { promisedAt: at(0), hintedAt: at(0) }],
    [
      false,
      'that was the next review, whose work was lost',
      { connectionStates: rowsOf(planned) },
      { promisedAt: at(0) },
    ],
  ];
  test.each(cases)('it is %s that one was seen: one %s', (expected, _, state, change) => {
    expect(wasSeen(stateOf(state), { ...request, ...change }, now)).toBe(expected);
  });
});

describe('an operation', () => {
  const pace = createPace();
  const isOverdue = (change: Partial<Operation>): boolean =>
    overdueIn({ pace }, stateOf({ connectionStates: rowsOf(change) }), now).length === 1;
  const unconfirmed = { ...sampleOperation().ticket!, confirmed: false, polls: 0 };

  test.each<[boolean, string, Partial<Operation>]>([
    [false, 'before its time', { dueAt: at(10) }],
    [false, 'five minutes after its time', { dueAt: at(-300) }],
    [true, 'more than five minutes after its time', { dueAt: at(-301) }],
    [true, 'without a time', { dueAt: undefined }],
    [true, 'whose bad end is only in its row', { dueAt: at(10), ending: { state: 'failed', reason: 'no' } }],
    [false, 'of which nothing is known before its time', { dueAt: at(0), ticket: unconfirmed }],
    [true, 'of which nothing is known after its time', { dueAt: at(-1), ticket: unconfirmed }],
    [false, 'that is planned', { state: 'planned', dueAt: at(-3600) }],
    [false, 'that has ended', { state: 'applied', dueAt: undefined }],
  ])('it is %s that one is overdue: one %s', (expected, _, change) => {
    expect(isOverdue(change)).toBe(expected);
  });

  test('is named with its connection', () => {
    const rows = rowsOf({ dueAt: at(-900) }, undefined);
    expect(overdueIn({ pace }, stateOf({ connectionStates: rows }), now)).toEqual([
      { connection: rows[0]!.connection, operation: rows[0]!.operation },
    ]);
  });
});

test('a connection that is gone does not keep a request from being seen', () => {
  const [row] = rowsOf(undefined);
  expect(wasSeen(stateOf({ connectionStates: [{ ...row!, status: goneStatus }] }), request, now)).toBe(true);
});

test('a request is answered without the lease only if no operation is overdue', async () => {
  const rig = createRig();
  const answered = () => needsNoReview(rig, { target: sampleTarget(), request });
  rig.operations.seed(sampleTarget(), rowsOf({ dueAt: at(60) }), at(-60));
  expect(await answered()).toBe(true);
  rig.clock.advance(3_600);
  expect(await answered()).toBe(false);
});
