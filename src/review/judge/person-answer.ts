import type { AuditRecord } from '../../audit/audit-record';
import { addSeconds } from '../../base/clock';
import { sanitize } from '../../base/text';
import { type Connection, hasStatus } from '../../connections/connection';
import { type Answer, answerSeconds, namesOf } from '../../operations/answer';
import type { ConnectionState } from '../../operations/operation';
import { isAmong, whoMayAnswer } from '../../policy/answers/answer-policy';
import type { Decision } from '../../policy/decision';
import { askPolicy, factsOf } from '../ask-policy';
import { decisionIdOf } from '../decision-id';
import { lapsedRecord } from '../records';
import type { Question, Verdict } from './answer-question';
import { verdictOnUndo } from './undo';
import type { ReviewInput } from '../review-job';

/** What is decided about a connection once a person's answer was considered. */
export interface Answered {
  /** The policy's decision, or that of the people who answered it. */
  readonly decision: Decision | undefined;
  /** The people who decided, and the decision that they answered; absent if the policy decided. */
  readonly person: { readonly by: string; readonly answers: string } | undefined;
  /** The row. An answer that is void has nothing left but the record that says so, until that is in the ledger. */
  readonly connectionState: ConnectionState;
  /** The record of an answer that became void. */
  readonly records: readonly AuditRecord[];
}

/**
 * Asks the policy, and then what people answered. The policy decides first: an answer counts only if the
 * policy still holds the connection, by the same decision and on the same facts, and still lets these people
 * answer. Otherwise the answer is void, and the policy's decision stands. Pure.
 */
export function decide(input: ReviewInput, connection: Connection, row: ConnectionState): Answered {
  const decision = askPolicy(input, connection, row);
  const { answer } = row;
  const unchanged = { decision, person: undefined, connectionState: row, records: [] };
  if (answer === undefined) return unchanged;
  if (answer.given.length === 0)
    return answer.untold === undefined
      ? { ...unchanged, connectionState: { ...row, answer: undefined } }
      : unchanged;
  const id = decision && decisionIdOf(connection, row.generation, decision);
  const facts = factsOf(input, connection, row);
  const question = { policy: input.policy, connection, facts, decision, id, now: input.now };
  const verdict =
    answer.undoes === undefined
      ? verdictOn(answer, question)
      : verdictOnUndo(answer, { ...question, row, lists: input.lists });
  if (verdict.kind === 'incomplete') return unchanged;
  if (verdict.kind === 'void') {
    const record = lapsedRecord(input, row, verdict.why);
    return {
      ...unchanged,
      connectionState: { ...row, answer: withoutPeople(answer, record) },
      records: [record],
    };
  }
  const person = { by: namesOf(answer), answers: answer.decisionId };
  const { effect = answer.effect } = verdict;
  return { ...unchanged, decision: decisionOf({ ...answer, effect }, verdict.decision, input.now), person };
}

/**
 * Returns an answer that counts no longer, with the record that says so. The row has it before the ledger: if the process
 * dies in between, the question may turn back, and what the ledger calls void must not be carried out.
 */
function withoutPeople(answer: Answer, record: AuditRecord): Answer {
  return { ...answer, given: [], untold: [...(answer.untold ?? []), record] };
}

/** Tells whether an answer counts, and if not, why. Pure. */
export function verdictOn(answer: Answer, question: Question): Verdict {
  const { policy, facts, decision, id, now } = question;
  if (decision === undefined) return voided('No rule applies to this status any more');
  if (decision.effect !== 'hold') return voided(`The policy itself decides to ${decision.effect}`);
  if (decision.mode !== 'enforce') return voided('Postern is in audit mode');
  if (id !== answer.decisionId) return voided('The question has changed since');
  if (policy.digestOfSeen?.(facts, now) !== answer.seen)
    return voided('What the rules read has changed since');
  if (answer.given.some(({ at }) => addSeconds(new Date(at), answerSeconds) <= now))
    return voided('It was not carried out within 24 hours');
  if (answer.given.some(({ until }) => until !== undefined && new Date(until) <= now))
    return voided('The approval would have ended by now');
  const refusal = refusalOf(answer, question);
  if (refusal !== undefined) return voided(refusal);
  const may = whoMayAnswer(policy.answers, decision, answer.effect);
  if (may.kind === 'nobody') return voided(`Nobody may give this answer: ${may.why}`);
  const stranger = answer.given.find(({ principals }) => !isAmong(may, new Set(principals)));
  if (stranger !== undefined) return voided(`${stranger.name} may not give this answer`);
  const people = new Set(answer.given.map(({ oid }) => oid)).size;
  return people < may.needed ? { kind: 'incomplete' } : { kind: 'counts', decision };
}

/** Says why a write is not possible whoever wants it; `undefined` if it is. */
export function refusalOf(
  { effect }: Pick<Answer, 'effect'>,
  { policy, connection, facts }: Pick<Question, 'policy' | 'connection' | 'facts'>,
): string | undefined {
  const wanted = effect === 'delete' ? 'Disconnected' : 'Pending';
  if (!hasStatus(connection, wanted)) return `This answer is only possible for a ${wanted} connection`;
  return policy.refusalOf?.(effect, facts);
}

function voided(why: string): Verdict {
  return { kind: 'void', why };
}

const verbs = { approve: 'approved', reject: 'rejected', delete: 'deleted' } as const;

function decisionOf({ effect, given }: Answer, held: Decision, now: Date): Decision {
  const reasons = given.map(({ name, reason, ticket }) => {
    const suffix = ticket === undefined ? '' : ` (ticket ${ticket})`;
    return `${name} ${verbs[effect]}: ${reason}${suffix}`;
  });
  const ends = given.flatMap(({ until }) => (until === undefined ? [] : Date.parse(until)));
  const expireAfterSeconds =
    ends.length === 0 ? undefined : Math.max(1, Math.floor((Math.min(...ends) - now.getTime()) / 1000));
  return {
    effect,
    rules: [],
    reason: sanitize(reasons.join('; ')),
    expireAfterSeconds: effect === 'approve' ? expireAfterSeconds : undefined,
    outcomes: held.outcomes,
    policyDigest: held.policyDigest,
    mode: held.mode,
    lists: held.lists,
  };
}

/**
 * Keeps, in the row of a connection that has changed, the record that its answer is void, if it had one: the row has it
 * before the ledger. A new status or another endpoint is another question.
 */
export function withLapse(
  input: Pick<ReviewInput, 'target' | 'now' | 'traceId'>,
  previous: ConnectionState | undefined,
  next: ConnectionState,
): { readonly connectionState: ConnectionState; readonly records: readonly AuditRecord[] } {
  const records = lapsedByChange(input, previous, next);
  const [record] = records;
  if (record === undefined || previous?.answer === undefined) return { connectionState: next, records };
  return { connectionState: { ...next, answer: withoutPeople(previous.answer, record) }, records };
}

/**
 * Returns the record of an answer that a change of the connection has made void, if there was one. A new
 * status or another endpoint is another question.
 */
export function lapsedByChange(
  input: Pick<ReviewInput, 'target' | 'now' | 'traceId'>,
  previous: ConnectionState | undefined,
  next: ConnectionState,
): readonly AuditRecord[] {
  const { answer } = previous ?? {};
  if (previous === undefined || answer === undefined || answer.given.length === 0) return [];
  return next.generation === previous.generation
    ? []
    : [lapsedRecord(input, previous, 'The connection has changed since')];
}
