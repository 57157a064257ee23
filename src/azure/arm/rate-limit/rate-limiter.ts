import type { Clock } from '../../../base/clock';
import { ArmError, PosternError } from '../../../base/errors';
import type { FailedReply } from '../errors';
import type { ArmMethod } from '../rbac-action';
import { addMeter, type Bucket, type Block, holdOf, newBucket, take, type Urgency } from './bucket';
import { type RequestContext, learnFrom } from './learn';
import { armLimitsOf, armScopeOf, defaultReserveShare, type OperationClass } from './limits';

export interface RateLimiterOptions {
  readonly clock: Clock;
  /**
   * The share to leave to others of the buckets that all identities of a subscription share. Default 0.25.
   */
  readonly reserveShare?: number | undefined;
  /** The maximum number of remembered scopes; the least recently used are forgotten. Default 10,000. */
  readonly maxScopes?: number | undefined;
}

export interface BudgetedRequest {
  readonly method: ArmMethod;
  readonly url: string;
  /** Default `usual`. */
  readonly urgency?: Urgency | undefined;
}

/**
 * Limits the requests to ARM by subscription and class of operation, and learns from ARM's replies. It never
 * waits: a request that must not go now is refused with the time to come back. One for each process.
 */
export interface RateLimiter {
  /**
   * Admits a request. @throws ArmError ARM_THROTTLED with `retryAfterSeconds` (and no `httpStatus`) when it
   * must not be sent now.
   */
  acquire(request: BudgetedRequest): Permit;
}

/** The permission to send one request. */
export interface Permit {
  /** Learns from the reply, whatever its status. */
  learn(reply: FailedReply): void;
  /** Ends the request, with or without a reply. May be called again. */
  leave(): void;
}

/**
 * Creates the rate limiter. @throws PosternError CONFIG_INVALID for a `reserveShare` that is not from 0 to
 * 0.95.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { clock, reserveShare = defaultReserveShare, maxScopes = 10_000 } = options;
  if (!(reserveShare >= 0 && reserveShare <= 0.95)) {
    throw new PosternError('CONFIG_INVALID', 'The share of ARM to leave to others must be from 0 to 0.95');
  }
  const remembered = new Map<string, Bucket>();
  let order = 0;

  function bucketOf(key: string): Bucket {
    const bucket = remembered.get(key) ?? newBucket();
    remembered.delete(key);
    remembered.set(key, bucket);
    const [oldest] = remembered.keys();
    if (remembered.size > maxScopes && oldest !== undefined) remembered.delete(oldest);
    return bucket;
  }

  return {
    acquire({ method, url, urgency = 'usual' }) {
      const scope = armScopeOf(method, url);
      const limits = armLimitsOf(scope.operationClass, reserveShare);
      const key = `${scope.subscriptionId ?? 'tenant'}|${scope.operationClass}`;
      const asked = { scope, limits, main: bucketOf(key), provider: bucketOf(`${key}|${scope.provider}`) };
      const nowMs = clock.monotonicMs();
      admit(asked, urgency, nowMs);
      order += 1;
      return permitFor(clock, asked, order);
    },
  };
}

/** The number of other requests for each poll, while there is not enough for both. */
const othersForOnePoll = 4;
const mostPollCredit = 5;

function admit(asked: RequestContext, urgency: Urgency, nowMs: number): void {
  const { main, provider, limits } = asked;
  const buckets = [main, provider];
  if (!main.meters.has('own pace')) addMeter(main, 'own pace', limits.localPace, nowMs);
  const hold = holdOf(buckets, urgency, nowMs);
  if (hold !== undefined) {
    const hasCredit = urgency === 'poll' && main.pollCredit >= 1;
    if (!hasCredit || holdOf(buckets, 'usual', nowMs) !== undefined)
      throw refusal(asked, hold, urgency, nowMs);
    main.pollCredit -= 1;
  } else if (urgency === 'usual') {
    main.pollCredit = Math.min(mostPollCredit, main.pollCredit + 1 / othersForOnePoll);
  }
  for (const bucket of buckets) take(bucket, nowMs);
}

function refusal({ scope, limits }: RequestContext, hold: Block, urgency: Urgency, nowMs: number): ArmError {
  const stepMs = 1000 / (hold.refillPerSecond ?? limits.own().refillPerSecond);
  const at = placeInLine(hold.bucket, { urgency, nowMs, waitMs: hold.waitMs, stepMs });
  const retryAfterSeconds = Math.max(1, Math.ceil((at - nowMs) / 1000));
  const where = scope.subscriptionId === undefined ? 'the tenant' : `subscription ${scope.subscriptionId}`;
  const message = `Request not sent: ${reasonOf(hold, scope.operationClass, where)}`;
  return new ArmError('ARM_THROTTLED', message, { retryAfterSeconds });
}

function reasonOf({ remaining }: Block, operationClass: OperationClass, where: string): string {
  if (remaining === undefined) return `ARM has throttled the ${operationClass} of ${where} (429)`;
  const { name, level, size } = remaining;
  return `only ${level} of ${size} ${operationClass} remain for ${where} (${name})`;
}

interface InLine {
  readonly urgency: Urgency;
  readonly nowMs: number;
  /** The wait of the next caller. */
  readonly waitMs: number;
  readonly stepMs: number;
}

const longestLineMs = 5 * 60 * 1000;
/** The longest wait, as for `Retry-After`. */
const longestWaitMs = 60 * 60 * 1000;

/**
 * Returns the instant at which a refused caller may come back: callers return one after the other, at the
 * rate of the refill.
 */
function placeInLine({ nextSlotMs }: Bucket, { urgency, nowMs, waitMs, stepMs }: InLine): number {
  const earliestMs = nowMs + waitMs;
  const inTurn = Math.max(earliestMs, nextSlotMs[urgency] + stepMs);
  const place = Math.max(earliestMs, Math.min(inTurn, earliestMs + longestLineMs, nowMs + longestWaitMs));
  nextSlotMs[urgency] = place;
  return place;
}

function permitFor(clock: Clock, asked: RequestContext, order: number): Permit {
  const buckets = [asked.main, asked.provider];
  let left = false;
  const leave = (): void => {
    if (!left) for (const bucket of buckets) bucket.inFlight -= 1;
    left = true;
  };
  return {
    leave,
    learn(reply) {
      leave();
      learnFrom(asked, reply, { order, clock });
    },
  };
}
