import type { WriteEffect } from '../../connections/connection-store';
import type { WriteKind } from './duration-store';
import table from './duration-table.json';
import {
  bucketOf,
  type DurationHistogram,
  emptyHistogram,
  histogramFrom,
  likelyDurations,
  type Observation,
  withObservation,
} from './duration-histogram';

/** One recorded operation. */
export interface RecordedOperation extends Observation {
  readonly type: string;
  readonly effect: WriteEffect;
  /** When it was recorded: a year, or a date. */
  readonly recorded: string;
}

/** Equally likely durations in seconds, by type in lower case and effect. */
export type DurationTable = Readonly<Record<string, Partial<Record<WriteEffect, readonly number[]>>>>;

/** The number of equally likely durations by which polls are chosen. */
export const durationCount = 12;

/** Makes the table that is shipped. Pure. */
export function tableOf(operations: readonly RecordedOperation[]): DurationTable {
  const table: Record<string, Partial<Record<WriteEffect, readonly number[]>>> = {};
  for (const { type, effect } of operations) {
    const same = operations.filter((each) => each.type === type && each.effect === effect);
    const row = (table[type.toLowerCase()] ??= {});
    row[effect] ??= likelyDurations(histogramOf(same), durationCount);
  }
  return table;
}

/**
 * Learns recorded operations, each of them several times: which of the spans that overlap hold the
 * ends shows only once all are known.
 */
export function histogramOf(observations: readonly Observation[]): DurationHistogram {
  let histogram = emptyHistogram;
  for (let round = 0; round < rounds; round += 1) {
    for (const observation of observations) histogram = withObservation(histogram, observation);
  }
  return histogram;
}

const rounds = 4;

/**
 * Returns equally likely durations of a kind of write as they were recorded in Azure, in ascending
 * order, in seconds; empty if none was recorded. An approval and a rejection stand for each other.
 */
export function recordedDurations({ type, effect }: WriteKind): readonly number[] {
  const row = (table as DurationTable)[type.toLowerCase()] ?? {};
  const other = { approve: row.reject, reject: row.approve, delete: undefined }[effect];
  return row[effect] ?? other ?? [];
}

/** Returns the recorded durations as the start of what is learned: they count as four operations. */
export function recordedHistogram(kind: WriteKind): DurationHistogram {
  const durations = recordedDurations(kind);
  return histogramFrom(
    durations.map((duration) => [bucketOf(duration), recordedWeight / durations.length] as const),
  );
}

const recordedWeight = 4;
