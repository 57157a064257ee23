import type { TableClient } from '@azure/data-tables';
import { parseFilter } from '../../../dev/explore/storage/table/filter';
import { OnDemand } from '../../../src/azure/storage/on-demand';
import { systemClock } from '../../../src/base/clock';

/** A row as the table service keeps it. */
export type CountedRow = Readonly<Record<string, unknown>> & {
  readonly partitionKey: string;
  readonly rowKey: string;
};

interface Query {
  readonly queryOptions?: { readonly filter?: string };
}

/** The most rows that the table service puts into one reply. */
const mostRows = 1_000;

/**
 * A table that counts what a query costs in Azure: one call for each reply, and each row that the service has to
 * examine. It has an index over partition key and row key only, so that it examines, in order, every row of
 * the range that these two name, whatever other columns a filter compares, until the reply is full.
 */
export class CountedTable {
  calls = 0;
  examined = 0;
  private readonly partitions = new Map<string, CountedRow[]>();

  /** Adds rows whose keys come in order. */
  fill(rows: readonly CountedRow[]): void {
    for (const row of rows) {
      const partition = this.partitions.get(row.partitionKey) ?? [];
      this.partitions.set(row.partitionKey, partition);
      partition.push(row);
    }
  }

  /** Runs `work` and returns what it has cost. */
  async costOf(work: () => Promise<unknown>): Promise<{ readonly calls: number; readonly examined: number }> {
    const { calls, examined } = this;
    await work();
    return { calls: this.calls - calls, examined: this.examined - examined };
  }

  /** Returns the table as adapters use it. */
  open(): OnDemand<TableClient> {
    const client = {
      listEntities: (query: Query) => ({ byPage: (page: object) => this.replies(query, page) }),
    };
    return new OnDemand<TableClient>({
      clock: systemClock,
      open: () => Promise.resolve(client as unknown as TableClient),
      create: () => Promise.resolve(),
      missingCode: 'TableNotFound',
    });
  }

  private async *replies(
    { queryOptions }: Query,
    { maxPageSize = mostRows, continuationToken }: { maxPageSize?: number; continuationToken?: string },
  ) {
    const filter = queryOptions?.filter ?? '';
    const { matches, partitionKey } = parseFilter(filter);
    if (partitionKey === undefined) throw new Error(`This query reads the whole table: ${filter}`);
    const rows = this.partitions.get(partitionKey) ?? [];
    const from = continuationToken ?? /RowKey gt '([^']+)'/.exec(filter)?.[1] ?? '';
    const reply: CountedRow[] = [];
    this.calls += 1;
    for (let at = firstAfter(rows, from); at < rows.length; at += 1) {
      const row = rows[at]!;
      this.examined += 1;
      if (matches(row as never)) reply.push(row);
      if (reply.length === Math.min(maxPageSize, mostRows)) break;
    }
    const last = reply.at(-1)?.rowKey;
    const hasMore = last !== undefined && firstAfter(rows, last) < rows.length;
    yield await Promise.resolve(Object.assign(reply, { continuationToken: hasMore ? last : undefined }));
  }
}

/** Returns the place of the first row whose key is greater, as the service finds it: without reading the others. */
function firstAfter(rows: readonly CountedRow[], key: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.rowKey > key) high = middle;
    else low = middle + 1;
  }
  return low;
}
