import type { AuditLog } from '../audit/audit-log';
import type { AuditRecord } from '../audit/audit-record';
import { lower } from '../base/ascii-case';
import { addSeconds, type Clock, dayOf } from '../base/clock';
import { PosternError } from '../base/errors';
import type { Logger } from '../base/logger';
import { sanitize } from '../base/text';
import { parseResourceId } from '../connections/resource-id';
import { lookForSeconds } from '../review/queue/expectation';
import type { ReviewQueue, ReviewRequest } from '../review/queue/review-request';
import { digest } from '../review/records';
import type { Hint, IgnoreReason } from './hints';
import { hintsFromEvent } from './read-event';

export interface TakeEventPorts {
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

export function createTakeEvent(ports: TakeEventPorts): TakeEvent {
  return async (event, statedTraceId) => {
    const traceId = plainTraceId(statedTraceId);
    const receivedAt = ports.clock.now();
    const reading = hintsFromEvent(event);
    switch (reading.kind) {
      case 'hints':
        for (const request of reviewRequestsFrom(reading.hints, receivedAt, traceId)) {
          await ports.reviews.put(request, settleSeconds);
        }
        return reportUnsupported(ports, reading.unsupportedTargetIds, traceId);
      case 'ignored':
        count(ports, reading.reason);
        return reportUnsupported(ports, reading.targetId === undefined ? [] : [reading.targetId], traceId);
      case 'malformed':
        ports.logger.warn(`Malformed event, accepted and dropped: ${sanitize(reading.problem)}`);
    }
  };
}

/** One line in one form, so that a log query can count the reasons. */
function count(ports: TakeEventPorts, reason: IgnoreReason): void {
  ports.logger.info(`Event ignored: ${reason}`);
}

/**
 * That somebody asks for connections to a type of target that Postern does not answer for is audited once a day for each
 * type, with the first such target; all in the ledger's partition of records without a target. Events can be forged, and
 * types invented: the ids of these records are from a bounded set for each day, so that they cannot fill the ledger.
 */
async function reportUnsupported(
  ports: TakeEventPorts,
  targetIds: readonly string[],
  traceId: string | undefined,
): Promise<void> {
  const at = ports.clock.now().toISOString();
  const records = targetIds.map((id): AuditRecord => {
    const type = typeOf(id);
    return {
      version: 1,
      id: `unsupported-type-${slotOf(type ?? '', dayOf(at))}|ignored|${dayOf(at)}`,
      kind: 'ignored',
      at,
      target: '',
      targetType: type === undefined ? undefined : sanitize(type),
      reason: sanitize(`Postern does not answer for this type of target. The first of the day: ${id}`),
      traceId,
    };
  });
  await ports.audit.record(records);
}

/** More than all types that have connections. */
const slotsOfDay = 1_000;

/** Two types that share a slot on one day, and with it a record, hardly do so on the next. */
function slotOf(type: string, day: string): number {
  return Number.parseInt(digest(`${day} ${lower(type)}`).slice(0, 8), 16) % slotsOfDay;
}

/** `undefined` for what is no id: an alias of somebody's own service. */
function typeOf(targetId: string): string | undefined {
  try {
    return parseResourceId(targetId).type;
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

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
