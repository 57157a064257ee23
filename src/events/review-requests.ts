import { addSeconds } from '../base/clock';
import { lookForSeconds } from '../review/queue/expectation';
import type { ReviewRequest } from '../review/queue/review-request';
import type { Hint } from './hints';

/** 32 hexadecimal digits in W3C's format. Anything that looks otherwise could be anybody's text. */
const traceIdPattern = /^[\w-]{1,100}$/;

/** The requests for the reviews queue, one for each hint. */
export function reviewRequestsFrom(
  hints: readonly Hint[],
  receivedAt: Date,
  traceId: string | undefined,
): ReviewRequest[] {
  return hints.map((hint) => {
    const expects = hint.kind === 'target' ? hint.expects : hint.endpoint.key;
    return {
      version: 1,
      kind: hint.kind,
      id: hint.kind === 'target' ? hint.target.id : hint.endpoint.id,
      hintedAt: receivedAt.toISOString(),
      because: 'event',
      ...(expects === undefined
        ? {}
        : { expects, lookUntil: addSeconds(receivedAt, lookForSeconds).toISOString() }),
      attempt: 0,
      ...(plainTraceId(traceId) === undefined ? {} : { traceId }),
    };
  });
}

/** The trace id if it is fit for a record; a bad one is not worth an error. */
export function plainTraceId(traceId: string | undefined): string | undefined {
  return traceId !== undefined && traceIdPattern.test(traceId) ? traceId : undefined;
}
