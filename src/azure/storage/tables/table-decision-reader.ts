import type { TableClient } from '@azure/data-tables';
import type { AuditRecord } from '../../../audit/audit-record';
import type { ConnectionId } from '../../../connections/resource-id';
import { failureOf } from '../errors';
import type { OnDemand } from '../on-demand';
import { rowKeyFrom } from './table-keys';
import { ledgerPartition, recordFromRow } from './ledger-row';

/** Reads single decisions from the ledger's table. */
export class TableDecisionReader {
  constructor(private readonly table: OnDemand<TableClient>) {}

  /** The record with which a decision was made; `undefined` when the ledger has none. @throws PosternError STORE_UNREADABLE */
  async read({ target }: ConnectionId, decisionId: string): Promise<AuditRecord | undefined> {
    const partitionKey = ledgerPartition(target.id);
    const rowKey = rowKeyFrom(`${decisionId}|decided`);
    try {
      return recordFromRow(
        await this.table.use((client, options) => client.getEntity(partitionKey, rowKey, options)),
      );
    } catch (error) {
      if (failureOf(error).httpStatus === 404) return undefined;
      throw error;
    }
  }
}
