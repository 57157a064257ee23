import type { Clock } from '../../../base/clock';
import type { FailedReply } from '../errors';
import { readArmError } from '../refusal/error-body';
import { retryAfterSecondsFrom } from '../retry-after';
import { type Bucket, learn } from './bucket';
import type { ArmLimits, ArmScope } from './limits';
import { type Readings, readingsFrom } from './reply-headers';

/** The scope, limits and buckets of one request. */
export interface RequestContext {
  readonly scope: ArmScope;
  readonly limits: ArmLimits;
  /** The bucket of ARM itself. */
  readonly main: Bucket;
  /** The bucket of the resource provider. */
  readonly provider: Bucket;
}

/**
 * Learns the remaining requests from a reply of any status. The `order`-th request is no longer in flight.
 */
export function learnFrom(
  asked: RequestContext,
  reply: FailedReply,
  { order, clock }: { readonly order: number; readonly clock: Clock },
): void {
  const instant = { isLatest: order > asked.main.lastSequence, nowMs: clock.monotonicMs() };
  const readings = readingsFrom(reply.headers, asked.scope);
  asked.main.lastSequence = Math.max(asked.main.lastSequence, order);
  learnIdentityBucket(asked, readings, instant);
  learnShared(asked, readings, instant);
  if (reply.httpStatus === 429)
    learnRefusal(asked, reply, { clock, isIdentityBucketKnown: readings.own !== undefined });
}

interface Instant {
  readonly isLatest: boolean;
  readonly nowMs: number;
}

const hourlyLastsMs = 3600 * 1000;

/**
 * Detects which scheme ARM uses. A remaining count above the bucket size means hourly counting; assume that
 * until an hour has passed without such a value. A count for all identities exists with buckets only.
 */
function learnIdentityBucket(
  { main, limits }: RequestContext,
  { own, global }: Readings,
  { isLatest, nowMs }: Instant,
): void {
  if (global !== undefined) main.hourlyUntilMs = -Infinity;
  else if (own !== undefined && own > limits.ownSize) main.hourlyUntilMs = nowMs + hourlyLastsMs;
  const isHourly = nowMs < main.hourlyUntilMs;
  if (!isHourly) main.meters.delete(byTheHour);
  if (own === undefined) return;
  const name = isHourly ? byTheHour : identityBucket;
  const most = mostSeen(main, name, own);
  learn(main, { name, spec: isHourly ? limits.hourly(most) : limits.own(most), left: own, isLatest }, nowMs);
}

const identityBucket = 'own';
const byTheHour = 'own, by the hour';

/** Returns the largest level seen so far, including the request that was just answered, which took one. */
function mostSeen({ meters }: Bucket, name: string, left: number): number {
  return Math.max(left + 1, meters.get(name)?.spec.size ?? 0);
}

function learnShared(
  { main, provider, limits }: RequestContext,
  readings: Readings,
  { isLatest, nowMs }: Instant,
): void {
  if (readings.global !== undefined) {
    learn(main, { name: 'all identities', spec: limits.global, left: readings.global, isLatest }, nowMs);
  }
  for (const { name, left, windowSeconds } of readings.counters) {
    if (!provider.meters.has(name) && provider.meters.size >= maxCounters) continue;
    const most = mostSeen(provider, name, left);
    learn(provider, { name, spec: limits.counter(most, windowSeconds), left, isLatest }, nowMs);
  }
  if (readings.quotaBackInSeconds !== undefined) {
    provider.blockedUntilMs = later(provider, nowMs + readings.quotaBackInSeconds * 1000);
  }
}

/** The maximum number of meters, so that headers cannot make memory grow. */
const maxCounters = 16;

/** The codes of a lock on one resource, sent with 429, which does not concern other requests. */
const lockPattern = /^(?:Retryable|ReferencedResourceNotProvisioned)/i;

/**
 * Blocks the refusing scope for the time that ARM names, an hour at most. A provider's own limit blocks only
 * requests to that provider, and so does a refusal that does not say whose it is. When ARM's gateway names no
 * count, its bucket is assumed empty.
 */
function learnRefusal(
  { scope, main, provider, limits }: RequestContext,
  reply: FailedReply,
  { clock, isIdentityBucketKnown }: { readonly clock: Clock; readonly isIdentityBucketKnown: boolean },
): void {
  const code = readArmError(reply.body).code ?? '';
  if (lockPattern.test(code)) return;
  const isGateways = code === '' ? scope.provider === undefined : gatewayPattern.test(code);
  const nowMs = clock.monotonicMs();
  const seconds = retryAfterSecondsFrom(reply.headers, clock);
  const bucket = isGateways ? main : provider;
  if (seconds !== undefined) bucket.blockedUntilMs = later(bucket, nowMs + seconds * 1000);
  if (!isGateways || isIdentityBucketKnown || nowMs < main.hourlyUntilMs) return;
  learn(main, { name: identityBucket, spec: limits.own(), left: 0, isLatest: true }, nowMs);
}

const gatewayPattern = /^(?:Subscription|Tenant)RequestsThrottled$/i;

function later({ blockedUntilMs }: Bucket, untilMs: number): number {
  return Math.max(blockedUntilMs, untilMs);
}
