import * as z from '../../base/schema/schema';
import { addSeconds, type Clock } from '../../base/clock';
import { firstProblem, PosternError } from '../../base/errors';
import type { TargetId } from '../../connections/resource-id';

/**
 * A hint that a target should be reviewed. `endpoint`: the hint named only a requester's endpoint,
 * whose targets must be read from ARM first.
 */
export interface ReviewRequest {
  readonly version: 1;
  readonly kind: 'target' | 'endpoint';
  /** ARM id of the target or of the endpoint. */
  readonly id: string;
  /**
   * When the hint arrived. A review that began later has seen what the hint announced. ISO 8601.
   */
  readonly hintedAt: string;
  /**
   * Who asked, if that matters: connections first seen by the sweep were missed by events; a person
   * may request a retry, or may have answered what is held.
   */
  readonly origin?: 'sweep' | 'first sweep' | 'person' | 'answer' | undefined;
  /** The reason for the log: `event`, `sweep`, `next in line`, `retry` and others. */
  readonly because: string;
  /**
   * The connection that the hint announced: the endpoint's id, or `any` waiting connection. A
   * review that does not find it is repeated later, until `lookUntil`.
   */
  readonly expects?: string | undefined;
  readonly lookUntil?: string | undefined;
  /**
   * The time of the scheduled review that this message carries. The message is void if the target's
   * row names another time. ISO 8601.
   */
  readonly promisedAt?: string | undefined;
  /** How many times this hint has been requeued. */
  readonly attempt: number;
  readonly traceId?: string | undefined;
}

/** The reviews queue as the use cases see it. */
export interface ReviewQueue {
  /** Delivers `request` after `delaySeconds` (0 to 604,800). */
  put(request: ReviewRequest, delaySeconds: number): Promise<void>;
}

/** A request to review one target. */
export interface Ask {
  readonly target: TargetId;
  readonly because: string;
  readonly origin?: ReviewRequest['origin'];
  /** Default 0. */
  readonly delaySeconds?: number | undefined;
  readonly traceId: string | undefined;
}

/**
 * Queues a review of one target. `hintedAt` is the delivery time, so reviews that start earlier do
 * not satisfy this request.
 * @throws PosternError STORE_UNAVAILABLE
 */
export async function askForReview(
  { reviews, clock }: { readonly reviews: ReviewQueue; readonly clock: Clock },
  { target, delaySeconds = 0, ...why }: Ask,
): Promise<void> {
  const hintedAt = addSeconds(clock.now(), delaySeconds).toISOString();
  await reviews.put(
    { version: 1, kind: 'target', id: target.id, hintedAt, attempt: 0, ...why },
    delaySeconds,
  );
}

const schema = z.object({
  version: z.literal(1),
  kind: z.enum(['target', 'endpoint']),
  id: z.string().check(z.minLength(1), z.maxLength(2048)),
  hintedAt: z.iso.datetime({ offset: true }),
  origin: z.optional(z.enum(['sweep', 'first sweep', 'person', 'answer'])),
  because: z.string().check(z.maxLength(100)),
  expects: z.optional(z.string().check(z.maxLength(2048))),
  lookUntil: z.optional(z.iso.datetime({ offset: true })),
  promisedAt: z.optional(z.iso.datetime({ offset: true })),
  attempt: z.int().check(z.minimum(0)),
  /**
   * An invalid trace id may be any text and is not worth rejecting the message: it counts as
   * absent.
   */
  traceId: z.catch(z.optional(z.string().check(z.regex(/^[\w-]{1,100}$/))), undefined),
});

/**
 * Parses a message of the reviews queue.
 * @throws PosternError MESSAGE_INVALID that names the field.
 */
export function parseReviewRequest(message: unknown): ReviewRequest {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new PosternError('MESSAGE_INVALID', `reviews message: ${firstProblem(parsed.error)}`);
}

/**
 * Builds the request to queue again for `delaySeconds` later. `hintedAt` is the new delivery time:
 * a review that began before then has not seen what the request waits for.
 */
export function requeued(
  request: ReviewRequest,
  because: string,
  delaySeconds: number,
  now: Date,
): ReviewRequest {
  const hintedAt = addSeconds(now, delaySeconds).toISOString();
  return { ...request, because, hintedAt, attempt: request.attempt + 1 };
}
