import { check, type ViolationRule } from '../../../../../dev/chaos/check';
import type { Evidence, LedgerEntry, Subject } from '../../../../../dev/chaos/check/evidence';
import type { Attempt } from '../../../../../dev/chaos/people/attempt';
import { answerers } from '../../../../../dev/chaos/people/people';
import { connectionId, decided, ended, endpointId, goodRun, write } from './evidence-samples';

const [ada, bob, cleo, dan] = answerers as readonly [
  (typeof answerers)[0],
  (typeof answerers)[0],
  (typeof answerers)[0],
  (typeof answerers)[0],
];

function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    person: ada,
    connection: connectionId,
    effect: 'approve',
    reason: 'Agreed, answer 1',
    decisionId: 'question-1',
    lookedFromMs: 700,
    lookedUntilMs: 750,
    sentMs: 800,
    outcome: 'taken',
    ...change,
  };
}

/** Returns a ledger's entry about an answer, of the person who gave it. */
function entry(kind: 'answered' | 'lapsed' | 'withdrawn', about: Attempt, storedMs = 900): LedgerEntry {
  const { person, effect, reason, decisionId } = about;
  const { record } = decided({ effect });
  const by = `${person.name} (${person.oid}${kind === 'answered' ? ', token t1' : ''})`;
  const id = `${decisionId}|${kind}|${person.oid}`;
  return { record: { ...record, id, kind, reason, by, answers: decisionId, decisionId }, storedMs };
}

const byAda = { answers: 'question-1', by: `Ada (${ada.oid})` };

/** Returns a run in which policy holds the request, and Ada's answer approves it. */
function answeredRun(change: Partial<Evidence> = {}, subject: Partial<Subject> = {}): Evidence {
  const run = goodRun();
  const subjects = run.subjects.map((each): Subject => ({
    ...each,
    expectedEffects: { Pending: 'hold' },
    requester: 'asker',
    trait: 'prod',
    ...subject,
  }));
  const ledger = [entry('answered', attempt()), decided(byAda), ended()];
  return { ...run, subjects, attempts: [attempt()], ledger, ...change };
}

function rules(evidence: Evidence): readonly ViolationRule[] {
  return [...new Set(check(evidence).violations.map(({ rule }) => rule))];
}

test('a write with an answer behind it is a good one', () => {
  expect(check(answeredRun()).violations).toEqual([]);
});

test.each<[string, Partial<Evidence>, Partial<Subject>]>([
  ['nobody answered', { attempts: [], ledger: [decided(byAda), ended()] }, {}],
  [
    'the ledger has the answer only after the write',
    { ledger: [entry('answered', attempt(), 1_300), decided(byAda), ended()] },
    {},
  ],
  ['another effect was answered', { attempts: [attempt({ effect: 'reject' })] }, {}],
  ['it was taken back before the write', { attempts: [attempt({ withdrawnMs: 1_000 })] }, {}],
  [
    'the person had looked before the request was made',
    { attempts: [attempt({ lookedFromMs: 100, lookedUntilMs: 150 })] },
    {},
  ],
  ['one of two people answered', {}, { requester: 'quarantined' }],
  ['nobody may answer', {}, { trait: 'frozen' }],
])('if %s, the write is unwanted', (_case, change, subject) => {
  expect(rules(answeredRun(change, subject))).toContain('unwanted-write');
});

test('what two people must answer is written when both have', () => {
  const [one, other] = [attempt(), attempt({ person: bob, reason: 'Agreed, answer 2' })];
  const both = { answers: 'question-1', by: `Ada (${ada.oid}) and Bob (${bob.oid})` };
  const ledger = [entry('answered', one), entry('answered', other), decided(both), ended()];
  expect(rules(answeredRun({ attempts: [one, other], ledger }, { requester: 'quarantined' }))).toEqual([]);
});

test('an answer that the ledger made up is told', () => {
  const ledger = [entry('answered', attempt({ reason: 'Nobody said this' })), ...answeredRun().ledger];
  expect(rules(answeredRun({ ledger }))).toContain('answer-not-given');
});

test('an answer that the ledger tells of another person was never given', () => {
  const ledger = [entry('answered', attempt({ person: bob })), decided(byAda), ended()];
  expect(rules(answeredRun({ ledger }))).toContain('answer-not-given');
});

test.each([
  ['a viewer approves', attempt({ person: dan })],
  ['somebody rejects who may only approve', attempt({ person: cleo, effect: 'reject' })],
])('if %s, and it is taken, that is told', (_case, given) => {
  const ledger = [entry('answered', given), entry('lapsed', given)];
  expect(rules(answeredRun({ attempts: [given], ledger }))).toContain('answer-not-allowed');
});

test('an answer that was taken and is not in the ledger is told', () => {
  const other = attempt({ reason: 'Agreed, answer 2' });
  expect(rules(answeredRun({ attempts: [attempt(), other] }))).toContain('answer-not-ended');
});

test('an answer that was refused leaves no trace', () => {
  const other = attempt({ reason: 'Agreed, answer 2', outcome: 'refused' });
  expect(rules(answeredRun({ attempts: [attempt(), other] }))).toEqual([]);
});

const held = {
  requests: [],
  history: [{ connectionId, endpointId, by: undefined, atMs: 500, status: 'Pending' }],
};
const hold = decided({ effect: 'hold', status: 'Pending' });

test('an answer that nothing came of is told, unless it is void, taken back, or one of two', () => {
  const run = (more: readonly LedgerEntry[], requester: Subject['requester'] = 'asker'): Evidence =>
    answeredRun(
      { ...held, operations: [], ledger: [hold, entry('answered', attempt()), ...more] },
      { status: 'Pending', requester },
    );
  expect(rules(run([]))).toEqual(['answer-not-ended']);
  expect(rules(run([entry('lapsed', attempt())]))).toEqual([]);
  expect(rules(run([entry('withdrawn', attempt())]))).toEqual([]);
  expect(rules(run([entry('withdrawn', attempt({ person: bob }))]))).toEqual(['answer-not-ended']);
  expect(rules(run([], 'quarantined'))).toEqual([]);
});

test('an answer to what somebody saw before the tags were changed is told', () => {
  const retaggings = [{ endpointId, atMs: 1_000 }];
  const at = (sentMs: number): Evidence =>
    answeredRun({
      retaggings,
      attempts: [attempt({ sentMs })],
      requests: [write({ startedRealMs: 30_000 })],
    });
  expect(rules(at(22_000))).toContain('answer-stale');
  expect(rules(at(12_000))).not.toContain('answer-stale');
});
