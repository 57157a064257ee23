import type { AnswerEffect, ConnectionView, OperationView } from '../../../../../src/console/api';
import { isMoving, pastOf, standingInWords, standingOf } from '../../../../../console/connection/state';
import { answerView, heldView, ruleView, sampleNow } from '../../../../support/page/samples';

const operation = (state: OperationView['state'], changes: Partial<OperationView> = {}): OperationView => ({
  effect: 'approve',
  state,
  decisionId: 'd-2',
  attempt: 1,
  plannedAt: '2026-03-05T12:00:01.000Z',
  startedAt: '2026-03-05T12:00:02.000Z',
  ...changes,
});
const view = (changes: Partial<ConnectionView>): ConnectionView => heldView('pe-freeze', changes);
const approved = { ...view({}).connection, status: 'Approved' };

test.each<[string, Partial<ConnectionView>, string, boolean]>([
  ['held', {}, 'Held for 3 days: production-wants-a-change holds it.', false],
  ['held', { rules: [] }, 'Held for 3 days: no rule matched.', false],
  [
    'held',
    { rules: [ruleView(), ruleView({ rule: 'freeze' })] },
    'Held for 3 days: production-wants-a-change and freeze hold it.',
    false,
  ],
  [
    'held',
    { rules: [ruleView({ rule: 'broken', outcome: 'failed', decided: false })] },
    'Held for 3 days: broken could not be evaluated.',
    false,
  ],
  ['held', { unclear: 'A tag could not be read.' }, 'Held for 3 days: A tag could not be read.', false],
  [
    'answered',
    { answer: answerView() },
    'Anna Approver approved it. Postern checks the policy again and then carries it out.',
    true,
  ],
  [
    'answered',
    { answer: answerView({ needed: 2, state: 'waits for a second person' }) },
    'Anna Approver approved it. 2 people must agree: 1 more.',
    false,
  ],
  ['working', { operation: operation('planned') }, 'Postern is about to start approving it.', true],
  [
    'working',
    { operation: operation('running', { attempt: 2 }) },
    'Postern is approving it, started 2026-03-05 12:00 UTC, attempt 2.',
    true,
  ],
  [
    'limited',
    { operation: operation('planned', { effect: 'reject', heldByLimit: 'rejects' }) },
    'Waits until an operator lifts the limit on rejections.',
    false,
  ],
  [
    'given up',
    { connection: approved, operation: operation('failed', { error: 'Conflict' }) },
    'Postern stopped approving it: it failed (Conflict).',
    false,
  ],
  [
    'given up',
    { connection: approved, operation: operation('expired') },
    'Postern stopped approving it: the time ran out.',
    false,
  ],
  [
    'ended',
    { connection: approved, operation: operation('applied', { endedAt: '2026-03-05T11:01:00.000Z' }) },
    'Postern has approved it at 2026-03-05 11:01 UTC, and Azure shows it.',
    false,
  ],
  [
    'ended',
    // Read before the operation ended: it still looks as it did.
    {
      operation: operation('applied', { endedAt: '2026-03-05T12:01:00.000Z' }),
      asOf: '2026-03-05T12:00:59.000Z',
    },
    'Postern has approved it at 2026-03-05 12:01 UTC, and Azure shows it.',
    true,
  ],
  [
    'held',
    // Read after it: the operation was about an earlier request.
    { operation: operation('applied', { endedAt: '2026-03-04T12:01:00.000Z' }) },
    'Held for 3 days: production-wants-a-change holds it.',
    false,
  ],
  [
    'ended',
    { connection: approved, operation: operation('superseded') },
    'Approved: somebody else changed it before Postern did.',
    false,
  ],
  ['idle', { connection: approved, effect: 'approve', why: 'It is settled.' }, 'It is settled.', false],
  [
    'idle',
    { mode: 'audit', effect: 'approve', reason: 'It is ours.' },
    'Audit mode: Postern would approve it: It is ours.',
    false,
  ],
])('%s: %j', (standing, changes, words, moves) => {
  const seen = view(changes);
  expect([standingOf(seen), standingInWords(seen, Date.parse(sampleNow)), isMoving(seen)]).toEqual([
    standing,
    words,
    moves,
  ]);
});

test.each<[AnswerEffect, string]>([
  ['approve', 'approved'],
  ['reject', 'rejected'],
  ['delete', 'deleted'],
])('%s becomes %s', (effect, past) => {
  expect(pastOf(effect)).toBe(past);
});
