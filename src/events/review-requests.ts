import { addSeconds } from '../clock';
import type { ReviewRequest } from '../review/review-request';
import type { Hint } from './hint';

/** A connection may come many minutes after its event: more than ten were recorded on API Management. */
const lookForSeconds = 20 * 60;
const maxTraceIdLength = 100;

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
      ...(traceId === undefined || traceId.length > maxTraceIdLength ? {} : { traceId }),
    };
  });
}
