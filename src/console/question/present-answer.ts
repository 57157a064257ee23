import { addSeconds } from '../../base/clock';
import { type Answer, answerSeconds } from '../../operations/answer';
import type { ConnectionState } from '../../operations/operation';
import type { AnswerEffect } from '../api';
import type { Person } from '../sign-in/person';
import type { Question } from './question';

/** Returns the answer that a row has to this question; `undefined` if it has none, or a void one. */
export function presentAnswer(
  { answer }: Pick<ConnectionState, 'answer'>,
  { id, seen }: Pick<Question, 'id' | 'seen'>,
  now: Date,
): Answer | undefined {
  if (answer === undefined || answer.given.length === 0) return undefined;
  const isYoung = answer.given.every(({ at }) => addSeconds(new Date(at), answerSeconds) > now);
  return isYoung && answer.decisionId === id && answer.seen === seen ? answer : undefined;
}

/**
 * Says why a person cannot answer in one way beside the present answer; `undefined` if they can: there is
 * none, or it needs one more person who agrees. Pure.
 */
export function answeredAlready(
  present: Answer | undefined,
  person: Pick<Person, 'oid'>,
  { effect, needed }: { readonly effect: AnswerEffect; readonly needed: number },
): string | undefined {
  if (present === undefined) return undefined;
  if (present.given.some(({ oid }) => oid === person.oid))
    return 'You have answered already. Withdraw that answer first.';
  if (present.effect === effect && present.given.length < needed) return undefined;
  const names = present.given.map(({ name }) => name);
  return `${names.join(' and ')} ${names.length === 1 ? 'has' : 'have'} answered already.`;
}
