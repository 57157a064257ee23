import type { TableClient } from '@azure/data-tables';
import type { Ledger } from '../../../audit/audit-log';
import type { AuditRecord } from '../../../audit/audit-record';
import { contradicted } from '../../../audit/same-record';
import { hasCode, PosternError } from '../../../base/errors';
import type { ConnectionId } from '../../../connections/resource-id';
import { describeFailure, failureOf } from '../errors';
import type { OnDemand } from '../on-demand';
import { rowKeyFrom } from './columns';
import { entityFromRecord, type LedgerEntity, ledgerPartition, recordFromRow } from './ledger-row';
import { findRow, literal, queryRows, type Row, splitIntoTransactions } from './query';

interface Appended {
  readonly record: AuditRecord;
  readonly entity: LedgerEntity;
}

/** The maximum number of concurrent single inserts, after a transaction failed on existing records. */
const insertsAtOnce = 10;

/** The ledger in Table Storage: a partition per target, a row per record. Rows are only ever inserted. */
export class TableLedger implements Ledger {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async append(records: readonly AuditRecord[]): Promise<readonly AuditRecord[]> {
    try {
      const appended: AuditRecord[] = [];
      for (const partition of byPartition(records)) appended.push(...(await this.appendTo(partition)));
      return appended;
    } catch (error) {
      const reason = error instanceof PosternError ? error.message : describeFailure(error);
      throw new PosternError('LEDGER_UNAVAILABLE', `the ledger did not accept the records: ${reason}`, {
        cause: error,
      });
    }
  }

  /**
   * Yields the records of one target, or all of them, in no guaranteed order. @throws PosternError
   * STORE_UNREADABLE that names the row.
   */
  async *read(target?: string): AsyncIterable<AuditRecord> {
    const filter = target === undefined ? undefined : `PartitionKey eq ${literal(ledgerPartition(target))}`;
    for await (const row of queryRows(this.table, filter)) yield recordFromRow(row);
  }

  /** Reads at most `most` records of one connection, in no guaranteed order. @throws PosternError STORE_UNREADABLE */
  async readConnection({ id, target }: ConnectionId, most: number): Promise<readonly AuditRecord[]> {
    const filter = `PartitionKey eq ${literal(ledgerPartition(target.id))} and connection eq ${literal(id)}`;
    const records: AuditRecord[] = [];
    for await (const row of queryRows(this.table, filter)) {
      if (records.length === most) break;
      records.push(recordFromRow(row));
    }
    return records;
  }

  /**
   * Yields the decisions of all targets since an instant, in no guaranteed order. Reads the whole table: it is for people.
   * A row that cannot be read is reported, and left out.
   */
  async *decidedSince(since: Date, onUnreadable: (problem: string) => void): AsyncIterable<AuditRecord> {
    const filter = `kind eq 'decided' and at ge ${literal(since.toISOString())}`;
    for await (const row of queryRows(this.table, filter)) {
      const record = readable(row, onUnreadable);
      if (record !== undefined) yield record;
    }
  }

  private async appendTo(partition: readonly Appended[]): Promise<readonly AuditRecord[]> {
    const fresh: AuditRecord[] = [];
    let taken = 0;
    const actions = partition.map(({ entity }) => ['create', entity] satisfies ['create', LedgerEntity]);
    for (const transaction of splitIntoTransactions(actions)) {
      const part = partition.slice(taken, taken + transaction.length);
      taken += transaction.length;
      fresh.push(...(await this.insertAll(part)));
    }
    return fresh;
  }

  private async insertAll(part: readonly Appended[]): Promise<readonly AuditRecord[]> {
    if (part.length === 1) return await this.insertOneByOne(part);
    try {
      await this.table.use((client, options) =>
        client.submitTransaction(
          part.map(({ entity }) => ['create', entity]),
          options,
        ),
      );
      return part.map(({ record }) => record);
    } catch (error) {
      if (!isThereAlready(error)) throw error;
      return await this.insertOneByOne(part);
    }
  }

  private async insertOneByOne(part: readonly Appended[]): Promise<readonly AuditRecord[]> {
    const fresh: AuditRecord[] = [];
    for (let start = 0; start < part.length; start += insertsAtOnce) {
      const group = part.slice(start, start + insertsAtOnce);
      const inserted = await Promise.all(group.map((appended) => this.insert(appended)));
      fresh.push(...inserted.filter((record) => record !== undefined));
    }
    return fresh;
  }

  /**
   * Inserts one record. Resolves to the record to report: the record itself if it was new, or a marked one if
   * a different record has its id.
   */
  private async insert({ record, entity }: Appended): Promise<AuditRecord | undefined> {
    try {
      await this.table.use((client, options) => client.createEntity(entity, options));
      return record;
    } catch (error) {
      if (!isThereAlready(error)) throw error;
      return contradicted(record, await this.held(entity));
    }
  }

  private async held({ partitionKey, rowKey }: LedgerEntity): Promise<AuditRecord | undefined> {
    const row: Row = await this.table.use((client, options) =>
      client.getEntity(partitionKey, rowKey, options),
    );
    try {
      return recordFromRow(row);
    } catch (error) {
      if (hasCode(error, 'STORE_UNREADABLE')) return undefined;
      throw error;
    }
  }
}

function readable(row: Row, onUnreadable: (problem: string) => void): AuditRecord | undefined {
  try {
    return recordFromRow(row);
  } catch (error) {
    if (!hasCode(error, 'STORE_UNREADABLE')) throw error;
    onUnreadable(error.message);
    return undefined;
  }
}

/** Groups records by partition. Of records with the same id the first counts. */
function byPartition(records: readonly AuditRecord[]): readonly (readonly Appended[])[] {
  const partitions = new Map<string, Map<string, Appended>>();
  for (const record of records) {
    const entity = entityFromRecord(record);
    const rows = partitions.get(entity.partitionKey) ?? new Map<string, Appended>();
    partitions.set(entity.partitionKey, rows);
    if (!rows.has(entity.rowKey)) rows.set(entity.rowKey, { record, entity });
  }
  return [...partitions.values()].map((rows) => [...rows.values()]);
}

function isThereAlready(error: unknown): boolean {
  return failureOf(error).code === 'EntityAlreadyExists';
}

/** Reads single decisions from the ledger's table. */
export class TableDecisionReader {
  constructor(private readonly table: OnDemand<TableClient>) {}

  /**
   * Reads the record of a decision; `undefined` when the ledger has none. @throws PosternError
   * STORE_UNREADABLE
   */
  async read({ target }: ConnectionId, decisionId: string): Promise<AuditRecord | undefined> {
    const partitionKey = ledgerPartition(target.id);
    const rowKey = rowKeyFrom(`${decisionId}|decided`);
    const row = await findRow(this.table, { partitionKey, rowKey });
    return row && recordFromRow(row);
  }
}
