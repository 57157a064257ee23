import type { Decision } from '../../policy/decision';
import { limitedKinds, type WriteLimits } from '../../policy/policy';
import { formatTimeSpan } from '../../policy/file/time-span';

/**
 * The parts of a decision that the tools print. The effect `none` means that no rule applies to the
 * status.
 */
export interface AnswerParts {
  readonly effect: Decision['effect'] | 'none';
  readonly rules: readonly string[];
  /** Lifetime of an approval that expires. */
  readonly expireAfterSeconds?: number | undefined;
}

/** Formats an effect: `hold`, or `approve, expires after 168h`. */
export function effectText({ effect, expireAfterSeconds }: Omit<AnswerParts, 'rules'>): string {
  return expireAfterSeconds === undefined
    ? effect
    : `${effect}, expires after ${formatTimeSpan(expireAfterSeconds)}`;
}

/**
 * Formats an effect with its rules: `hold by prod`, or `approve, expires after 168h, by contractors`.
 * @param withoutRules is printed in place of the rules if there are none.
 */
export function answerText(answer: AnswerParts, withoutRules: string): string {
  const names = answer.rules.join(', ') || withoutRules;
  if (names === '') return effectText(answer);
  return `${effectText(answer)}${answer.expireAfterSeconds === undefined ? '' : ','} by ${names}`;
}

/**
 * Formats limits: `rejects 20 per hour, 5 per review; revocations 3 per review`. Returns an empty
 * text if there are none.
 */
export function limitsText(limits: WriteLimits): string {
  const kinds = limitedKinds.flatMap((kind) => {
    const { perHour, perReview } = limits[kind] ?? {};
    const parts = [
      ...(perHour === undefined ? [] : [`${perHour} per hour`]),
      ...(perReview === undefined ? [] : [`${perReview} per review`]),
    ];
    return parts.length === 0 ? [] : [`${kind} ${parts.join(', ')}`];
  });
  return kinds.join('; ');
}
