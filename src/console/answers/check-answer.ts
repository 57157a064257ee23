import { addSeconds } from '../../base/clock';
import * as z from '../../base/schema/schema';
import { sanitize } from '../../base/text';
import { profileOf } from '../../connections/target-type';
import { answerEffects } from '../../policy/answers/answer-policy';
import { guardBounds } from '../../policy/file/limits-schema';
import type { AnswerRequest } from '../api';
import { ConsoleError } from '../http/message';
import type { Question } from '../question/question';

const idText = z.string().check(z.minLength(1), z.maxLength(2_048));
const digest = z.string().check(z.regex(/^[0-9a-f]{32}$/));

/** The schema of the body of `api/answer`. */
export const answerSchema = z.strictObject({
  id: idText,
  decisionId: digest,
  seen: digest,
  effect: z.enum(answerEffects),
  reason: z.string().check(z.maxLength(4_000)),
  ticket: z.exactOptional(z.string().check(z.maxLength(100))),
  until: z.exactOptional(z.iso.datetime({ offset: true })),
  confirm: z.exactOptional(z.boolean()),
});

/** The schema of the body of `api/withdraw`. */
export const withdrawSchema = z.strictObject({ id: idText, decisionId: digest });

/** The schema of the body of `api/retry`. */
export const retrySchema = z.strictObject({ id: idText });

/** The schema of the body of `api/lift`. */
export const liftSchema = z.strictObject({ kind: z.enum(['rejects', 'deletes', 'revocations']) });

const shortestReason = 10;
const longestReason = 500;

/** Checks what a person states with an answer. @throws ConsoleError REASON_MISSING, NOT_CONFIRMED, BAD_REQUEST */
export function checkAnswer({ policy, connection }: Question, request: AnswerRequest, now: Date): void {
  const { reason, effect, confirm } = request;
  const text = reason.trim();
  const isLong = text.length > longestReason || sanitize(text) !== text;
  if (text.length < shortestReason || isLong)
    throw new ConsoleError(
      'REASON_MISSING',
      `State a reason of ${shortestReason} to ${longestReason} visible characters in one line.`,
    );
  const pattern = policy.answers?.reason;
  if (pattern !== undefined && !pattern.isIn(text))
    throw new ConsoleError('REASON_MISSING', `The policy wants the reason to contain ${pattern.source}.`);
  checkEnd(request, now);
  const isFinal =
    effect === 'delete' || (effect === 'reject' && !profileOf(connection.id.target.type).canReviveRejected);
  if (isFinal && confirm !== true)
    throw new ConsoleError('NOT_CONFIRMED', 'This cannot be undone: confirm it.');
}

function checkEnd({ effect, until }: AnswerRequest, now: Date): void {
  if (until === undefined) return;
  if (effect !== 'approve') throw new ConsoleError('BAD_REQUEST', 'Only an approval can have an end.');
  const end = new Date(until);
  const { shortestApprovalSeconds, longestApprovalSeconds } = guardBounds;
  if (end >= addSeconds(now, shortestApprovalSeconds) && end <= addSeconds(now, longestApprovalSeconds))
    return;
  throw new ConsoleError(
    'BAD_REQUEST',
    'An approval ends in ten minutes at the earliest, and in 3650 days at the latest.',
  );
}
