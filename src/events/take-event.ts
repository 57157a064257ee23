import type { AuditLog } from '../audit/audit-log';
import type { AuditRecord } from '../audit/audit-record';
import { lower } from '../base/compare';
import { addSeconds, type Clock, dayOf } from '../base/clock';
import { PosternError } from '../base/errors';
import type { Logger } from '../base/logger';
import { sanitize } from '../base/text';
import { parseResourceId } from '../connections/resource-id';
import { lookForSeconds } from '../review/queue/expectation';
import { type ReviewNow, settleSeconds } from '../review/queue/review-now';
import type { ReviewQueue, ReviewRequest } from '../review/queue/review-request';
import { digest } from '../review/records';
import type { Hint, IgnoreReason } from './hints';
import type { Answers } from './named-resource';
import { hintsFromEvent } from './read-event';

/** The ports of `createTakeEvent`. */
export interface TakeEventPorts {
  readonly reviews: ReviewQueue;
  /** Answers a request at once. */
  readonly reviewNow: ReviewNow;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tells which types of target are answered; events of others are counted and dropped. */
  readonly answers: Answers;
  /** Returns the object id of the app's identity, in lower case; `undefined` while it is not known. */
  readonly ownObjectId: () => string | undefined;
}

/** Handles one event. */
export type TakeEvent = (event: unknown, traceId: string | undefined) => Promise<void>;

/**
 * Creates the handler of events, which makes or queues the reviews that an event suggests. It rejects only
 * if storage fails, so that Event Grid delivers the event again. An event that cannot be understood
 * is logged and accepted, because no redelivery would improve it.
 */
export function createTakeEvent(ports: TakeEventPorts): TakeEvent {
  return async (event, statedTraceId) => {
    const traceId = plainTraceId(statedTraceId);
    const receivedAt = ports.clock.now();
    const reading = hintsFromEvent(event, { answers: ports.answers, ownObjectId: ports.ownObjectId() });
    switch (reading.kind) {
      case 'hints':
        await Promise.all(reading.hints.map((hint) => follow(ports, hint, { receivedAt, traceId })));
        return reportUnsupported(ports, reading.unsupportedTargetIds, traceId);
      case 'ignored':
        count(ports, reading.reason);
        return reportUnsupported(ports, reading.targetId === undefined ? [] : [reading.targetId], traceId);
      case 'malformed':
        ports.logger.warn(`Malformed event, accepted and dropped: ${sanitize(reading.problem)}`);
    }
  };
}

/**
 * How long after the event of an endpoint that is still being made its connection is looked for, in seconds. The request
 * usually takes as long to reach the target, whose own event is answered at once.
 */
const earlySeconds = 10;

/** Answers a hint at once if that can tell something new; otherwise queues it for later. */
async function follow(
  { reviews, reviewNow }: TakeEventPorts,
  hint: Hint,
  { receivedAt, traceId }: { readonly receivedAt: Date; readonly traceId: string | undefined },
): Promise<void> {
  const request = reviewRequestFrom(hint, receivedAt, traceId);
  if (hint.kind === 'endpoint') return reviews.put(request, settleSeconds);
  return hint.isEarly === true ? reviews.put(request, earlySeconds) : reviewNow(request);
}

/** Logs an ignored event in a fixed form, so that a log query can count the reasons. */
function count(ports: TakeEventPorts, reason: IgnoreReason): void {
  ports.logger.info(`Event ignored: ${reason}`);
}

/**
 * Records requests for connections to a target type that Postern does not support: once a day for
 * each type, with the first such target, in the ledger's partition for records without a target.
 * Events can be forged and types invented, so the record ids come from a bounded set per day and
 * cannot fill the ledger.
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
      reason: sanitize(
        `Postern does not support this type of target, or TARGET_TYPES leaves it out. The first one of the day: ${id}`,
      ),
      traceId,
    };
  });
  await ports.audit.record(records);
}

/**
 * The number of record ids per day, which is more than the number of types that have connections.
 */
const slotsOfDay = 1_000;

/**
 * Maps a type to a slot. Two types that share a slot on one day, and with it a record, hardly do so
 * on the next.
 */
function slotOf(type: string, day: string): number {
  return Number.parseInt(digest(`${day} ${lower(type)}`).slice(0, 8), 16) % slotsOfDay;
}

/**
 * Returns the resource type; `undefined` for text that is not an id, such as the alias of a private
 * link service.
 */
function typeOf(targetId: string): string | undefined {
  try {
    return parseResourceId(targetId).type;
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

/**
 * Matches trace ids: 32 hexadecimal digits in W3C's format. Any other text could come from anyone.
 */
const traceIdPattern = /^[\w-]{1,100}$/;

/** Builds the request for the review that a hint suggests. */
export function reviewRequestFrom(hint: Hint, receivedAt: Date, traceId: string | undefined): ReviewRequest {
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
}

/**
 * Returns the trace id if it is safe to record, else `undefined`. An invalid one is not worth an
 * error.
 */
export function plainTraceId(traceId: string | undefined): string | undefined {
  return traceId !== undefined && traceIdPattern.test(traceId) ? traceId : undefined;
}
