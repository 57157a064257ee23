import { addSeconds, type Clock, secondsUntil } from '../../base/clock';
import { answerBounds } from '../../policy/answers/answers-schema';
import type { Policy } from '../../policy/policy';
import { type BegunWrite, type LimitStore, saveWithRetry } from '../../review/limits/limit-store';
import { ConsoleError } from '../http/message';
import type { Person } from '../sign-in/person';

const windowSeconds = 60 * 60;

/**
 * Counts a person's answer. Several to the same question count once, at the time of the last one.
 * @throws ConsoleError TOO_MANY; PosternError STORE_UNAVAILABLE, STORE_CONFLICT
 */
export async function countAnswer(
  { limits, clock }: { readonly limits: LimitStore; readonly clock: Clock },
  {
    policy,
    person,
    decisionId,
  }: { readonly policy: Policy; readonly person: Person; readonly decisionId: string },
): Promise<void> {
  const { perHour = answerBounds.defaultPerHour } = policy.answers ?? {};
  const id = `${person.oid}|${decisionId}`;
  const refusal = await saveWithRetry(limits, 'answers', (state) => {
    const now = clock.now();
    const since = addSeconds(now, -windowSeconds);
    const begun = state.begun.filter(({ at }) => new Date(at) > since);
    const others = begun.filter(({ decisionId: each }) => each !== id);
    const own = others.filter((each) => each.decisionId.startsWith(`${person.oid}|`));
    if (others.length === begun.length) {
      if (own.length >= perHour.person) return { state, result: tooMany(own, perHour.person, now) };
      if (begun.length >= perHour.all) return { state, result: tooMany(begun, perHour.all, now) };
    }
    const counted = [...others, { decisionId: id, at: now.toISOString() }];
    return { state: { ...state, begun: counted }, result: undefined };
  });
  if (refusal !== undefined) throw refusal;
}

function tooMany([oldest]: readonly BegunWrite[], most: number, now: Date): ConsoleError {
  const free =
    oldest === undefined ? addSeconds(now, windowSeconds) : addSeconds(new Date(oldest.at), windowSeconds);
  return new ConsoleError('TOO_MANY', `The policy allows ${most} answers an hour. Try again later.`, {
    retryAfterSeconds: Math.max(1, secondsUntil(now, free)),
  });
}
