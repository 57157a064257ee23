import type { TableClient } from '@azure/data-tables';
import type { PolicyMemory } from '../../../review/policy-in-force';
import { failureOf } from '../errors';
import type { OnDemand } from '../on-demand';

/** The row of the memory, beside the one of the journal of sweeps. */
const place = { partitionKey: 'sweep', rowKey: 'policy' } as const;

/** The version of the policy that was adopted last: one row, replaced with every version. */
export class TablePolicyMemory implements PolicyMemory {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async read(): Promise<string | undefined> {
    try {
      const { digest } = await this.table.use((client, options) =>
        client.getEntity(place.partitionKey, place.rowKey, options),
      );
      return typeof digest === 'string' ? digest : undefined;
    } catch (error) {
      if (failureOf(error).httpStatus === 404) return undefined;
      throw error;
    }
  }

  async write(digest: string): Promise<void> {
    await this.table.use((client, options) =>
      client.upsertEntity({ ...place, version: 1, digest }, 'Replace', options),
    );
  }
}
