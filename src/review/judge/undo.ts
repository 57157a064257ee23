import { addSeconds } from '../../base/clock';
import { hasStatus } from '../../connections/connection';
import { type Answer, answerSeconds } from '../../operations/answer';
import type { ConnectionState, Operation } from '../../operations/operation';
import type { Decision } from '../../policy/decision';
import type { Facts } from '../../policy/facts/facts';
import type { UsableLists } from '../../policy/lists/list-snapshot';
import type { Policy } from '../../policy/policy';
import { unsafeReason, whyDeleted } from '../../policy/target-safety';
import { keepsWhatHasEnded } from '../ask-policy';
import type { Question, Verdict } from './answer-question';

/** The question whether an approval is to be taken back. */
export interface UndoQuestion extends Question {
  readonly row: ConnectionState;
  readonly lists: UsableLists;
}

/**
 * Tells whether a request to take an approval back counts, and if not, why. It counts only while the connection is
 * Approved by the very decision that it names, no rule holds the connection, and the policy would not approve it again
 * at once. What the policy itself rejects or deletes needs no request. Pure.
 */
export function verdictOnUndo(
  answer: Answer,
  question: UndoQuestion,
): Exclude<Verdict, { kind: 'incomplete' }> {
  const { policy, connection, facts, decision, now, lists } = question;
  const why = staleness(answer, question);
  if (why !== undefined) return voided(why);
  if (decision?.effect === 'reject' || decision?.effect === 'delete')
    return voided(`The policy itself decides to ${decision.effect}`);
  if (keepsWhatHasEnded(decision))
    return voided(`A rule holds the connection: ${decision?.rules.join(', ')}`);
  const isDeleted = answer.effect === 'reject' && whyDeleted(connection.id.target.type) !== undefined;
  const effect = isDeleted ? 'delete' : answer.effect;
  const refusal = effect === 'approve' ? 'An undo never approves' : unsafeReason(effect, facts, true);
  if (refusal !== undefined) return voided(refusal.replace(/^Policy would \w+, but /, ''));
  const again = effect === 'reject' ? approvedAgainBy(policy, facts, { now, lists }) : undefined;
  if (again !== undefined) return voided(`The policy would approve it again at once, by ${again.join(', ')}`);
  const nothing: Decision = {
    effect: 'hold',
    rules: [],
    reason: '',
    outcomes: [],
    policyDigest: policy.digest,
    mode: policy.mode,
  };
  return { kind: 'counts', decision: decision ?? nothing, effect };
}

/** Says why a request is about something that is no longer so; `undefined` if it is not. */
function staleness(answer: Answer, { policy, connection, row, now }: UndoQuestion): string | undefined {
  if (policy.mode !== 'enforce') return 'Postern is in audit mode';
  if (!hasStatus(connection, 'Approved')) return 'The connection is not Approved any more';
  if (!isAbout(answer, row)) return 'The connection was decided again since';
  if (answer.given.some(({ at }) => addSeconds(new Date(at), answerSeconds) <= now))
    return 'It was not carried out within 24 hours';
  return undefined;
}

/**
 * Tells whether the last operation is the approval that a request takes back, carried out by Postern, or what the request
 * itself began. Where a person was faster, the approval is theirs.
 */
function isAbout(
  { decisionId }: Pick<Answer, 'decisionId'>,
  { operation }: Pick<ConnectionState, 'operation'>,
): boolean {
  return isApprovalBy(decisionId, operation) || operation?.decided.answers === decisionId;
}

/** Tells whether an operation has carried out a decision to approve. */
export function isApprovalBy(decisionId: string, operation: Operation | undefined): boolean {
  if (operation?.decisionId !== decisionId || operation.effect !== 'approve') return false;
  return operation.state === 'applied' || operation.state === 'unproven';
}

/** Names the rules that would approve the connection once it is Rejected; `undefined` if none would. */
function approvedAgainBy(
  policy: Policy,
  facts: Facts,
  { now, lists }: { readonly now: Date; readonly lists: UsableLists },
): readonly string[] | undefined {
  const { consumer } = facts;
  const rejected: Facts = {
    ...facts,
    connection: { ...facts.connection, status: 'Rejected', firstSeen: now },
    consumer: consumer && {
      ...consumer,
      approved: Math.max(0, consumer.approved - 1),
      rejected: consumer.rejected + 1,
    },
  };
  const decision = policy.decide(rejected, now, lists);
  return decision?.effect === 'approve' ? decision.rules : undefined;
}

function voided(why: string): { readonly kind: 'void'; readonly why: string } {
  return { kind: 'void', why };
}
