import type { TableClient } from '@azure/data-tables';
import * as z from '../../../base/schema/schema';
import { targetTypeFrom } from '../../../connections/target-type';
import {
  bucketCount,
  type DurationHistogram,
  histogramFrom,
} from '../../../operations/pace/duration-histogram';
import {
  type DurationStore,
  kindKey,
  type LearnedDurations,
  type WriteKind,
} from '../../../operations/pace/duration-store';
import type { OnDemand } from '../on-demand';
import { literal, queryRows, type Row, saveVersioned } from './query';

/** The partition of learned durations, which no target has: theirs begin with `|`. */
const partitionKey = 'durations';

/** How long writes took, in the table of operations: a row for each kind of write, versions are ETags. */
export class TableDurationStore implements DurationStore {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async load(): Promise<readonly LearnedDurations[]> {
    const all: LearnedDurations[] = [];
    for await (const row of queryRows(this.table, `PartitionKey eq ${literal(partitionKey)}`)) {
      const learned = learnedFrom(row);
      if (learned !== undefined) all.push(learned);
    }
    return all;
  }

  async save({ kind, histogram, version }: LearnedDurations): Promise<string | undefined> {
    const weights = [...histogram.weights].map(([bucket, weight]) => [bucket, rounded(weight)]);
    const entity = {
      partitionKey,
      rowKey: rowKeyOf(kind),
      version: 1,
      weights: JSON.stringify(weights),
    };
    return saveVersioned(this.table, entity, { version, what: `the durations of ${rowKeyOf(kind)}` });
  }
}

/** Returns a key without the slash of a type, which row keys may not hold. */
function rowKeyOf(kind: WriteKind): string {
  return kindKey(kind).replaceAll('/', '|');
}

function rounded(weight: number): number {
  return Math.round(weight * 10_000) / 10_000;
}

const columns = z.object({
  version: z.literal(1),
  weights: z.string().check(z.maxLength(10_000)),
});

const weightsSchema = z
  .array(z.tuple([z.int().check(z.nonnegative(), z.lt(bucketCount)), z.number().check(z.positive())]))
  .check(z.maxLength(bucketCount));

/** Reads a row; `undefined` if it belongs to no kind of write that is known. */
function learnedFrom(row: Row): LearnedDurations | undefined {
  const words = row.rowKey?.split('|') ?? [];
  const effect = effects.find((each) => each === words.at(-1));
  const type = targetTypeFrom(words.slice(0, -1).join('/'));
  if (type === undefined || effect === undefined) return undefined;
  return { kind: { type, effect }, histogram: histogramOf(row), version: row.etag };
}

const effects = ['approve', 'reject', 'delete'] as const;

/** Reads the weights. What cannot be read counts as nothing, and the next save replaces it. */
function histogramOf(row: Row): DurationHistogram {
  const { data } = columns.safeParse(row);
  const weights = weightsSchema.safeParse(data && jsonFrom(data.weights)).data;
  return histogramFrom(weights ?? []);
}

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
