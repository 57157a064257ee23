/** The state of one counted scope. Mutable; belongs to one rate limiter. */
export interface Bucket {
  readonly meters: Map<string, Meter>;
  /** Nothing is sent before this instant, because ARM answered 429. */
  blockedUntilMs: number;
  /** Until this instant ARM is known to count by the hour here. */
  hourlyUntilMs: number;
  /** The number of requests that have no reply yet. */
  inFlight: number;
  /** The number of the latest request whose reply was learned from. */
  lastSequence: number;
  /** The number of polls that may go although they use the reserve of other requests. */
  pollCredit: number;
  /** Earliest time given to the last rejected caller, so that the next one is scheduled after it. */
  readonly nextSlotMs: Record<Urgency, number>;
}

/** A reason why a request must wait. */
export interface Block {
  /** The bucket that has no room. */
  readonly bucket: Bucket;
  readonly waitMs: number;
  /** The refill rate; absent when everything comes back at once. */
  readonly refillPerSecond: number | undefined;
  /** The meter that is too low; absent when ARM has answered 429. */
  readonly remaining: { readonly name: string; readonly level: number; readonly size: number } | undefined;
}

/** Creates the bucket of a scope that nothing is known about. */
export function newBucket(): Bucket {
  return {
    meters: new Map(),
    blockedUntilMs: -Infinity,
    hourlyUntilMs: -Infinity,
    inFlight: 0,
    lastSequence: 0,
    pollCredit: 0,
    nextSlotMs: { poll: -Infinity, usual: -Infinity },
  };
}

/** Returns the block with the longest wait, or `undefined` when the request may go. */
export function holdOf(buckets: readonly Bucket[], urgency: Urgency, nowMs: number): Block | undefined {
  return buckets
    .flatMap((bucket) => [...blockOf(bucket, nowMs), ...holdsOf(bucket, urgency, nowMs)])
    .reduce<Block | undefined>(
      (longest, hold) => (hold.waitMs > (longest?.waitMs ?? 0) ? hold : longest),
      undefined,
    );
}

function blockOf(bucket: Bucket, nowMs: number): readonly Block[] {
  const waitMs = bucket.blockedUntilMs - nowMs;
  return waitMs > 0 ? [{ bucket, waitMs, refillPerSecond: undefined, remaining: undefined }] : [];
}

function holdsOf(bucket: Bucket, urgency: Urgency, nowMs: number): readonly Block[] {
  return [...bucket.meters].map(([name, meter]) => {
    const { size, refillPerSecond } = meter.spec;
    const remaining = { name, level: Math.floor(levelOf(meter, nowMs)), size };
    return { bucket, waitMs: waitMsOf(meter, urgency, nowMs), refillPerSecond, remaining };
  });
}

/** Counts a request that is about to be sent. */
export function take(bucket: Bucket, nowMs: number): void {
  bucket.inFlight += 1;
  for (const [name, meter] of bucket.meters) bucket.meters.set(name, afterTaking(meter, nowMs));
}

export interface Reading {
  readonly name: string;
  readonly spec: MeterSpec;
  readonly left: number;
  /** Whether this is the latest reply so far: an older one may only lower the level. */
  readonly isLatest: boolean;
}

/**
 * Takes over ARM's count, less the requests sent since. Call after the reply's own request is no longer in
 * flight.
 */
export function learn(bucket: Bucket, { name, spec, left, isLatest }: Reading, nowMs: number): void {
  const known = bucket.meters.get(name);
  const level = left - bucket.inFlight;
  const capped = isLatest || known === undefined ? level : Math.min(level, levelOf(known, nowMs));
  bucket.meters.set(name, meterAt(spec, capped, nowMs));
}

/** Adds a meter that starts full, whatever headers say. */
export function addMeter(bucket: Bucket, name: string, spec: MeterSpec, nowMs: number): void {
  bucket.meters.set(name, fullMeter(spec, nowMs));
}

/**
 * The priority of a request. A poll can wait, because its operation is in progress anyway; behind any other
 * request somebody waits for an answer.
 */
export type Urgency = 'poll' | 'usual';

/** A token bucket, one token a request, that refills steadily. */
export interface MeterSpec {
  readonly size: number;
  readonly refillPerSecond: number;
  /** The share of `size`, from 0 to 1, that is never used. */
  readonly reserve: number;
}

/** The known level of such a bucket at one instant of `Clock.monotonicMs`. Immutable. */
export interface Meter {
  readonly spec: MeterSpec;
  readonly level: number;
  readonly atMs: number;
}

/** Creates a full meter. */
export function fullMeter(spec: MeterSpec, nowMs: number): Meter {
  return { spec, level: spec.size, atMs: nowMs };
}

/** Creates a meter with a known level; more than the bucket holds counts as full. */
export function meterAt(spec: MeterSpec, level: number, nowMs: number): Meter {
  return { spec, level: Math.min(spec.size, Math.max(0, level)), atMs: nowMs };
}

/** Returns the present level: the last known one, and what has been refilled since. */
export function levelOf({ spec, level, atMs }: Meter, nowMs: number): number {
  return Math.min(spec.size, level + (Math.max(0, nowMs - atMs) / 1000) * spec.refillPerSecond);
}

/** Returns the meter after one token is taken. */
export function afterTaking(meter: Meter, nowMs: number): Meter {
  return meterAt(meter.spec, levelOf(meter, nowMs) - 1, nowMs);
}

/** Returns the milliseconds until one token may be taken; 0 when it may be taken now. */
export function waitMsOf(meter: Meter, urgency: Urgency, nowMs: number): number {
  const { size, refillPerSecond } = meter.spec;
  const kept = size * meter.spec.reserve + (urgency === 'poll' ? keptFromPolls(meter.spec) : 0);
  // A bucket that is full lets one through, however small it is.
  const missing = Math.min(size, 1 + kept) - levelOf(meter, nowMs);
  return missing <= tolerance ? 0 : (missing / refillPerSecond) * 1000;
}

/**
 * Returns the tokens that polls leave to other requests: half of what is above the reserve, but no more than
 * 30 seconds of refill, so that a poll never waits longer than that for their sake alone.
 */
function keptFromPolls({ size, refillPerSecond, reserve }: MeterSpec): number {
  return Math.min((size * (1 - reserve)) / 2, refillPerSecond * 30);
}

/** The tolerance of comparisons: sums of fractions are not exact. */
const tolerance = 1e-6;
