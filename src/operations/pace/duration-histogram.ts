/**
 * How long operations of one kind took: weights over fixed buckets, each an eighth of an octave wide
 * (9 %), from 1 s to 2 h. A histogram has a fixed size, adds up and can forget, which no list of past
 * durations and no running quantile (P²) can.
 */
export interface DurationHistogram {
  /** The weight of each bucket, by its number; buckets without weight are left out. */
  readonly weights: ReadonlyMap<number, number>;
}

/**
 * What the polls of one operation have shown of its duration, in seconds after its write: it still
 * ran after `from` and had ended by `to`.
 */
export interface Observation {
  readonly from: number;
  readonly to: number;
}

const bucketsPerOctave = 8;
/** The first bucket holds everything up to one second, the last one everything above two hours. */
export const bucketCount = 105;

/**
 * The share of their weight that earlier operations keep with each new one: after eleven new ones,
 * they are half of what is known.
 */
const kept = 15 / 16;

/** The most weight that a histogram can reach by learning: 1 + 15/16 + (15/16)² + … */
export const mostWeight = 1 / (1 - kept);

/** Knows of no operation. */
export const emptyHistogram: DurationHistogram = { weights: new Map() };

/**
 * Makes a histogram of buckets with their weights. Weights of one bucket add up; a total above what
 * can be learned is reduced to it, so that no row outweighs what comes after it.
 */
export function histogramFrom(
  entries: Iterable<readonly [bucket: number, weight: number]>,
): DurationHistogram {
  const weights = new Map<number, number>();
  for (const [bucket, weight] of entries) add(weights, bucket, weight);
  const total = sum([...weights.values()]);
  const factor = total > mostWeight ? mostWeight / total : 1;
  return { weights: new Map([...weights].map(([bucket, weight]) => [bucket, weight * factor])) };
}

/** Adds one operation and lets the earlier ones fade. Pure. */
export function withObservation(histogram: DurationHistogram, observation: Observation): DurationHistogram {
  const weights = new Map<number, number>();
  for (const [bucket, weight] of histogram.weights) add(weights, bucket, weight * kept);
  for (const [bucket, weight] of spread(histogram, observation)) add(weights, bucket, weight);
  return { weights: new Map([...weights].filter(([, weight]) => weight >= leastWeight)) };
}

/** What is smaller than this is forgotten. */
const leastWeight = 1 / 1024;

/**
 * Spreads the weight of one operation over the buckets in which it may have ended: most of it as the
 * earlier operations ended there, the rest evenly. Without the first part, nothing narrower than the
 * polls would ever be known; without the second, a provider that turns fast would never be noticed,
 * because each poll at the usual time would confirm the usual time.
 */
function spread({ weights }: DurationHistogram, { from, to }: Observation): ReadonlyMap<number, number> {
  const first = bucketOf(from);
  const buckets = Array.from({ length: bucketOf(to) - first + 1 }, (_, index) => first + index);
  const shares = buckets.map((bucket) => shareOf(bucket, { from, to }));
  const all = sum(shares);
  const earlier = buckets.map((bucket, index) => (weights.get(bucket) ?? 0) * (shares[index] ?? 0));
  const allEarlier = sum(earlier);
  return new Map(
    buckets.map((bucket, index) => {
      const even = (shares[index] ?? 0) / all;
      const alike = allEarlier > 0 ? (earlier[index] ?? 0) / allEarlier : even;
      return [bucket, evenShare * even + (1 - evenShare) * alike];
    }),
  );
}

const evenShare = 1 / 4;

/** Computes which share of a bucket lies in the observed span; never zero. */
function shareOf(bucket: number, { from, to }: Observation): number {
  const [low, high] = [lowerEnd(bucket), lowerEnd(bucket + 1)];
  return Math.max(0.01, (Math.min(high, to) - Math.max(low, from)) / (high - low));
}

/**
 * Computes `count` equally likely durations in ascending order, in seconds; none if nothing is known.
 * Each stands for one of as many equal parts of all operations.
 */
export function likelyDurations({ weights }: DurationHistogram, count: number): readonly number[] {
  const buckets = [...weights].sort(([one], [other]) => one - other);
  const total = sum(buckets.map(([, weight]) => weight));
  const durations: number[] = [];
  let below = 0;
  for (const [bucket, weight] of buckets) {
    while (durations.length < count) {
      const part = ((durations.length + partShare) / count) * total;
      if (part > below + weight) break;
      durations.push(interpolated(bucket, (part - below) / weight));
    }
    below += weight;
  }
  return durations;
}

/**
 * Which duration stands for a part: one above its middle, because a poll that comes a little late costs
 * less than one that comes a little early.
 */
const partShare = 0.8;

function interpolated(bucket: number, share: number): number {
  const low = lowerEnd(bucket);
  return Math.round((low + (lowerEnd(bucket + 1) - low) * share) * 10) / 10;
}

/** Returns the number of the bucket that holds a duration, in seconds. */
export function bucketOf(seconds: number): number {
  if (!(seconds > 1)) return 0;
  return Math.min(bucketCount - 1, 1 + Math.floor(Math.log2(seconds) * bucketsPerOctave));
}

/** Returns the shortest duration of a bucket, in seconds. */
function lowerEnd(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** ((bucket - 1) / bucketsPerOctave);
}

function add(weights: Map<number, number>, bucket: number, weight: number): void {
  weights.set(bucket, (weights.get(bucket) ?? 0) + weight);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
