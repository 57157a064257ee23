import type { TableClient } from '@azure/data-tables';
import * as z from '../../../base/schema/schema';
import { isGuid } from '../../../base/guid';
import type { TenantMemory, TenantReading } from '../../../review/facts/tenants';
import type { OnDemand } from '../on-demand';
import { findRow, literal, queryRows, removeRow } from './query';

/** The partition of all readings; a row for each subscription. */
const partitionKey = 'tenants';
/** The most rows that are forgotten at once. */
const mostForgotten = 1_000;

const readingSchema = z.object({
  tenantId: z.string().check(z.refine(isGuid), z.toLowerCase()),
  readAt: z.iso.datetime({ offset: true }),
});

/** What ARM told about the tenants of subscriptions: small rows, which the sweep removes when they are old. */
export class TableTenantMemory implements TenantMemory {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async load(subscriptionId: string): Promise<TenantReading | undefined> {
    // A row that cannot be read is as good as none: ARM is asked again, and the row replaced.
    return readingSchema.safeParse(await findRow(this.table, { partitionKey, rowKey: subscriptionId })).data;
  }

  async save(subscriptionId: string, { tenantId, readAt }: TenantReading): Promise<void> {
    const row = { partitionKey, rowKey: subscriptionId, version: 1, tenantId, readAt };
    await this.table.use((client, options) => client.upsertEntity(row, 'Replace', options));
  }

  async forgetBefore(instant: Date): Promise<void> {
    const isOld = `readAt lt ${literal(instant.toISOString())}`;
    let left = mostForgotten;
    for await (const { rowKey } of queryRows(
      this.table,
      `PartitionKey eq ${literal(partitionKey)} and ${isOld}`,
    )) {
      if (left === 0 || rowKey === undefined) return;
      left -= 1;
      await removeRow(this.table, { partitionKey, rowKey });
    }
  }
}
