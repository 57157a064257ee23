import type { TableClient } from '@azure/data-tables';
import * as z from '../../../base/schema/schema';
import type { CountedKind, LimitState, LimitStore } from '../../../review/limits/limit-store';
import type { OnDemand } from '../on-demand';
import { textColumns, textFrom } from './columns';
import { findRow, type Row, saveVersioned } from './query';
import { begunWritesSchema } from './schemas';
import { unreadableRow } from './connection-row';

/** The partition of limits, which no target has: theirs begin with `|`. */
const partitionKey = 'limits';

/** The write limits in the table of operations: a row for each kind, versions are ETags. */
export class TableLimitStore implements LimitStore {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async load(kind: CountedKind): Promise<LimitState> {
    const row = await findRow(this.table, { partitionKey, rowKey: kind });
    return row === undefined ? { begun: [], lifts: 0 } : stateFrom(row);
  }

  async save(kind: CountedKind, { begun, reachedAt, lifts, version }: LimitState): Promise<void> {
    const entity = {
      partitionKey,
      rowKey: kind,
      ...textColumns('begun', JSON.stringify(begun)),
      ...(reachedAt === undefined ? {} : { reachedAt }),
      lifts,
    };
    await saveVersioned(this.table, entity, { version, what: `the limit of ${kind}` });
  }
}

const columns = z.object({
  reachedAt: z.optional(z.iso.datetime({ offset: true })),
  lifts: z.int().check(z.minimum(0)),
  etag: z.string().check(z.minLength(1)),
});

function stateFrom(row: Row): LimitState {
  try {
    const { etag, ...rest } = columns.parse(row);
    const begun = begunWritesSchema.parse(JSON.parse(textFrom(row, 'begun') ?? ''));
    return { ...rest, begun, version: etag };
  } catch (error) {
    throw unreadableRow('operations', row, error);
  }
}
