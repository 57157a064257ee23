import { AnswerLaw } from '../../../../../dev/explore/judge/answers/answer-law';
import type { Attempt } from '../../../../../dev/explore/judge/answers/attempt';
import { type LedgerRow, ledgerRowFrom } from '../../../../../dev/explore/judge/ledger-row';
import type { AnswerPolicy } from '../../../../../dev/explore/world/console/answer-policy';
import { answerers, owners } from '../../../../../dev/explore/world/console/people';
import type { PolicyVersion } from '../../../../../dev/explore/world/policy-version';

const [ada, bob, cleo] = answerers;
const connection = '/subscriptions/s/vaults/kv/privateendpointconnections/pe-1';
const endpointId = '/subscriptions/o/privateendpoints/pe-1';
const startMs = Date.UTC(2026, 0, 5);
const minute = 60_000;
const hour = 60 * minute;

const open: AnswerPolicy = {
  lists: { approve: ['role'], reject: [owners], delete: [] },
  perHour: { person: 2, all: 3 },
  rules: { quarantined: { needed: 2 }, frozen: 'never', freeze: undefined },
};

function lawOf({
  policy = open,
  requester = 'asker',
  isLied = false,
}: { policy?: AnswerPolicy; requester?: 'asker' | 'quarantined'; isLied?: boolean } = {}) {
  const now = { ms: startMs };
  const inHand: { version: PolicyVersion | undefined } = { version: 'base' };
  const law = new AnswerLaw({
    nowMs: () => now.ms,
    policy,
    subjectOf: () => ({ requester, trait: 'prod' }),
    versionInHand: () => inHand.version,
    isLied,
  });
  const row = (generation: number, given = 0, status = 'Pending'): void => {
    now.ms += 1;
    law.onRow(connection, { status, generation, answer: JSON.stringify({ given: Array(given).fill({}) }) });
    now.ms += 1;
  };
  const attempt = (person = ada!, changes: Partial<Attempt> = {}): Attempt => ({
    person,
    connection,
    effect: 'approve',
    reason: `case of ${person.name}`,
    looked: {
      decisionId: 'd1',
      status: 'Pending',
      endpointId,
      policyDigest: 'p1',
      fromMs: now.ms,
      untilMs: now.ms,
    },
    ...changes,
  });
  const record = (kind: string, { person, effect, reason, looked }: Attempt, more: object = {}): LedgerRow =>
    ledgerRowFrom(
      {
        id: `${kind}|${person.name}`,
        kind,
        effect,
        reason,
        by: `${person.name} (${person.oid})`,
        answers: looked.decisionId,
        at: new Date(now.ms).toISOString(),
        ...more,
      },
      now.ms,
    );
  const tell = (kind: string, of: Attempt, more?: object): string | undefined =>
    law.onLedger(record(kind, of, more), connection);
  /** Lets a person look, answer, and be recorded. */
  const answer = (person = ada!, changes: Partial<Attempt> = {}): Attempt => {
    const given = attempt(person, changes);
    law.onSent(given);
    expect(tell('answered', given)).toBeUndefined();
    return given;
  };
  const problem = (effect: 'approve' | 'reject' = 'approve'): string | undefined =>
    law.problemOf({ connection, effect, endpointId });
  row(1);
  return { law, now, inHand, row, attempt, tell, answer, problem };
}

test('a write needs an answer, and one of the right effect', () => {
  const { answer, problem } = lawOf();
  expect(problem()).toBe('nobody');
  answer();
  expect(problem()).toBeUndefined();
  expect(problem('reject')).toBe('nobody');
});

test.each<[string, (made: ReturnType<typeof lawOf>) => void, RegExp]>([
  ['the row has another generation', ({ row }) => row(2), /question has changed/],
  ['the policy is another one', ({ inHand }) => (inHand.version = undefined), /policy has changed/],
  ['a day has passed', ({ now }) => (now.ms += 25 * hour), /older than a day/],
  ['audit mode holds', ({ inHand }) => (inHand.version = 'audit'), /may not approve/],
  [
    'the endpoint got other tags',
    ({ law, now }) => {
      now.ms += 1;
      law.onTagged(endpointId);
      now.ms += minute;
    },
    /other tags/,
  ],
])('an answer does not count any more once %s', (_, change, why) => {
  const made = lawOf();
  made.answer();
  change(made);
  expect(made.problem()).toMatch(why);
});

test('an answer that was taken back, or is void, is behind no write', () => {
  const one = lawOf();
  const given = one.answer();
  one.now.ms += minute;
  one.tell('withdrawn', given, {
    id: `d1|withdrawn|${ada!.oid}|${new Date(one.now.ms - minute).toISOString()}`,
  });
  expect(one.problem()).toMatch(/taken back/);
  const other = lawOf();
  other.tell('lapsed', other.answer());
  expect(other.problem()).toMatch(/void/);
  const third = lawOf();
  const reply = third.answer();
  third.law.onTakenBack(reply, third.now.ms);
  expect(third.problem()).toMatch(/taken back/);
});

test('two people are two, and one person is one', () => {
  const { answer, problem } = lawOf({ requester: 'quarantined' });
  answer(ada);
  answer(ada, { reason: 'again' });
  expect(problem()).toBe('1 of 2 people have answered');
  answer(bob);
  expect(problem()).toBeUndefined();
});

test('only who is named counts', () => {
  const { answer, problem } = lawOf();
  answer(cleo, { effect: 'reject' });
  expect(problem('reject')).toMatch(/Cleo may not reject/);
});

test('an answer in the ledger that nobody gave, and too many in an hour, are told', () => {
  const { tell, attempt, answer, law } = lawOf();
  expect(tell('answered', attempt())).toMatch(/nobody gave/);
  const looked = (decisionId: string) => ({ ...attempt().looked, decisionId });
  answer(ada, { looked: looked('a') });
  answer(ada, { looked: looked('b') });
  // The same question counts once.
  answer(ada, { looked: looked('b'), reason: 'again' });
  const third = attempt(ada, { looked: looked('c') });
  law.onSent(third);
  expect(tell('answered', third)).toMatch(/3 answers of Ada/);
});

test('an answer is open until it is decided, void, or taken back, and no row holds it', () => {
  const { law, answer, row, tell } = lawOf();
  expect(law.open()).toEqual([]);
  const given = answer();
  row(1, 1);
  expect(law.open().map(({ what }) => what)).toEqual([
    expect.stringContaining('still waiting'),
    expect.stringContaining('has no end'),
  ]);
  tell('decided', given);
  row(2);
  expect(law.open()).toEqual([]);
});

test('an answer that was taken and is in no ledger is open', () => {
  const { law, attempt } = lawOf();
  const given = attempt();
  law.onSent(given);
  law.onAccepted(given);
  expect(law.open()).toMatchObject([{ what: expect.stringContaining('not in the ledger') }]);
});

test('the end of an approval is what the person said, and never where they said none', () => {
  const { law, answer, tell } = lawOf();
  expect(law.endOf(connection)).toBeUndefined();
  tell('decided', answer(ada, { endsMs: startMs + hour }));
  expect(law.endOf(connection)).toBe(startMs + hour);
  tell('decided', answer(bob, { looked: { ...answer(bob).looked, decisionId: 'd2' } }));
  expect(law.endOf(connection)).toBe(Infinity);
  law.onLedger(ledgerRowFrom({ kind: 'applied', effect: 'approve', id: 'x' }, startMs), connection);
  expect(law.endOf(connection)).toBeUndefined();
});

test('a page that shows what the next review is to store is answered by that', () => {
  const { law, row, attempt, tell, problem } = lawOf();
  const ahead = attempt(ada, { looked: { ...attempt().looked, status: 'Disconnected' } });
  law.onSent(ahead);
  row(2, 0, 'Disconnected');
  tell('answered', ahead);
  expect(problem()).toBeUndefined();
  row(3, 0, 'Pending');
  expect(problem()).toMatch(/question has changed/);
});
