import type { AuditRecord } from '../../../src/audit/audit-record';
import type { Attempt } from '../people/attempt';
import { mayAnswer, neededFor } from '../people/people';
import { groupById, sameId, type Evidence, type Subject, type TakenWrite, type Violation } from './evidence';
import { idsOf, storyOf, type Stay } from './story';

/**
 * Checks what people answered: the ledger has every answer that the app took and no other one, by somebody who was
 * allowed, to the question that they saw; and each ends in a write's decision, or void, or taken back.
 */
export function checkAnswers(evidence: Evidence): readonly Violation[] {
  const subjects = subjectsById(evidence);
  const records = evidence.ledger.map(({ record }) => record);
  return [
    ...records.flatMap((record) => (record.kind === 'answered' ? unasked(evidence, record, subjects) : [])),
    ...evidence.attempts.flatMap((attempt) => [...lost(attempt, records), ...stale(evidence, attempt)]),
    ...unended(evidence, records, subjects),
  ];
}

/** How old the page's reading of Azure may be, and with some room for the way. */
const viewMs = 20_000;

/** Finds answers that nobody gave, or that were not theirs to give. */
function unasked(
  { attempts }: Evidence,
  record: AuditRecord,
  subjects: ReadonlyMap<string, Subject>,
): readonly Violation[] {
  const { connection, effect, reason, by = '' } = record;
  const attempt = attempts.find(
    (each) =>
      each.reason === reason &&
      each.effect === effect &&
      sameId(each.connection, connection) &&
      isBy(record, each),
  );
  if (attempt === undefined)
    return [{ rule: 'answer-not-given', what: `${connection}: ${by} never answered "${reason}"` }];
  const trait = subjects.get((connection ?? '').toLowerCase())?.trait ?? 'prod';
  if (mayAnswer(attempt.person, attempt.effect, trait)) return [];
  return [{ rule: 'answer-not-allowed', what: `${by} may not ${effect} ${connection}` }];
}

/** Finds answers that the app took, and that the ledger does not have. */
function lost(
  { outcome, reason, connection, person }: Attempt,
  records: readonly AuditRecord[],
): readonly Violation[] {
  const isThere = records.some((record) => record.kind === 'answered' && record.reason === reason);
  if (outcome !== 'taken' || isThere) return [];
  return [
    { rule: 'answer-not-ended', what: `${person.name}'s answer to ${connection} is not in the ledger` },
  ];
}

/** Finds answers that were taken although their question had changed since the person looked. */
function stale({ retaggings, subjects }: Evidence, attempt: Attempt): readonly Violation[] {
  const subject = subjects.find((each) => idsOf(each).some((id) => sameId(id, attempt.connection)));
  const changed = retaggings.find(
    ({ endpointId, atMs }) =>
      sameId(endpointId, subject?.endpointId) &&
      attempt.lookedUntilMs < atMs &&
      atMs + viewMs < attempt.sentMs,
  );
  if (attempt.outcome !== 'taken' || changed === undefined) return [];
  const what = `${attempt.person.name} answered ${attempt.connection} as it was before its tags were changed`;
  return [{ rule: 'answer-stale', what }];
}

function unended(
  evidence: Evidence,
  records: readonly AuditRecord[],
  subjects: ReadonlyMap<string, Subject>,
): readonly Violation[] {
  const answered = records.filter(({ kind }) => kind === 'answered');
  const ends = groupById(
    records.filter(({ kind }) => ['decided', 'lapsed', 'withdrawn'].includes(kind)),
    ({ answers }) => answers,
  );
  const open = answered.filter(
    ({ answers = '', effect, by }) =>
      !(ends.get(answers) ?? []).some((end) => end.effect === effect && end.by?.includes(oidIn(by)) === true),
  );
  const groups = groupById(open, ({ answers, effect }) => `${answers} ${effect}`);
  return [...groups.values()].flat().flatMap((record): readonly Violation[] => {
    const { connection, answers, effect, by } = record;
    const needed = neededFor(subjects.get((connection ?? '').toLowerCase())?.requester ?? 'trusted');
    // It still waits for a second person, until a day is over.
    const group = groups.get(`${answers} ${effect}`.toLowerCase()) ?? [];
    if (new Set(group.map((each) => oidIn(each.by))).size < needed) return [];
    const what = `${connection}: the answer of ${by} to ${effect} has no end; ${storyOf(evidence, connection)}`;
    return [{ rule: 'answer-not-ended', what }];
  });
}

/**
 * Returns whether a valid answer is behind a write that no rule wants: of enough people who were allowed, who saw the
 * connection during this stay, and who had not taken it back.
 */
export function isAnswered(
  { attempts, ledger }: Evidence,
  { subject, write, stay }: { readonly subject: Subject; readonly write: TakenWrite; readonly stay: Stay },
): boolean {
  const { requester, trait = 'prod' } = subject;
  const counting = attempts.filter(
    (each) =>
      sameId(each.connection, write.connection) &&
      each.effect === write.tookEffect &&
      isRecorded(ledger, each, write) &&
      mayAnswer(each.person, each.effect, trait) &&
      each.sentMs <= write.startedRealMs &&
      stay.fromMs <= each.lookedUntilMs &&
      each.lookedFromMs - viewMs < stay.untilMs &&
      (each.withdrawnMs ?? Infinity) > write.startedRealMs,
  );
  const byQuestion = groupById(counting, ({ decisionId }) => decisionId);
  const needed = neededFor(requester ?? 'trusted');
  return [...byQuestion.values()].some(
    (group) => new Set(group.map(({ person }) => person.oid)).size >= needed,
  );
}

function subjectsById({ subjects }: Evidence): ReadonlyMap<string, Subject> {
  return new Map(subjects.flatMap((each) => idsOf(each).map((id) => [id.toLowerCase(), each] as const)));
}

function isBy({ by = '' }: AuditRecord, { person }: Attempt): boolean {
  return by.includes(person.oid);
}

/** Returns whether the ledger had an answer before a write was sent. */
function isRecorded(ledger: Evidence['ledger'], attempt: Attempt, { startedRealMs }: TakenWrite): boolean {
  return ledger.some(
    ({ record, storedMs }) =>
      record.kind === 'answered' &&
      record.reason === attempt.reason &&
      record.effect === attempt.effect &&
      isBy(record, attempt) &&
      storedMs <= startedRealMs,
  );
}

/** Returns the object id of the person whom a record names. */
function oidIn(by = ''): string {
  return /\(([0-9a-f-]{36})/.exec(by)?.[1] ?? by;
}
