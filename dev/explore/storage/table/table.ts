import { compareText } from '../../../../src/base/compare';
import { type Refusal, tableError, transactionError } from '../errors';
import type { Ids } from '../ids';
import { columnsFrom, type Entity, type Fail, type StoredRow } from './entity';
import { parseFilter, type Filter } from './filter';

/** One write. Without an ETag an update or a deletion needs the row to exist, whatever its version. */
export type TableAction =
  | { readonly kind: 'insert'; readonly entity: Entity }
  | { readonly kind: 'update'; readonly entity: Entity; readonly mode: UpdateMode; readonly etag: string }
  | { readonly kind: 'upsert'; readonly entity: Entity; readonly mode: UpdateMode }
  | { readonly kind: 'delete'; readonly entity: Entity; readonly etag: string };

/** What became of a row. */
export type RowChange = 'inserted' | 'updated' | 'removed';

export type UpdateMode = 'Merge' | 'Replace';

export interface TableOptions {
  readonly ids: Ids;
  /**
   * Returns the most rows of the next page, from 0: the service may end any page early. Default: as asked
   * for.
   */
  readonly rowsPerPage?: (() => number) | undefined;
  /** Called with each row that is written, and with each that is removed. */
  readonly onRow?: (change: RowChange, row: StoredRow) => void;
}

export interface TableQuery {
  readonly filter?: string | undefined;
  /** The most rows of a page. Default, and at most: 1,000. */
  readonly top?: number | undefined;
  /** What the page before ended with. */
  readonly continuation?: string | undefined;
}

export interface TablePage {
  readonly rows: StoredRow[];
  /** Present when more rows match. */
  readonly continuation: string | undefined;
}

/** A planned change of one row; without `row` the row is removed. */
interface Change {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly row: StoredRow | undefined;
}

interface Partition {
  readonly rows: Map<string, StoredRow>;
  /** The row keys in order; built when a query needs them. */
  sortedKeys: readonly string[] | undefined;
}

const maxPageRows = 1_000;
const maxActions = 100;
const anyVersion = '*';

/** A table of a simulated storage account. */
export class SimulatedTable {
  private readonly partitions = new Map<string, Partition>();
  private sortedPartitions: readonly string[] | undefined;
  private isCreated = false;
  private changes = 0;

  constructor(private readonly options: TableOptions) {}

  /** The number of rows written or removed so far: as long as it stays, so do all rows. */
  get changeCount(): number {
    return this.changes;
  }

  /** Yields all rows, in no guaranteed order; none when the table does not exist. */
  *rows(): IterableIterator<StoredRow> {
    for (const { rows } of this.partitions.values()) yield* rows.values();
  }

  /** Yields the rows of a partition, in no guaranteed order. */
  *rowsOf(partitionKey: string): IterableIterator<StoredRow> {
    yield* this.partitions.get(partitionKey)?.rows.values() ?? [];
  }

  /** Creates the table. Returns whether it was missing. */
  create(): boolean {
    const wasMissing = !this.isCreated;
    this.isCreated = true;
    return wasMissing;
  }

  /** Returns a row. @throws RestError TableNotFound or ResourceNotFound */
  get(partitionKey: string, rowKey: string): StoredRow {
    if (!this.isCreated) throw tableError(noTable);
    const row = this.find(partitionKey, rowKey);
    if (row === undefined) throw tableError(noRow);
    return row;
  }

  /** Carries out one write. Returns the row's new version, if it is still there. @throws RestError */
  write(action: TableAction): string | undefined {
    const change = this.plan(action, tableError);
    this.apply(change);
    return change.row?.etag;
  }

  /**
   * Carries out all writes or none. They belong to one partition, as the SDK has checked. Returns the rows'
   * new versions. @throws RestError with the index of the first action that was refused.
   */
  transaction(actions: readonly TableAction[]): (string | undefined)[] {
    if (actions.length > maxActions) throw transactionError(0, tooManyActions);
    const changes: Change[] = [];
    const rowKeys = new Set<string>();
    for (const [index, action] of actions.entries()) {
      const fail = (refusal: Refusal): Error => transactionError(index, refusal);
      if (rowKeys.has(action.entity.rowKey)) throw fail(duplicateRow);
      rowKeys.add(action.entity.rowKey);
      changes.push(this.plan(action, fail));
    }
    for (const change of changes) this.apply(change);
    return changes.map(({ row }) => row?.etag);
  }

  /** Returns a page of the rows that match, by partition key and row key. @throws RestError */
  query({ filter: text, top = maxPageRows, continuation }: TableQuery): TablePage {
    if (!this.isCreated) throw tableError(noTable);
    const filter = parseFilter(text);
    const limit = Math.min(top, maxPageRows, this.options.rowsPerPage?.() ?? maxPageRows);
    const rows: StoredRow[] = [];
    for (const row of this.inOrder(filter, placeFrom(continuation))) {
      if (!filter.matches(row)) continue;
      if (rows.length === limit) return { rows, continuation: continuationAt(row) };
      rows.push(row);
    }
    return { rows, continuation: undefined };
  }

  private find(partitionKey: string, rowKey: string): StoredRow | undefined {
    return this.partitions.get(partitionKey)?.rows.get(rowKey);
  }

  /** Works out what a write changes. @throws RestError built by `fail`, when the service would refuse it. */
  private plan(action: TableAction, fail: Fail): Change {
    const { partitionKey, rowKey } = action.entity;
    const columns = action.kind === 'delete' ? {} : columnsFrom(action.entity, fail);
    if (!this.isCreated) throw fail(noTable);
    const present = this.find(partitionKey, rowKey);
    if (action.kind === 'insert' && present !== undefined) throw fail(rowExists);
    if (action.kind === 'update' || action.kind === 'delete') checkVersion(present, action.etag, fail);
    if (action.kind === 'delete') return { partitionKey, rowKey, row: undefined };
    const isMerge = action.kind !== 'insert' && action.mode === 'Merge';
    const timestamp = this.options.ids.timestamp();
    const etag = `W/"datetime'${timestamp.replaceAll(':', '%3A')}'"`;
    const row = { ...(isMerge ? present : undefined), ...columns, partitionKey, rowKey, etag, timestamp };
    return { partitionKey, rowKey, row };
  }

  private apply({ partitionKey, rowKey, row }: Change): void {
    this.changes += 1;
    let partition = this.partitions.get(partitionKey);
    if (row === undefined) {
      const removed = partition?.rows.get(rowKey);
      partition?.rows.delete(rowKey);
      if (removed !== undefined) this.options.onRow?.('removed', removed);
      if (partition?.rows.size === 0) {
        this.partitions.delete(partitionKey);
        this.sortedPartitions = undefined;
      } else if (partition !== undefined) partition.sortedKeys = undefined;
      return;
    }
    if (partition === undefined) {
      partition = { rows: new Map(), sortedKeys: undefined };
      this.partitions.set(partitionKey, partition);
      this.sortedPartitions = undefined;
    }
    const isNew = !partition.rows.has(rowKey);
    if (isNew) partition.sortedKeys = undefined;
    partition.rows.set(rowKey, row);
    this.options.onRow?.(isNew ? 'inserted' : 'updated', row);
  }

  /** Yields the rows from `place` on that may match. */
  private *inOrder({ partitionKey }: Filter, place: Place | undefined): IterableIterator<StoredRow> {
    this.sortedPartitions ??= [...this.partitions.keys()].sort(compareText);
    const partitionKeys = partitionKey === undefined ? this.sortedPartitions : [partitionKey];
    for (const key of partitionKeys) {
      if (place !== undefined && key < place.partitionKey) continue;
      const partition = this.partitions.get(key);
      if (partition === undefined) continue;
      const from = place?.partitionKey === key ? place.rowKey : '';
      partition.sortedKeys ??= [...partition.rows.keys()].sort(compareText);
      for (const rowKey of partition.sortedKeys) {
        const row = rowKey < from ? undefined : partition.rows.get(rowKey);
        if (row !== undefined) yield row;
      }
    }
  }
}

interface Place {
  readonly partitionKey: string;
  readonly rowKey: string;
}

function continuationAt({ partitionKey, rowKey }: StoredRow): string {
  return JSON.stringify({ partitionKey, rowKey });
}

function placeFrom(continuation: string | undefined): Place | undefined {
  return continuation === undefined ? undefined : (JSON.parse(continuation) as Place);
}

function checkVersion(present: StoredRow | undefined, etag: string, fail: Fail): void {
  if (present === undefined) throw fail(noRow);
  if (etag !== anyVersion && etag !== present.etag) throw fail(otherVersion);
}

const noTable: Refusal = {
  status: 404,
  code: 'TableNotFound',
  message: 'The table specified does not exist.',
};
const noRow: Refusal = {
  status: 404,
  code: 'ResourceNotFound',
  message: 'The specified resource does not exist.',
};
const rowExists: Refusal = {
  status: 409,
  code: 'EntityAlreadyExists',
  message: 'The specified entity already exists.',
};
const otherVersion: Refusal = {
  status: 412,
  code: 'UpdateConditionNotSatisfied',
  message: 'The update condition specified in the request was not satisfied.',
};
const duplicateRow: Refusal = {
  status: 400,
  code: 'InvalidDuplicateRow',
  message: 'A command with this row key is already present in the batch.',
};
const tooManyActions: Refusal = {
  status: 400,
  code: 'InvalidInput',
  message: 'The batch request operation exceeds the maximum 100 changes per change set.',
};
