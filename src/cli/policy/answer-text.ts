import type { Decision } from '../../policy/decision';
import { limitedKinds, type WriteLimits } from '../../policy/policy';
import { formatTimeSpan } from '../../policy/file/time-span';

/** What a tool tells of an answer; `none`: no rule concerns the status. */
export interface AnswerParts {
  readonly effect: Decision['effect'] | 'none';
  readonly rules: readonly string[];
  /** Of an approval that ends. */
  readonly expireAfterSeconds?: number | undefined;
}

/** `hold`, or `approve, until 168h later`. */
export function effectText({ effect, expireAfterSeconds }: Omit<AnswerParts, 'rules'>): string {
  return expireAfterSeconds === undefined
    ? effect
    : `${effect}, until ${formatTimeSpan(expireAfterSeconds)} later`;
}

/** `hold by prod`, or `approve, until 168h later, by contractors`. @param nobody stands where there are no rules. */
export function answerText(answer: AnswerParts, nobody: string): string {
  const names = answer.rules.join(', ') || nobody;
  if (names === '') return effectText(answer);
  return `${effectText(answer)}${answer.expireAfterSeconds === undefined ? '' : ','} by ${names}`;
}

/** `rejects 20 an hour, 5 a review; revocations 3 a review`; empty when nothing is limited. */
export function limitsText(limits: WriteLimits): string {
  const kinds = limitedKinds.flatMap((kind) => {
    const { perHour, perReview } = limits[kind] ?? {};
    const parts = [
      ...(perHour === undefined ? [] : [`${perHour} an hour`]),
      ...(perReview === undefined ? [] : [`${perReview} a review`]),
    ];
    return parts.length === 0 ? [] : [`${kind} ${parts.join(', ')}`];
  });
  return kinds.join('; ');
}
