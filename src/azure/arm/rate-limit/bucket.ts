import {
  afterTaking,
  fullMeter,
  levelOf,
  meterAt,
  waitMsOf,
  type Meter,
  type MeterSpec,
  type Urgency,
} from './arm-budget-meter';

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
  newest: number;
  /** Polls that may go although their reserve is touched. */
  pollCredit: number;
  /** When the last one that was sent away is to come back. */
  readonly lines: Record<Urgency, number>;
}

/** Why a request may not go now. */
export interface Hold {
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
    newest: 0,
    pollCredit: 0,
    lines: { poll: -Infinity, usual: -Infinity },
  };
}

/** What holds a request longest; `undefined` when nothing does. */
export function holdOf(buckets: readonly Bucket[], urgency: Urgency, nowMs: number): Hold | undefined {
  return buckets
    .flatMap((bucket) => [...blockOf(bucket, nowMs), ...holdsOf(bucket, urgency, nowMs)])
    .reduce<Hold | undefined>(
      (longest, hold) => (hold.waitMs > (longest?.waitMs ?? 0) ? hold : longest),
      undefined,
    );
}

function blockOf(bucket: Bucket, nowMs: number): readonly Hold[] {
  const waitMs = bucket.blockedUntilMs - nowMs;
  return waitMs > 0
    ? [{ bucket, waitMs, refillPerSecond: undefined, why: 'ARM asked for patience (429)' }]
    : [];
}

function holdsOf(bucket: Bucket, urgency: Urgency, nowMs: number): readonly Hold[] {
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

export interface Told {
  readonly name: string;
  readonly spec: MeterSpec;
  readonly left: number;
  /** Whether no later request's reply has been learned from: an older one may only lower the level. */
  readonly isNewest: boolean;
}

/** ARM's count is the truth, less what has left since. Call after the reply's own request is no longer in flight. */
export function learn(bucket: Bucket, { name, spec, left, isNewest }: Told, nowMs: number): void {
  const known = bucket.meters.get(name);
  const level = left - bucket.inFlight;
  const capped = isNewest || known === undefined ? level : Math.min(level, levelOf(known, nowMs));
  bucket.meters.set(name, meterAt(spec, capped, nowMs));
}

/** A meter that counts from full whatever headers say. */
export function addMeter(bucket: Bucket, name: string, spec: MeterSpec, nowMs: number): void {
  bucket.meters.set(name, fullMeter(spec, nowMs));
}
