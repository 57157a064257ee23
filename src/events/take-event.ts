import type { AuditLog } from '../audit/audit-log';
import type { AuditRecord } from '../audit/audit-record';
import { harmless } from '../audit/harmless';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { digest } from '../review/records';
import type { ReviewQueue } from '../review/review-request';
import { hintsFromEvent } from './event-reading';
import type { IgnoreReason } from './hint';
import { plainTraceId, reviewRequestsFrom } from './review-requests';

export interface TakeEventOptions {
  readonly reviews: ReviewQueue;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Takes one event. Only a storage outage makes it fail, so that Event Grid delivers again; an event that cannot be
 * understood is logged and accepted, because it would never get better.
 */
export type TakeEvent = (event: unknown, traceId: string | undefined) => Promise<void>;

/** Several events tell of one request within a second or two; waiting this long, one review answers them all. */
const settleSeconds = 2;

export function createTakeEvent(options: TakeEventOptions): TakeEvent {
  return async (event, statedTraceId) => {
    const traceId = plainTraceId(statedTraceId);
    const receivedAt = options.clock.now();
    const reading = hintsFromEvent(event);
    switch (reading.kind) {
      case 'hints':
        for (const request of reviewRequestsFrom(reading.hints, receivedAt, traceId)) {
          await options.reviews.put(request, settleSeconds);
        }
        return tellOfUnsupported(options, reading.unsupportedTargetIds, traceId);
      case 'ignored':
        count(options, reading.reason);
        return tellOfUnsupported(options, reading.targetId === undefined ? [] : [reading.targetId], traceId);
      case 'malformed':
        options.logger.warn(`Malformed event, accepted and dropped: ${harmless(reading.problem)}`);
    }
  };
}

/** One line in one form, so that a log query can count the reasons. */
function count(options: TakeEventOptions, reason: IgnoreReason): void {
  options.logger.info(`Event ignored: ${reason}`);
}

/** A target of a type that Postern does not answer for is audited, once; later events find the record there. */
async function tellOfUnsupported(
  options: TakeEventOptions,
  targetIds: readonly string[],
  traceId: string | undefined,
): Promise<void> {
  const at = options.clock.now().toISOString();
  const reason = 'Postern does not answer for this type of target';
  const records = targetIds.map((id): AuditRecord => {
    const target = harmless(id);
    return {
      version: 1,
      id: `${digest(target.toLowerCase())}|ignored`,
      kind: 'ignored',
      at,
      target,
      reason,
      traceId,
    };
  });
  await options.audit.record(records);
}
