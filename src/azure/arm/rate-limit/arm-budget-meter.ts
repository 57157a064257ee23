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
