/** Everything that is known of one counted scope. Changes in place; belongs to one budget. */
export interface Bucket {
  readonly meters: Map<string, Meter>;
  /** ARM said 429: nothing is sent before this instant. */
  blockedUntilMs: number;
  /** While this lasts, ARM is known to count by the hour here. */
  hourlyUntilMs: number;
  /** Requests without a reply, as yet. */
  inFlight: number;
  /** The latest request whose reply was learned from. */
  lastSequence: number;
  /** Polls that may go although their reserve is touched. */
  pollCredit: number;
  /** When the last one that was sent away is to come back. */
  readonly nextSlotMs: Record<Urgency, number>;
}

/** Why a request may not go now. */
export interface Block {
  /** The one that holds it. */
  readonly bucket: Bucket;
  readonly waitMs: number;
  /** How fast what is missing comes back; absent when all of it comes at once. */
  readonly refillPerSecond: number | undefined;
  readonly why: string;
}

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

/** What holds a request longest; `undefined` when nothing does. */
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
  return waitMs > 0
    ? [{ bucket, waitMs, refillPerSecond: undefined, why: 'ARM asked for patience (429)' }]
    : [];
}

function holdsOf(bucket: Bucket, urgency: Urgency, nowMs: number): readonly Block[] {
  return [...bucket.meters].map(([name, meter]) => {
    const { size, refillPerSecond } = meter.spec;
    const why = `${Math.floor(levelOf(meter, nowMs))} of ${size} are left (${name})`;
    return { bucket, waitMs: waitMsOf(meter, urgency, nowMs), refillPerSecond, why };
  });
}

/** One request leaves. */
export function take(bucket: Bucket, nowMs: number): void {
  bucket.inFlight += 1;
  for (const [name, meter] of bucket.meters) bucket.meters.set(name, afterTaking(meter, nowMs));
}

export interface Reading {
  readonly name: string;
  readonly spec: MeterSpec;
  readonly left: number;
  /** Whether no later request's reply has been learned from: an older one may only lower the level. */
  readonly isLatest: boolean;
}

/** ARM's count is the truth, less what has left since. Call after the reply's own request is no longer in flight. */
export function learn(bucket: Bucket, { name, spec, left, isLatest }: Reading, nowMs: number): void {
  const known = bucket.meters.get(name);
  const level = left - bucket.inFlight;
  const capped = isLatest || known === undefined ? level : Math.min(level, levelOf(known, nowMs));
  bucket.meters.set(name, meterAt(spec, capped, nowMs));
}

/** A meter that counts from full whatever headers say. */
export function addMeter(bucket: Bucket, name: string, spec: MeterSpec, nowMs: number): void {
  bucket.meters.set(name, fullMeter(spec, nowMs));
}

/** Who asks. A poll can wait: what it watches is under way already. Everything else is somebody waiting for an answer. */
export type Urgency = 'poll' | 'usual';

/** A bucket of tokens, one for each request, that refills steadily. */
export interface MeterSpec {
  readonly size: number;
  readonly refillPerSecond: number;
  /** The share of `size`, from 0 to 1, that is left alone. */
  readonly reserve: number;
}

/** What is known of such a bucket from here: its level at one instant of `Clock.monotonicMs`. Immutable. */
export interface Meter {
  readonly spec: MeterSpec;
  readonly level: number;
  readonly atMs: number;
}

export function fullMeter(spec: MeterSpec, nowMs: number): Meter {
  return { spec, level: spec.size, atMs: nowMs };
}

/** A meter that was read; more than the bucket holds is a full bucket. */
export function meterAt(spec: MeterSpec, level: number, nowMs: number): Meter {
  return { spec, level: Math.min(spec.size, Math.max(0, level)), atMs: nowMs };
}

/** The level now: what was left, and what has come back since. */
export function levelOf({ spec, level, atMs }: Meter, nowMs: number): number {
  return Math.min(spec.size, level + (Math.max(0, nowMs - atMs) / 1000) * spec.refillPerSecond);
}

export function afterTaking(meter: Meter, nowMs: number): Meter {
  return meterAt(meter.spec, levelOf(meter, nowMs) - 1, nowMs);
}

/** Milliseconds until one token may be taken; 0 when it may be taken now. */
export function waitMsOf(meter: Meter, urgency: Urgency, nowMs: number): number {
  const { size, refillPerSecond } = meter.spec;
  const kept = size * meter.spec.reserve + (urgency === 'poll' ? keptFromPolls(meter.spec) : 0);
  // A bucket that is full lets one through, however small it is.
  const missing = Math.min(size, 1 + kept) - levelOf(meter, nowMs);
  return missing <= tolerance ? 0 : (missing / refillPerSecond) * 1000;
}

/**
 * Half of what is above the reserve is kept for those who wait, but no more than comes back in half a minute: a poll
 * never waits longer than that for their sake alone.
 */
function keptFromPolls({ size, refillPerSecond, reserve }: MeterSpec): number {
  return Math.min((size * (1 - reserve)) / 2, refillPerSecond * 30);
}

/** Sums of fractions are not exact. */
const tolerance = 1e-6;
