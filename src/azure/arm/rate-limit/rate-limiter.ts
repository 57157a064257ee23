import type { Clock } from '../../../base/clock';
import { ArmError, PosternError } from '../../../base/errors';
import type { FailedReply } from '../errors';
import type { ArmMethod } from '../rbac-action';
import { addMeter, type Bucket, type Block, holdOf, newBucket, take, type Urgency } from './bucket';
import { type RequestContext, learnFrom } from './learn';
import { armLimitsOf, armScopeOf, defaultReserveShare } from './limits';

export interface RateLimiterOptions {
  readonly clock: Clock;
  /** The share of the buckets that all identities of a subscription share, that is left to others. Default 0.25. */
  readonly reserveShare?: number | undefined;
  /** Scopes that are remembered; the ones not used for longest are forgotten first. Default 10,000. */
  readonly maxScopes?: number | undefined;
}

export interface BudgetedRequest {
  readonly method: ArmMethod;
  readonly url: string;
  /** Default `usual`. */
  readonly urgency?: Urgency | undefined;
}

/**
 * What Postern may still ask of ARM, for each subscription and class of operation; learned from ARM's replies. It never
 * waits: what must not go now is thrown out with the time to come back. One for each process.
 */
export interface RateLimiter {
  /** @throws ArmError ARM_THROTTLED with `retryAfterSeconds` (and no `httpStatus`): nothing must be sent. */
  acquire(request: BudgetedRequest): Permit;
}

/** One request on its way. */
export interface Permit {
  /** A reply came, of any status. */
  learn(reply: FailedReply): void;
  /** It is over, with or without a reply. May be called again. */
  leave(): void;
}

/** @throws PosternError CONFIG_INVALID for a share that is not from 0 to 0.95. */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { clock, reserveShare = defaultReserveShare, maxScopes = 10_000 } = options;
  if (!(reserveShare >= 0 && reserveShare <= 0.95)) {
    throw new PosternError('CONFIG_INVALID', 'The share of ARM that is left to others is from 0 to 0.95');
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

/** While both want more than there is, one poll goes for so many other requests. */
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
  const message = `Not sent, to leave ARM to others: of the ${scope.operationClass} of ${where}, ${hold.why}`;
  return new ArmError('ARM_THROTTLED', message, { retryAfterSeconds });
}

interface InLine {
  readonly urgency: Urgency;
  readonly nowMs: number;
  /** How long the one who is next must wait. */
  readonly waitMs: number;
  readonly stepMs: number;
}

const longestLineMs = 5 * 60 * 1000;
/** As `Retry-After` counts for at most. */
const longestWaitMs = 60 * 60 * 1000;

/** Those who are sent away do not all come back in the same second, but one after the other, as tokens do. */
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
