import * as z from 'zod';
import { addSeconds, type Clock } from '../../base/clock';
import { firstProblem, PosternError } from '../../base/errors';
import type { TargetId } from '../../connections/resource-id';

/**
 * A hint that a target is worth reading. `endpoint`: the hint named only a requester's endpoint; its targets must be
 * read from ARM first.
 */
export interface ReviewRequest {
  readonly version: 1;
  readonly kind: 'target' | 'endpoint';
  /** ARM id of the target or of the endpoint. */
  readonly id: string;
  /** When the hint arrived. A review that began later has seen what it hinted at. ISO 8601. */
  readonly hintedAt: string;
  /** Who asked, where that makes a difference: what the sweep sees first, events had not told; a person may ask again. */
  readonly origin?: 'sweep' | 'first sweep' | 'person' | undefined;
  /** Why: `event`, `sweep`, `next in line`, `lock`, `retry` … for the log. */
  readonly because: string;
  /**
   * What a new request would look like, when the hint announced one: the endpoint's id, or `any` connection that
   * waits. If the review does not find it, it looks again later, until `lookUntil`.
   */
  readonly expects?: string | undefined;
  readonly lookUntil?: string | undefined;
  /** It stands for the look that the target's row promises for this instant; another instant there: it is void. ISO 8601. */
  readonly promisedAt?: string | undefined;
  /** How often this hint has been put back. */
  readonly attempt: number;
  readonly traceId?: string | undefined;
}

/** The reviews queue, as the use cases see it. */
export interface ReviewQueue {
  /** Delivers `request` after `delaySeconds` (0 to 604,800). */
  put(request: ReviewRequest, delaySeconds: number): Promise<void>;
}

export interface Ask {
  readonly target: TargetId;
  readonly because: string;
  readonly origin?: ReviewRequest['origin'];
  /** Default 0. */
  readonly delaySeconds?: number | undefined;
  readonly traceId: string | undefined;
}

/** Asks for a review of one target. The hint counts from when it comes: what is reviewed before does not answer it. */
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
  id: z.string().min(1).max(2048),
  hintedAt: z.iso.datetime({ offset: true }),
  origin: z.enum(['sweep', 'first sweep', 'person']).optional(),
  because: z.string().max(100),
  expects: z.string().max(2048).optional(),
  lookUntil: z.iso.datetime({ offset: true }).optional(),
  promisedAt: z.iso.datetime({ offset: true }).optional(),
  attempt: z.int().min(0),
  /** A bad one is anybody's text, and not worth a message: it counts as absent. */
  traceId: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional()
    .catch(undefined),
});

/** @throws PosternError MESSAGE_INVALID that names the field. */
export function parseReviewRequest(message: unknown): ReviewRequest {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new PosternError('MESSAGE_INVALID', `reviews message: ${firstProblem(parsed.error)}`);
}

/**
 * The same request, to be put back for `delaySeconds` later. Its hint counts from when it comes again: a review that
 * began before then has not seen what it waits for.
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
