import {
  isHeldByLimit,
  isOpen,
  isUnconfirmed,
  takesAccessAway,
  waitsForItsTurn,
  type Operation,
  type OperationState,
} from '../../../src/operations/operation';
import { sampleOperation, sampleRecord } from '../../../dev/lib/samples';

const limit = { state: 'held', lifts: 0, heldAt: '2026-01-05T12:00:00.000Z' } as const;
const states: readonly OperationState[] = [
  'planned',
  'running',
  'applied',
  'failed',
  'expired',
  'superseded',
  'abandoned',
];

function withTicket(change: Partial<NonNullable<Operation['ticket']>>): Operation {
  const operation = sampleOperation();
  return { ...operation, ticket: { ...operation.ticket!, ...change } };
}

test('an operation is open until it has ended', () => {
  expect(states.filter((state) => isOpen(sampleOperation({ state })))).toEqual(['planned', 'running']);
});

test.each<[boolean, Operation['effect'], string | undefined]>([
  [false, 'approve', 'Approved'],
  [true, 'reject', 'Approved'],
  [true, 'delete', 'APPROVED'],
  [false, 'reject', 'Pending'],
  [false, 'delete', undefined],
])('it is %s that an operation takes access away that is to %s what was %s', (expected, effect, status) => {
  expect(takesAccessAway(sampleOperation({ effect, decided: sampleRecord({ status }) }))).toBe(expected);
});

test.each<[boolean, string, Operation]>([
  [true, 'running, without a reply and without a poll', withTicket({ confirmed: false, polls: 0 })],
  [false, 'confirmed by a reply', withTicket({ confirmed: true, polls: 0 })],
  [false, 'polled', withTicket({ confirmed: false, polls: 1 })],
  [false, 'still planned', sampleOperation({ state: 'planned', ticket: undefined })],
  [false, 'ended', { ...withTicket({ confirmed: false, polls: 0 }), state: 'failed' }],
])('it is %s that a write is unconfirmed that is %s', (expected, _, operation) => {
  expect(isUnconfirmed(operation)).toBe(expected);
});

test('a planned operation waits for its turn unless a limit holds it; a lifted limit holds nothing', () => {
  const lifted = { ...limit, state: 'lifted' } as const;
  const operations = [
    sampleOperation({ state: 'planned' }),
    sampleOperation({ state: 'planned', limit }),
    sampleOperation({ state: 'planned', limit: lifted }),
    sampleOperation({ state: 'running' }),
    sampleOperation({ state: 'running', limit }),
  ];
  expect(operations.map(waitsForItsTurn)).toEqual([true, false, true, false, false]);
  expect(operations.map(isHeldByLimit)).toEqual([false, true, false, false, false]);
});
